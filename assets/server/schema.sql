-- The sandbox server's data. One file per server; times are milliseconds since 1970; message ids fit 63 bits.

CREATE TABLE user (
    id        TEXT PRIMARY KEY,
    uuid      TEXT NOT NULL,
    password  BLOB NOT NULL,              -- SHA-256 of uuid and password
    created   INTEGER NOT NULL,
    modified  INTEGER NOT NULL,
    profile   TEXT NOT NULL DEFAULT '{}'  -- nickname, avatarurl, ... as one JSON object
) WITHOUT ROWID;

CREATE TABLE token (
    digest   BLOB PRIMARY KEY,            -- SHA-256 of the token
    owner    TEXT,                        -- NULL for an app token
    expires  INTEGER                      -- NULL for never
) WITHOUT ROWID;

CREATE TABLE room (                       -- groups and chat rooms
    id           TEXT PRIMARY KEY,
    kind         TEXT NOT NULL,           -- 'group' or 'room'
    name         TEXT NOT NULL,
    description  TEXT NOT NULL DEFAULT '',
    owner        TEXT NOT NULL,
    created      INTEGER NOT NULL,
    settings     TEXT NOT NULL DEFAULT '{}'
) WITHOUT ROWID;

CREATE TABLE member (
    room    TEXT NOT NULL,
    user    TEXT NOT NULL,
    joined  INTEGER NOT NULL,
    PRIMARY KEY (room, user)
) WITHOUT ROWID;
CREATE INDEX member_of ON member (user, room);

CREATE TABLE contact (
    owner   TEXT NOT NULL,
    user    TEXT NOT NULL,
    remark  TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (owner, user)
) WITHOUT ROWID;

-- Where messages run: between two users (a < b), or within a group or room (a is its id, b is '').
CREATE TABLE channel (
    key   INTEGER PRIMARY KEY,
    kind  TEXT NOT NULL,                  -- 'single', 'group', 'room'
    a     TEXT NOT NULL,
    b     TEXT NOT NULL,
    UNIQUE (kind, a, b)
);
CREATE INDEX channel_b ON channel (b);

CREATE TABLE message (
    id       INTEGER PRIMARY KEY,
    channel  INTEGER NOT NULL,
    time     INTEGER NOT NULL,            -- an imported message's is older than its id says
    sender   TEXT NOT NULL,
    device   TEXT NOT NULL DEFAULT '',    -- the sender's resource
    kind     TEXT NOT NULL,               -- txt, img, ...: the words of the history filter
    body     BLOB NOT NULL,               -- MessageBody, as the sender encoded it
    facts    TEXT,                        -- MessageBody.meta: reactions aside, what the server knows of it
    archived INTEGER NOT NULL DEFAULT 1   -- in the hourly history files
);
CREATE INDEX message_order ON message (channel, time, id);
CREATE INDEX message_time ON message (time);

-- One-way deletion: what an owner does not see any more.
CREATE TABLE hidden (
    owner    TEXT NOT NULL,
    message  INTEGER NOT NULL,
    PRIMARY KEY (owner, message)
) WITHOUT ROWID;
CREATE TABLE cleared (                    -- everything at or before (time, id) is gone for the owner
    owner    TEXT NOT NULL,
    channel  INTEGER NOT NULL,
    time     INTEGER NOT NULL,
    id       INTEGER NOT NULL,
    PRIMARY KEY (owner, channel)
) WITHOUT ROWID;

-- One owner's entry in the conversation list.
CREATE TABLE conversation (
    owner      TEXT NOT NULL,
    channel    INTEGER NOT NULL,
    unread     INTEGER NOT NULL DEFAULT 0,
    last       INTEGER,                   -- newest message the owner can see; NULL for none
    active     INTEGER NOT NULL,          -- time of the newest message, for order and eviction
    listed     INTEGER NOT NULL DEFAULT 1,
    pinned_at  INTEGER,
    created    INTEGER NOT NULL,
    PRIMARY KEY (owner, channel)
) WITHOUT ROWID;
CREATE INDEX conversation_order ON conversation (owner, active);

CREATE TABLE mark (
    owner    TEXT NOT NULL,
    channel  INTEGER NOT NULL,
    mark     INTEGER NOT NULL,
    PRIMARY KEY (owner, channel, mark)
) WITHOUT ROWID;

CREATE TABLE reaction (
    message   INTEGER NOT NULL,
    reaction  TEXT NOT NULL,
    user      TEXT NOT NULL,
    time      INTEGER NOT NULL,
    PRIMARY KEY (message, reaction, user)
) WITHOUT ROWID;

CREATE TABLE pin (
    channel   INTEGER NOT NULL,
    message   INTEGER NOT NULL,
    operator  TEXT NOT NULL,
    time      INTEGER NOT NULL,
    PRIMARY KEY (channel, message)
) WITHOUT ROWID;

CREATE TABLE file (
    uuid        TEXT PRIMARY KEY,
    secret      TEXT NOT NULL,
    restricted  INTEGER NOT NULL,
    name        TEXT NOT NULL,
    type        TEXT NOT NULL,
    bytes       BLOB NOT NULL,
    thumbnail   BLOB
);

-- What devices have still to get, oldest first. device '' waits for the owner's next sign-in.
CREATE TABLE queue (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    owner    TEXT NOT NULL,
    device   TEXT NOT NULL,
    message  INTEGER,                     -- the message it carries: goes when that is recalled
    meta     BLOB NOT NULL
);
CREATE INDEX queue_of ON queue (owner, device, seq);
CREATE INDEX queue_message ON queue (message);

CREATE TABLE fact (                       -- app key, app uuid, client id, client secret, format
    name   TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) WITHOUT ROWID;
