-- Services give a call's id again, after a restart of theirs or out of a small stock. `call` is from now on our own name
-- for one interaction: the service's id and, of what was seen live, when it was first heard of here. `named` is the
-- service's id alone.
ALTER TABLE calls ADD COLUMN named TEXT NOT NULL DEFAULT '';
UPDATE calls SET named = call;
CREATE INDEX calls_by_name ON calls (account, named);
