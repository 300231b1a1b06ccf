// What each device was shown last, by the ids of its service: a list in JSON. Never edited once released: a
// change is the next file.

export const shown = `
ALTER TABLE devices ADD COLUMN shown TEXT;
`;
