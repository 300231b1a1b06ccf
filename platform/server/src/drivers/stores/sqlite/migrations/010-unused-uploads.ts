// By which the uploads of one user that no message uses are counted. Never edited once released: a change is
// the next file.

export const unusedUploads = `
CREATE INDEX uploads_unused_of_user ON uploads (app, user_id) WHERE unused_since IS NOT NULL AND state = 'there';
`;
