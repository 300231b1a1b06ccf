// The words of messages. Never edited once released: a change is the next file.

/**
 * `searchable` gives messages numbers that a VACUUM does not change. The words come from `search_words`, which
 * the file that opens the database gives; they are in no column, for the message has them.
 */
export const messageSearch = `
CREATE TABLE searchable (place INTEGER PRIMARY KEY, of_app TEXT NOT NULL, of_stream TEXT NOT NULL, of_seq INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX searchable_message ON searchable (of_app, of_stream, of_seq);
CREATE INDEX searchable_app ON searchable (of_app);
CREATE VIRTUAL TABLE searchable_words USING fts5(
  words, content = '', contentless_delete = 1, detail = none,
  tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
);
INSERT INTO searchable (of_app, of_stream, of_seq)
  SELECT app, stream, seq FROM messages WHERE stream GLOB 'c:*' AND deleted_at IS NULL ORDER BY stored_at, seq;
INSERT INTO searchable_words (rowid, words)
  SELECT place, search_words(app, data) FROM searchable
  CROSS JOIN messages ON app = of_app AND stream = of_stream AND seq = of_seq;
CREATE TRIGGER messages_unsearchable AFTER DELETE ON messages WHEN old.stream GLOB 'c:*' BEGIN
  DELETE FROM searchable_words WHERE rowid =
    (SELECT place FROM searchable WHERE of_app = old.app AND of_stream = old.stream AND of_seq = old.seq);
  DELETE FROM searchable WHERE of_app = old.app AND of_stream = old.stream AND of_seq = old.seq;
END;
`;
