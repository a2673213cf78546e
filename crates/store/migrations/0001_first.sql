-- The first schema. Times are milliseconds since 1970-01-01 UTC. Words (outcome, direction, ...) are text without a
-- CHECK, so that a later version can add one without rebuilding the table. An older binary does not open a newer file.

-- One row an interaction. Everything but `note` and `callback*` is derived from its legs at each write.
CREATE TABLE calls (
    id          INTEGER PRIMARY KEY,
    account     TEXT    NOT NULL,
    call        TEXT    NOT NULL,
    extension   TEXT    NOT NULL,
    direction   TEXT    NOT NULL,
    mine        INTEGER NOT NULL DEFAULT 0 CHECK (mine IN (0, 1)),
    class       TEXT,
    party_kind  TEXT    NOT NULL DEFAULT 'unstated',
    party       TEXT    NOT NULL DEFAULT '',
    our_kind    TEXT    NOT NULL DEFAULT 'unstated',
    our_party   TEXT    NOT NULL DEFAULT '',
    name        TEXT    NOT NULL DEFAULT '',
    company     TEXT    NOT NULL DEFAULT '',
    outcome     TEXT,
    provisional INTEGER NOT NULL DEFAULT 0 CHECK (provisional IN (0, 1)),
    started_at  INTEGER NOT NULL,
    answered_at INTEGER,
    ended_at    INTEGER,
    note        TEXT    NOT NULL DEFAULT '',
    callback    TEXT,
    callback_by TEXT,
    callback_at INTEGER,
    -- Counts the writes: who remembers a row knows by it whether the row is still as remembered.
    rev         INTEGER NOT NULL DEFAULT 1,
    UNIQUE (account, call)
) STRICT;
CREATE INDEX calls_by_time ON calls (started_at);
CREATE INDEX calls_by_party ON calls (party, started_at) WHERE party <> '';
CREATE INDEX calls_to_return ON calls (started_at) WHERE callback IN ('open', 'claimed');

CREATE TABLE legs (
    id          INTEGER PRIMARY KEY,
    call_id     INTEGER NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    extension   TEXT    NOT NULL,
    attempt     INTEGER NOT NULL,
    mine        INTEGER NOT NULL DEFAULT 0 CHECK (mine IN (0, 1)),
    direction   TEXT    NOT NULL,
    phase       TEXT    NOT NULL,
    class       TEXT,
    party_kind  TEXT    NOT NULL DEFAULT 'unstated',
    party       TEXT    NOT NULL DEFAULT '',
    our_kind    TEXT    NOT NULL DEFAULT 'unstated',
    our_party   TEXT    NOT NULL DEFAULT '',
    name        TEXT    NOT NULL DEFAULT '',
    company     TEXT    NOT NULL DEFAULT '',
    outcome     TEXT,
    provisional INTEGER NOT NULL DEFAULT 0 CHECK (provisional IN (0, 1)),
    started_at  INTEGER NOT NULL,
    answered_at INTEGER,
    ended_at    INTEGER,
    UNIQUE (call_id, extension, attempt)
) STRICT;

-- What the search index holds. A number is indexed with each of its tails, so that a prefix search over the index
-- finds digits anywhere in it: 66966 finds 4922166966966 by its tail 66966966.
CREATE VIEW calls_indexed AS
SELECT id, name, company, note,
       CASE party_kind
           WHEN 'number' THEN
               substr(party, 2) || ' ' || substr(party, 3) || ' ' || substr(party, 4) || ' ' || substr(party, 5)
               || ' ' || substr(party, 6) || ' ' || substr(party, 7) || ' ' || substr(party, 8)
               || ' ' || substr(party, 9) || ' ' || substr(party, 10) || ' ' || substr(party, 11)
               || ' ' || substr(party, 12) || ' ' || substr(party, 13) || ' ' || substr(party, 14)
               || ' ' || substr(party, 15) || ' ' || substr(party, 16)
           ELSE party
       END AS digits
FROM calls;

CREATE VIRTUAL TABLE calls_fts USING fts5 (
    name, company, note, digits,
    content = 'calls_indexed', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER calls_index_insert AFTER INSERT ON calls BEGIN
    INSERT INTO calls_fts (rowid, name, company, note, digits)
    SELECT id, name, company, note, digits FROM calls_indexed WHERE id = new.id;
END;
CREATE TRIGGER calls_index_delete BEFORE DELETE ON calls BEGIN
    INSERT INTO calls_fts (calls_fts, rowid, name, company, note, digits)
    SELECT 'delete', id, name, company, note, digits FROM calls_indexed WHERE id = old.id;
END;
CREATE TRIGGER calls_index_update_before BEFORE UPDATE OF name, company, note, party, party_kind ON calls
WHEN (old.name, old.company, old.note, old.party, old.party_kind)
    IS NOT (new.name, new.company, new.note, new.party, new.party_kind)
BEGIN
    INSERT INTO calls_fts (calls_fts, rowid, name, company, note, digits)
    SELECT 'delete', id, name, company, note, digits FROM calls_indexed WHERE id = old.id;
END;
CREATE TRIGGER calls_index_update_after AFTER UPDATE OF name, company, note, party, party_kind ON calls
WHEN (old.name, old.company, old.note, old.party, old.party_kind)
    IS NOT (new.name, new.company, new.note, new.party, new.party_kind)
BEGIN
    INSERT INTO calls_fts (rowid, name, company, note, digits)
    SELECT id, name, company, note, digits FROM calls_indexed WHERE id = new.id;
END;

-- Times in which a provider's events did not reach us and will not be replayed. One row an outage.
CREATE TABLE gaps (
    id       INTEGER PRIMARY KEY,
    account  TEXT    NOT NULL,
    from_at  INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    UNIQUE (account, from_at)
) STRICT;
CREATE INDEX gaps_by_time ON gaps (from_at);

-- The last known state of each account, for a start without network. `read_at` says how old it is.
CREATE TABLE extensions (
    id         INTEGER PRIMARY KEY,
    account    TEXT    NOT NULL,
    extension  TEXT    NOT NULL,
    position   INTEGER NOT NULL DEFAULT 0,
    name       TEXT    NOT NULL DEFAULT '',
    email      TEXT,
    group_name TEXT,
    read_at    INTEGER NOT NULL,
    UNIQUE (account, extension)
) STRICT;

CREATE TABLE lines (
    id        INTEGER PRIMARY KEY,
    account   TEXT    NOT NULL,
    extension TEXT    NOT NULL,
    status    TEXT    NOT NULL,
    presence  TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    UNIQUE (account, extension)
) STRICT;

CREATE TABLE scenarios (
    id          INTEGER PRIMARY KEY,
    account     TEXT    NOT NULL,
    scenario    TEXT    NOT NULL,
    position    INTEGER NOT NULL DEFAULT 0,
    name        TEXT    NOT NULL DEFAULT '',
    state       TEXT    NOT NULL,
    state_word  TEXT    NOT NULL DEFAULT '',
    forwardings TEXT    NOT NULL DEFAULT '[]',
    read_at     INTEGER NOT NULL,
    UNIQUE (account, scenario)
) STRICT;

-- Who asked for which scenario, and what came of it. Rows are added and finished, never changed otherwise.
CREATE TABLE scenario_actions (
    id          INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    actor       TEXT    NOT NULL,
    account     TEXT    NOT NULL,
    scenario    TEXT    NOT NULL,
    name        TEXT    NOT NULL DEFAULT '',
    intent      TEXT    NOT NULL,
    result      TEXT    NOT NULL,
    code        TEXT,
    ends_at     INTEGER,
    finished_at INTEGER
) STRICT;
CREATE INDEX scenario_actions_by_scenario ON scenario_actions (account, scenario, at);

CREATE TABLE contacts (
    id         INTEGER PRIMARY KEY,
    source     TEXT    NOT NULL,
    source_key TEXT    NOT NULL,
    name       TEXT    NOT NULL DEFAULT '',
    company    TEXT    NOT NULL DEFAULT '',
    vip        INTEGER NOT NULL DEFAULT 0 CHECK (vip IN (0, 1)),
    note       TEXT    NOT NULL DEFAULT '',
    pinned     INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
    folded     TEXT    NOT NULL DEFAULT '',
    UNIQUE (source, source_key)
) STRICT;

CREATE TABLE contact_numbers (
    id         INTEGER PRIMARY KEY,
    contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    number     TEXT    NOT NULL,
    kind       TEXT,
    UNIQUE (contact_id, position)
) STRICT;
CREATE INDEX contact_numbers_by_number ON contact_numbers (number);

-- Written before a provider is asked to dial: after a crash a row still `intended` may have made a phone ring.
CREATE TABLE dials (
    id           INTEGER PRIMARY KEY,
    intention    TEXT    NOT NULL UNIQUE,
    account      TEXT    NOT NULL,
    extension    TEXT    NOT NULL,
    target_kind  TEXT    NOT NULL,
    target       TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    state        TEXT    NOT NULL,
    call         TEXT,
    outcome      TEXT,
    code         TEXT,
    settled_at   INTEGER
) STRICT;
CREATE INDEX dials_by_time ON dials (at);

-- Small facts of the app, such as how far an account's journal was read.
CREATE TABLE facts (
    id    INTEGER PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL
) STRICT;
