// The tables of schema version 1. Never edited once released: a change is the next file.

/**
 * The app id stands first in every key of an app's data; the indexes that don't start with it serve the relay
 * (`messages_due`), the look-up of an API key, and the queue, which are the installation's. Logs and journeys
 * have rowids: their rows are wide and come in order, so they fill the end of the table; the narrow tables
 * have none and save the second tree.
 */
export const initial = `
CREATE TABLE installation (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;

CREATE TABLE tenants (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE apps (app TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE api_keys (
  app TEXT NOT NULL, id TEXT NOT NULL, hash TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (app, id)
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);

CREATE TABLE page_versions (
  app TEXT NOT NULL, pattern TEXT NOT NULL, version INTEGER NOT NULL, removed INTEGER NOT NULL, policy TEXT NOT NULL,
  PRIMARY KEY (app, pattern, version)
) WITHOUT ROWID, STRICT;
CREATE TABLE kinds (app TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (app, kind)) WITHOUT ROWID, STRICT;
CREATE TABLE providers (app TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (app, id)) WITHOUT ROWID, STRICT;

CREATE TABLE conversations (
  app TEXT NOT NULL, id TEXT NOT NULL, title TEXT, attributes TEXT, epoch TEXT NOT NULL, version INTEGER NOT NULL,
  created_at INTEGER NOT NULL, active_at INTEGER NOT NULL,
  PRIMARY KEY (app, id)
) WITHOUT ROWID, STRICT;
CREATE INDEX conversations_active ON conversations (app, active_at, id);
CREATE TABLE participants (
  app TEXT NOT NULL, conversation_id TEXT NOT NULL, user_id TEXT NOT NULL, role TEXT NOT NULL, joined_at INTEGER NOT NULL,
  PRIMARY KEY (app, conversation_id, user_id)
) WITHOUT ROWID, STRICT;
CREATE INDEX participants_user ON participants (app, user_id);

CREATE TABLE streams (app TEXT NOT NULL, stream TEXT NOT NULL, epoch TEXT NOT NULL, PRIMARY KEY (app, stream)) WITHOUT ROWID, STRICT;
CREATE TABLE messages (
  app TEXT NOT NULL, stream TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, conversation_id TEXT,
  sender_id TEXT NOT NULL, cid TEXT NOT NULL, body_hash TEXT NOT NULL, kind TEXT NOT NULL, action TEXT NOT NULL,
  data TEXT NOT NULL, policy TEXT NOT NULL, targets TEXT, exclude TEXT,
  stored_at INTEGER NOT NULL, edited_at INTEGER, deleted_at INTEGER, due_at INTEGER
) STRICT;
CREATE UNIQUE INDEX messages_seq ON messages (app, stream, seq);
CREATE UNIQUE INDEX messages_cid ON messages (app, stream, sender_id, cid);
CREATE INDEX messages_id ON messages (app, id);
CREATE INDEX messages_stored ON messages (app, stored_at);
CREATE INDEX messages_due ON messages (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE cursors (
  app TEXT NOT NULL, stream TEXT NOT NULL, user_id TEXT NOT NULL,
  delivered INTEGER NOT NULL, seen INTEGER NOT NULL, seen_mobile INTEGER NOT NULL, read INTEGER NOT NULL, pushed INTEGER NOT NULL,
  claim_id TEXT, claim_from INTEGER,
  PRIMARY KEY (app, stream, user_id)
) WITHOUT ROWID, STRICT;

CREATE TABLE users (
  app TEXT NOT NULL, user_id TEXT NOT NULL, name TEXT, avatar TEXT, roles TEXT, last_seen_at INTEGER, signed_out_at INTEGER,
  PRIMARY KEY (app, user_id)
) WITHOUT ROWID, STRICT;
CREATE TABLE devices (
  app TEXT NOT NULL, id TEXT NOT NULL, user_id TEXT NOT NULL, provider TEXT NOT NULL, target TEXT NOT NULL, target_hash TEXT NOT NULL,
  device_type TEXT NOT NULL, locale TEXT, time_zone TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  PRIMARY KEY (app, id)
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX devices_target ON devices (app, target_hash);
CREATE INDEX devices_user ON devices (app, user_id, created_at, id);

CREATE TABLE journeys (
  app TEXT NOT NULL, message_id TEXT, stream TEXT, from_seq INTEGER, to_seq INTEGER, type TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX journeys_message ON journeys (app, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX journeys_range ON journeys (app, stream, to_seq, from_seq) WHERE stream IS NOT NULL;
CREATE INDEX journeys_at ON journeys (app, at);

CREATE TABLE idempotency (
  app TEXT NOT NULL, key TEXT NOT NULL, body_hash TEXT NOT NULL, token TEXT NOT NULL,
  began_at INTEGER NOT NULL, forget_at INTEGER NOT NULL, answer TEXT,
  PRIMARY KEY (app, key)
) WITHOUT ROWID, STRICT;
CREATE INDEX idempotency_forget ON idempotency (app, forget_at);

CREATE TABLE jobs (
  queue TEXT NOT NULL, id TEXT NOT NULL, app TEXT NOT NULL, payload TEXT NOT NULL, state TEXT NOT NULL, attempt INTEGER NOT NULL,
  added_at INTEGER NOT NULL, due_at INTEGER NOT NULL, forget_at INTEGER NOT NULL, error TEXT
) STRICT;
CREATE UNIQUE INDEX jobs_id ON jobs (queue, id);
CREATE INDEX jobs_ready ON jobs (queue, due_at) WHERE state = 'ready';
CREATE INDEX jobs_active ON jobs (queue) WHERE state = 'active';
CREATE INDEX jobs_dead ON jobs (queue) WHERE state = 'dead';
CREATE INDEX jobs_done ON jobs (forget_at) WHERE state = 'done';

CREATE TABLE probe (content BLOB NOT NULL) STRICT;
`;
