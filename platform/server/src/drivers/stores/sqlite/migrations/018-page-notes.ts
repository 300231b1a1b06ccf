// By which way a page policy was changed, and why. Never edited once released: a change is the next file.

export const pageNotes = `
ALTER TABLE page_versions ADD COLUMN via TEXT;
ALTER TABLE page_versions ADD COLUMN note TEXT;
`;
