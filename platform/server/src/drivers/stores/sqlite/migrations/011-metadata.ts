// The app's own JSON about a conversation, by its new name, and about who is in one. Never edited once
// released: a change is the next file.

export const metadata = `
ALTER TABLE conversations RENAME COLUMN attributes TO metadata;
ALTER TABLE participants ADD COLUMN metadata TEXT;
`;
