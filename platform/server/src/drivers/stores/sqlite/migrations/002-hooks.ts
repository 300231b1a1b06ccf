// The tables of inbound webhooks, schema version 2. Never edited once released: a change is the next file.

/**
 * Deliveries have rowids: their payloads are wide. A hook's id is unique in the installation, which
 * `hook_ids` alone is for.
 */
export const hooks = `
CREATE TABLE hooks (
  app TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (app, id)
) WITHOUT ROWID, STRICT;
CREATE TABLE hook_ids (id TEXT PRIMARY KEY, app TEXT NOT NULL) WITHOUT ROWID, STRICT;

CREATE TABLE hook_deliveries (
  app TEXT NOT NULL, hook_id TEXT NOT NULL, id TEXT NOT NULL, received_at INTEGER NOT NULL, outcome TEXT NOT NULL,
  body TEXT NOT NULL, payload TEXT
) STRICT;
CREATE UNIQUE INDEX hook_deliveries_id ON hook_deliveries (app, hook_id, id);
CREATE INDEX hook_deliveries_received ON hook_deliveries (app, received_at);
`;
