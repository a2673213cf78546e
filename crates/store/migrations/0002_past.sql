-- Past calls as a service's own record has them (a journal, a call log, call detail records), and how far each account's
-- was read. A row of the history now says where it comes from, and what it said before a record corrected it.

ALTER TABLE calls ADD COLUMN live INTEGER NOT NULL DEFAULT 1 CHECK (live IN (0, 1));
ALTER TABLE calls ADD COLUMN journal INTEGER NOT NULL DEFAULT 0 CHECK (journal IN (0, 1));
ALTER TABLE calls ADD COLUMN was TEXT;
ALTER TABLE calls ADD COLUMN was_by TEXT;
ALTER TABLE calls ADD COLUMN was_at INTEGER;

-- How many calls the journal brought back of this time; NULL where none has been read over it.
ALTER TABLE gaps ADD COLUMN recovered INTEGER;

-- One row a record. Without a call, it is one whose call was erased: blank, and here only so that reading the journal
-- again does not bring the call back.
CREATE TABLE past_calls (
    id          INTEGER PRIMARY KEY,
    account     TEXT    NOT NULL,
    record      TEXT    NOT NULL,
    call_id     INTEGER UNIQUE REFERENCES calls (id) ON DELETE SET NULL,
    extension   TEXT,
    direction   TEXT    NOT NULL,
    party_kind  TEXT    NOT NULL DEFAULT 'unstated',
    party       TEXT    NOT NULL DEFAULT '',
    our_kind    TEXT    NOT NULL DEFAULT 'unstated',
    our_party   TEXT    NOT NULL DEFAULT '',
    started_at  INTEGER NOT NULL,
    answered_at INTEGER,
    ended_at    INTEGER,
    outcome     TEXT    NOT NULL,
    word        TEXT    NOT NULL DEFAULT '',
    was         TEXT,
    -- Since when it says what it says.
    said_at     INTEGER NOT NULL,
    UNIQUE (account, record)
) STRICT;
CREATE INDEX past_calls_by_time ON past_calls (started_at);

-- Everything from `covered_from` to `read_until` was read; what is older than `settled_until` will not change any more.
-- `whole`: nothing older is wanted.
CREATE TABLE journal_reads (
    id            INTEGER PRIMARY KEY,
    account       TEXT    NOT NULL UNIQUE,
    covered_from  INTEGER NOT NULL,
    read_until    INTEGER NOT NULL,
    settled_until INTEGER NOT NULL,
    whole         INTEGER NOT NULL DEFAULT 0 CHECK (whole IN (0, 1))
) STRICT;
