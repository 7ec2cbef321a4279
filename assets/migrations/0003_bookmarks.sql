-- Letters that stand for messages, so that a person can go back to them. A bookmark goes with its message when the
-- server has deleted that; it may stand for a message that is not here.
CREATE TABLE bookmarks (
    letter TEXT PRIMARY KEY,          -- a to z
    peer INTEGER NOT NULL,
    id INTEGER NOT NULL,              -- the unsigned number's bits; never 0
    time INTEGER NOT NULL             -- ms when the message was sent
) WITHOUT ROWID;
