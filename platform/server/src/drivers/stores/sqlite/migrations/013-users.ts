// What apps set of their users, and the texts by which users are found. Never edited once released: a change
// is the next file.

/**
 * A user has one row in `user_texts` for each word of id and name (drivers/stores/search-texts.ts), so that
 * an index answers a search; the second index is for taking the rows of one user away, and for leaving out
 * who was found by another word already.
 */
export const users = `
ALTER TABLE users ADD COLUMN details TEXT;
ALTER TABLE users ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
CREATE TABLE user_texts (
  app TEXT NOT NULL, text TEXT NOT NULL, user_id TEXT NOT NULL,
  PRIMARY KEY (app, text, user_id)
) WITHOUT ROWID, STRICT;
CREATE INDEX user_texts_user ON user_texts (app, user_id, text);
INSERT INTO user_texts (app, text, user_id)
  SELECT app, texts.value, user_id FROM users, json_each(search_texts(user_id, name)) AS texts;
`;
