// Row numbers of messages that last, by which their words are kept. Never edited once released: a change is
// the next file.

/**
 * A declared `rowid` is no longer given anew by a VACUUM, so the words can go by it: the table that gave
 * messages other numbers was one more row, and two more index entries on random pages, for each message.
 * Indexes go with their table, so all of `messages` stand here again. `messages_said` is for a search without
 * words.
 */
export const rowsOfMessages = `
DROP TRIGGER messages_unsearchable;
DROP INDEX searchable_app;
DROP INDEX searchable_message;
DROP TABLE searchable;
DROP TABLE searchable_words;
ALTER TABLE messages RENAME TO messages_before;
CREATE TABLE messages (
  rowid INTEGER PRIMARY KEY,
  app TEXT NOT NULL, stream TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, conversation_id TEXT,
  sender_id TEXT NOT NULL, cid TEXT NOT NULL, body_hash TEXT NOT NULL, kind TEXT NOT NULL, action TEXT NOT NULL,
  data TEXT NOT NULL, policy TEXT NOT NULL, targets TEXT, exclude TEXT,
  stored_at INTEGER NOT NULL, edited_at INTEGER, deleted_at INTEGER, due_at INTEGER, content_version INTEGER
) STRICT;
INSERT INTO messages SELECT
  rowid, app, stream, seq, id, conversation_id, sender_id, cid, body_hash, kind, action, data, policy, targets, exclude,
  stored_at, edited_at, deleted_at, due_at, content_version
  FROM messages_before ORDER BY rowid;
DROP TABLE messages_before;
CREATE UNIQUE INDEX messages_seq ON messages (app, stream, seq);
CREATE UNIQUE INDEX messages_cid ON messages (app, stream, sender_id, cid);
CREATE INDEX messages_id ON messages (app, id);
CREATE INDEX messages_stored ON messages (app, stored_at);
CREATE INDEX messages_changed ON messages (app, stream, coalesce(deleted_at, edited_at), seq)
  WHERE coalesce(deleted_at, edited_at) IS NOT NULL;
CREATE INDEX messages_owed ON messages (app, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX messages_said ON messages (app) WHERE stream GLOB 'c:*';
CREATE VIRTUAL TABLE searchable_words USING fts5(
  words, content = '', contentless_delete = 1, detail = none,
  tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
);
INSERT INTO searchable_words (rowid, words)
  SELECT rowid, search_words(app, data) FROM messages
  WHERE stream GLOB 'c:*' AND deleted_at IS NULL ORDER BY rowid;
CREATE TRIGGER messages_unsearchable AFTER DELETE ON messages WHEN old.stream GLOB 'c:*' BEGIN
  DELETE FROM searchable_words WHERE rowid = old.rowid;
END;
`;
