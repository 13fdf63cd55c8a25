-- The images of messages. `bytes` is what the two files take on the disk, `digest` the SHA-256 of what was sent, by
-- which a repeated send is known.
CREATE TABLE images (
    chat_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) = 32),
    owner BLOB NOT NULL,
    width INTEGER NOT NULL CHECK (width > 0),
    height INTEGER NOT NULL CHECK (height > 0),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (chat_id, seq),
    FOREIGN KEY (chat_id, seq) REFERENCES messages (chat_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX images_by_owner ON images (owner, bytes);
