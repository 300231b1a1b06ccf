// The records of persons who were erased. Never edited once released: a change is the next file.

export const erasures = `
CREATE TABLE erasures (
  app TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, finished_at INTEGER, body TEXT NOT NULL,
  PRIMARY KEY (app, key)
) WITHOUT ROWID, STRICT;
CREATE INDEX erasures_finished ON erasures (app, finished_at) WHERE finished_at IS NOT NULL;
`;
