// Whom messages may be pushed to, and what became of that, beside the other figures of a minute. Never edited once
// released: a change is the next file.

export const pushFigures = `
ALTER TABLE figures ADD COLUMN may_push INTEGER;
ALTER TABLE figures ADD COLUMN push_ends TEXT;
`;
