// The tables of uploads. Never edited once released: a change is the next file.

/**
 * `unused_since` is null while a message uses the upload, so the index holds what may have to go: uploads
 * that arrive, that nobody uses, or whose blob is being deleted. Totals are kept, not summed: they are asked
 * for at every upload.
 */
export const uploads = `
CREATE TABLE uploads (
  app TEXT NOT NULL, id TEXT NOT NULL, user_id TEXT NOT NULL, state TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
  bytes INTEGER NOT NULL, digest TEXT NOT NULL, created_at INTEGER NOT NULL, unused_since INTEGER,
  PRIMARY KEY (app, id)
) WITHOUT ROWID, STRICT;
CREATE INDEX uploads_unused ON uploads (app, unused_since) WHERE unused_since IS NOT NULL;

CREATE TABLE upload_uses (
  app TEXT NOT NULL, upload_id TEXT NOT NULL, message_id TEXT NOT NULL, stream TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (app, upload_id, message_id, stream)
) WITHOUT ROWID, STRICT;
CREATE INDEX upload_uses_message ON upload_uses (app, message_id);
CREATE INDEX upload_uses_at ON upload_uses (app, at);

CREATE TABLE upload_totals (app TEXT PRIMARY KEY, count INTEGER NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID, STRICT;
`;
