-- The archive of one account: what a server has shown, kept after it forgets.
-- Columns hold only what orders and filters; everything else is read from the raw bytes.

-- Whose archive it is (`owner`), and what is known of the server (`served_since`).
CREATE TABLE facts (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE peers (
    peer INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,            -- 0 single, 1 group, 2 room
    id TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',    -- nickname or group name, as received
    served_from INTEGER,              -- ms of the oldest message at the last look at the server's end; NULL before
    deleted_through INTEGER NOT NULL DEFAULT 0, -- ms up to which everything was deleted one way
    opened INTEGER NOT NULL DEFAULT 0, -- ms when it was on the screen last
    UNIQUE (kind, id)
);

CREATE TABLE senders (
    sender INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL DEFAULT ''     -- nickname, as received
);

-- key = server time in ms << 20 | counter. The counter follows the low bits of the id, so that it seldom collides.
CREATE TABLE messages (
    key INTEGER PRIMARY KEY,
    peer INTEGER NOT NULL,
    id INTEGER NOT NULL,              -- the unsigned number's bits; 0 where it could not be read
    sender INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    form INTEGER NOT NULL,            -- what the raw bytes are: 0 protobuf Meta, 1 JSON, 2 neither
    raw BLOB NOT NULL
);
CREATE INDEX messages_of_peer ON messages (peer);
CREATE INDEX messages_without_id ON messages (peer) WHERE id = 0;
CREATE UNIQUE INDEX messages_by_id ON messages (peer, id) WHERE id <> 0;

-- Whole milliseconds of which every message the server had is here. Ranges of a peer neither overlap nor touch.
CREATE TABLE coverage (
    peer INTEGER NOT NULL,
    first INTEGER NOT NULL,           -- ms, inclusive; 0 where the server's end was reached
    last INTEGER NOT NULL,            -- ms, inclusive
    older TEXT,                       -- the cursor that goes on towards the past; NULL at the server's end
    newer TEXT,                       -- the cursor that goes on towards the present
    verified INTEGER NOT NULL,        -- ms when the server was asked last
    PRIMARY KEY (peer, first)
) WITHOUT ROWID;

-- Ids deleted one way: a late page or another program cannot bring them back.
CREATE TABLE tombstones (
    peer INTEGER NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (peer, id)
) WITHOUT ROWID;

-- The conversation list as it came last.
CREATE TABLE conversations (
    place INTEGER PRIMARY KEY,
    peer INTEGER NOT NULL UNIQUE,
    unread INTEGER NOT NULL,
    pinned INTEGER NOT NULL,
    pinned_at INTEGER,
    marks INTEGER NOT NULL,           -- bit n is mark_n
    form INTEGER,
    raw BLOB                          -- the latest message; NULL where there is none
);

-- The words of messages, one column of tokens that are made anew from the raw bytes whenever a row leaves it.
CREATE VIRTUAL TABLE search USING fts5(words, content = 'messages', content_rowid = 'key', tokenize = 'ascii', detail = 'full');
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
INSERT INTO search (search, rank) VALUES ('hashsize', 8388608);

-- Runs of messages that the index does not hold yet: every row of the peer from one key to the other.
CREATE TABLE unindexed (
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    peer INTEGER NOT NULL,
    PRIMARY KEY (first, last, peer)
) WITHOUT ROWID;
