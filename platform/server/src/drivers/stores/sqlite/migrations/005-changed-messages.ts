// The index by which a client that was away gets the changes to messages that it has. Never edited once
// released: a change is the next file.

/** Few messages are ever changed, so it is small. */
export const changedMessages = `
CREATE INDEX messages_changed ON messages (app, stream, coalesce(deleted_at, edited_at), seq)
  WHERE coalesce(deleted_at, edited_at) IS NOT NULL;
`;
