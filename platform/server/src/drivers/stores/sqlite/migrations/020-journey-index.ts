// One row a broadcast, by which journeys are found. Never edited once released: a change is the next file.

export const journeyIndex = `
CREATE TABLE journey_index (
  app TEXT NOT NULL, message_id TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, conversation_id TEXT,
  sender_id TEXT, users TEXT, reasons TEXT NOT NULL, facts INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (app, message_id)
) STRICT;
CREATE INDEX journey_index_at ON journey_index (app, at, message_id);
`;
