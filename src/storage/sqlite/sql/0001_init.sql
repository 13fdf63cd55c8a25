-- The first schema. Times are milliseconds since 1970, ids are 12 bytes. What can be derived (seen, unread,
-- the chat's latest message) has no column. Tables keyed by their own values have no rowid: a chat's messages
-- lie side by side, in the order in which they are read.

CREATE TABLE users (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 12),
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    email TEXT UNIQUE,
    phone TEXT UNIQUE,
    avatar TEXT,
    role TEXT NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'seller', 'admin')),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    last_seen_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX users_by_name ON users (name_folded, id);

-- otp_id is unique: a code opens one session, whatever the code store says.
CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 12),
    user_id BLOB NOT NULL REFERENCES users (id),
    otp_id TEXT NOT NULL UNIQUE,
    device TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user_id, created_at, id);
CREATE INDEX sessions_revoked ON sessions (expires_at) WHERE revoked_at IS NOT NULL;

-- A direct chat names its pair, sorted; the index makes it the only one of the pair.
CREATE TABLE chats (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 12),
    kind TEXT NOT NULL CHECK (kind IN ('direct', 'group')),
    direct_low BLOB REFERENCES users (id),
    direct_high BLOB REFERENCES users (id),
    last_seq INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK (CASE kind
        WHEN 'direct' THEN direct_low IS NOT NULL AND direct_high IS NOT NULL AND direct_low < direct_high
        ELSE direct_low IS NULL AND direct_high IS NULL
    END)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX chats_direct ON chats (direct_low, direct_high) WHERE kind = 'direct';

CREATE TABLE members (
    chat_id BLOB NOT NULL REFERENCES chats (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    read_seq INTEGER NOT NULL DEFAULT 0,
    delivered_seq INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (chat_id, user_id),
    CHECK (0 <= read_seq AND read_seq <= delivered_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_user ON members (user_id, chat_id);

CREATE TABLE messages (
    chat_id BLOB NOT NULL REFERENCES chats (id),
    seq INTEGER NOT NULL CHECK (seq > 0),
    id BLOB NOT NULL CHECK (length(id) = 12),
    sender BLOB NOT NULL,
    client_id TEXT,
    text TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('text', 'image', 'order')),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (chat_id, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX messages_by_client_id ON messages (chat_id, sender, client_id) WHERE client_id IS NOT NULL;

-- Appended when a member's watermark passes messages of others; gives the time at which they were seen.
CREATE TABLE read_marks (
    chat_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (chat_id, user_id, seq),
    FOREIGN KEY (chat_id, user_id) REFERENCES members (chat_id, user_id)
) STRICT, WITHOUT ROWID;

-- One-time codes: the live code of an address, and the guesses it has paid for.
CREATE TABLE otp_codes (
    subject TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    nonce BLOB NOT NULL CHECK (length(nonce) = 16),
    mac BLOB NOT NULL CHECK (length(mac) = 32),
    bound_guesses INTEGER NOT NULL DEFAULT 0,
    unbound_guesses INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX otp_codes_by_expiry ON otp_codes (expires_at);

CREATE TABLE otp_resend_locks (
    subject TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX otp_resend_locks_by_expiry ON otp_resend_locks (expires_at);

-- One row per mail of the last 24 hours.
CREATE TABLE otp_sends (
    mailbox TEXT NOT NULL,
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (mailbox, at, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX otp_sends_by_time ON otp_sends (at);
CREATE INDEX otp_sends_by_id ON otp_sends (id);

-- Guesses of an account since its last success.
CREATE TABLE otp_failures (
    subject TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    locked_until INTEGER NOT NULL,
    forget_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX otp_failures_by_time ON otp_failures (forget_at);

-- One row. A refused guess counts here, so that it writes as a granted one does and takes as long (T11).
CREATE TABLE otp_refusals (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    refused INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO otp_refusals (one, refused) VALUES (1, 0);

-- Bodies are sealed: a deleted row's bytes stay in the write-ahead log for a while. `lease` names the consumer
-- that holds the job; due_at is when it may be taken.
CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    message_id TEXT NOT NULL,
    body BLOB NOT NULL,
    headers TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    lease INTEGER,
    due_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    UNIQUE (queue, message_id)
) STRICT;
CREATE INDEX jobs_waiting ON jobs (queue, due_at, number) WHERE lease IS NULL;
CREATE INDEX jobs_leased ON jobs (queue) WHERE lease IS NOT NULL;

CREATE TABLE dead_jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    message_id TEXT NOT NULL,
    redacted TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    buried_at INTEGER NOT NULL
) STRICT;
CREATE INDEX dead_jobs_by_queue ON dead_jobs (queue, number);
