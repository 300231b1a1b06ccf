// Preferences of users, counters of use, the key by which a dead job is found, and the version of its type
// that a content was stored under. Never edited once released: a change is the next file.

/**
 * A dead job is listed by app, the latest first: rows of one key of `jobs_dead` are in the order of their
 * rowids, and jobs don't die out of order by much.
 */
export const preferences = `
CREATE TABLE preferences (
  app TEXT NOT NULL, user_id TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (app, user_id)
) WITHOUT ROWID, STRICT;

CREATE TABLE usage (
  app TEXT NOT NULL, day TEXT NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (app, day, name)
) WITHOUT ROWID, STRICT;

ALTER TABLE messages ADD COLUMN content_version INTEGER;

ALTER TABLE jobs ADD COLUMN label TEXT;
ALTER TABLE jobs ADD COLUMN died_at INTEGER;
DROP INDEX jobs_dead;
CREATE INDEX jobs_dead ON jobs (queue, app) WHERE state = 'dead';
CREATE INDEX jobs_died ON jobs (died_at) WHERE state = 'dead';
`;
