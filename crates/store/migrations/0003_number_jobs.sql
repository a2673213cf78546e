-- Undertakings with numbers: an address handed in, a number ordered, a number given back. The row is written before
-- anything is sent, and each step's stage before its request leaves, so that nothing is ordered twice in any run of the
-- program. Of the document that proves an address only the name is here.
CREATE TABLE number_jobs (
    id            INTEGER PRIMARY KEY,
    -- Chosen by who asked: one for each wish.
    intent        TEXT    NOT NULL UNIQUE,
    account       TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    stage         TEXT    NOT NULL,
    subject       TEXT    NOT NULL,
    document_name TEXT    NOT NULL DEFAULT '',
    actor         TEXT    NOT NULL,
    asked_at      INTEGER NOT NULL,
    -- When it came to its stage.
    at            INTEGER NOT NULL,
    -- The service's ids; empty before it gave them.
    verification  TEXT    NOT NULL DEFAULT '',
    order_id      TEXT    NOT NULL DEFAULT '',
    link_to       TEXT,
    brought       TEXT    NOT NULL DEFAULT '[]',
    push          INTEGER NOT NULL DEFAULT 0 CHECK (push IN (0, 1)),
    problem       TEXT
) STRICT;
CREATE INDEX number_jobs_by_order ON number_jobs (account, order_id) WHERE order_id <> '';

-- What a service said of an order that no job has yet: its word may come before the order's own answer.
CREATE TABLE order_words (
    id       INTEGER PRIMARY KEY,
    account  TEXT    NOT NULL,
    order_id TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    word     TEXT    NOT NULL DEFAULT '',
    numbers  TEXT    NOT NULL DEFAULT '[]',
    at       INTEGER NOT NULL,
    UNIQUE (account, order_id, state, word, numbers)
) STRICT;
