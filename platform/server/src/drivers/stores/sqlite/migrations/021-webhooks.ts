// The tables of webhooks that leave. Never edited once released: a change is the next file.

/** Events have rowids: their payloads are wide. The one index of what waits is small: most have been sent. */
export const webhooks = `
CREATE TABLE webhooks (
  app TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, health TEXT,
  PRIMARY KEY (app, id)
) WITHOUT ROWID, STRICT;

CREATE TABLE webhook_events (
  app TEXT NOT NULL, webhook_id TEXT NOT NULL, id TEXT NOT NULL, place TEXT NOT NULL, type TEXT NOT NULL,
  created_at INTEGER NOT NULL, batch TEXT, lane TEXT, state TEXT NOT NULL, due_at INTEGER, ended_at INTEGER,
  tries INTEGER NOT NULL, attempts TEXT NOT NULL, payload TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX webhook_events_id ON webhook_events (app, webhook_id, id);
CREATE INDEX webhook_events_place ON webhook_events (app, webhook_id, place);
CREATE INDEX webhook_events_state ON webhook_events (app, webhook_id, state, place);
CREATE INDEX webhook_events_batch ON webhook_events (app, webhook_id, batch, place) WHERE state = 'waiting';
CREATE INDEX webhook_events_lane ON webhook_events (app, webhook_id, lane, place) WHERE state = 'waiting' AND lane IS NOT NULL;
CREATE INDEX webhook_events_due ON webhook_events (due_at) WHERE state = 'waiting';
CREATE INDEX webhook_events_created ON webhook_events (app, created_at, place);
`;
