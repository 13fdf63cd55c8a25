-- One row for all that is known of an address that asks for codes, where four tables were before: a login writes
-- it three times, and each more row or index that a write touches is a page in the write-ahead log.
--
-- The code lives while is_live = 1 and issued_at is not too long ago; issued_at also dates the resend lock.
-- failures: guesses since the last success. check_at: when somebody should look whether the row may go.
CREATE TABLE otp_accounts (
    subject TEXT NOT NULL PRIMARY KEY,
    mailbox TEXT NOT NULL,
    id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    nonce BLOB NOT NULL CHECK (length(nonce) = 16),
    mac BLOB NOT NULL CHECK (length(mac) = 32),
    is_live INTEGER NOT NULL CHECK (is_live IN (0, 1)),
    issued_at INTEGER NOT NULL,
    bound_guesses INTEGER NOT NULL DEFAULT 0,
    unbound_guesses INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    failed_at INTEGER NOT NULL DEFAULT 0,
    locked_until INTEGER NOT NULL DEFAULT 0,
    check_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Grows at its end and shrinks at its beginning: all writers share the same two pages.
CREATE INDEX otp_accounts_by_check ON otp_accounts (check_at);

-- Nobody's account; no address has a blank in it. A refused guess is written here, so that it costs what a
-- paid one does (T11).
INSERT INTO otp_accounts (subject, mailbox, id, key_id, nonce, mac, is_live, issued_at, check_at)
    VALUES (' refused', '', '', '', zeroblob(16), zeroblob(32), 0, 0, 9223372036854775807);

INSERT INTO otp_accounts (subject, mailbox, id, key_id, nonce, mac, is_live, issued_at, bound_guesses,
        unbound_guesses, check_at)
    SELECT subject, subject, id, key_id, nonce, mac, 1, expires_at - 300000, bound_guesses, unbound_guesses,
        expires_at
    FROM otp_codes;
INSERT INTO otp_accounts (subject, mailbox, id, key_id, nonce, mac, is_live, issued_at, failures, failed_at,
        locked_until, check_at)
    SELECT subject, subject, '', '', zeroblob(16), zeroblob(32), 0, 0, failures, forget_at - 2592000000,
        locked_until, forget_at
    FROM otp_failures WHERE true
    ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, failed_at = excluded.failed_at,
        locked_until = excluded.locked_until;
DROP TABLE otp_codes;
DROP TABLE otp_resend_locks;
DROP TABLE otp_failures;

-- The mails of today and yesterday, by the day since 1970: what is old lies together and goes without an index.
CREATE TABLE otp_mails (
    day INTEGER NOT NULL,
    mailbox TEXT NOT NULL,
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (day, mailbox, at, id)
) STRICT, WITHOUT ROWID;
INSERT INTO otp_mails (day, mailbox, at, id) SELECT at / 86400000, mailbox, at, id FROM otp_sends;
DROP TABLE otp_sends;

-- A new job's row is held by its consumer from the start. Who held rows is asked once, at the start of the process.
DROP INDEX jobs_leased;
