-- Ids that a later answer of the server lacked: deleted by somebody else. A file does not bring them back; the server may.
CREATE TABLE gone (
    peer INTEGER NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (peer, id)
) WITHOUT ROWID;

-- A message without an id is found again by its bytes.
DROP INDEX messages_without_id;
CREATE INDEX messages_without_id ON messages (peer, raw) WHERE id = 0;

-- `form` has 8 added where `raw` is packed with zstd; 4 stays what formats 2 and 3 packed, and is read. What is here
-- already is packed anew little by little.
INSERT OR REPLACE INTO facts (key, value) SELECT 'repack', '-1' WHERE EXISTS (SELECT 1 FROM messages);
