-- Raw bytes may be packed: `form` has 4 added then, and `raw` is deflate with the dictionary of the archive.
-- What is here already stays as it is and is packed little by little: `repack` is the key that was reached.
INSERT INTO facts (key, value) SELECT 'repack', '-1' WHERE EXISTS (SELECT 1 FROM messages);
