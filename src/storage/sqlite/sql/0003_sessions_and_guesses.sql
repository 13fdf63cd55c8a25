-- When a session was last heard of, written now and then; null: not since the login.
ALTER TABLE sessions ADD COLUMN last_seen_at INTEGER;

-- Guesses of all accounts, by the hour since 1970: those paid for and not known to be right, which the ceiling of
-- TRUST.md T5 looks at, and the refused ones. Every guess changes the row of its hour, so that a refused one
-- writes as a granted one does and takes as long (T11).
CREATE TABLE otp_hours (
    hour INTEGER PRIMARY KEY,
    failed INTEGER NOT NULL,
    refused INTEGER NOT NULL
) STRICT;
DROP TABLE otp_refusals;
