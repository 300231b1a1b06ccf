// Dead letters get a table of their own, and the dead jobs of older files move there. Never edited once
// released: a change is the next file.

/**
 * Dead jobs of other queues are dropped: nobody could list them. One of schema version 1 did not say when it
 * died; it was added at `added_at`. The index of the label leads with it, so that one provider's letters are
 * read without walking those of the others.
 */
export const deadLetters = `
CREATE TABLE dead_letters (
  app TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL, error TEXT NOT NULL, label TEXT, died_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX dead_letters_id ON dead_letters (app, id);
CREATE INDEX dead_letters_died ON dead_letters (app, died_at, id);
CREATE INDEX dead_letters_label ON dead_letters (app, label, died_at, id) WHERE label IS NOT NULL;
INSERT INTO dead_letters (app, id, payload, error, label, died_at)
  SELECT app, id, payload, coalesce(error, ''), label, coalesce(died_at, added_at) FROM jobs WHERE queue = 'push' AND state = 'dead';
DELETE FROM jobs WHERE state = 'dead';
DROP INDEX jobs_dead;
DROP INDEX jobs_died;
ALTER TABLE jobs DROP COLUMN error;
ALTER TABLE jobs DROP COLUMN label;
ALTER TABLE jobs DROP COLUMN died_at;
`;
