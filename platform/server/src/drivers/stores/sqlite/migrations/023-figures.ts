// How busy apps were, a row a minute and process. Never edited once released: a change is the next file.

export const figures = `
CREATE TABLE figures (
  app TEXT NOT NULL, at INTEGER NOT NULL, source TEXT NOT NULL, desktop INTEGER, mobile INTEGER, tablet INTEGER,
  users INTEGER, messages INTEGER NOT NULL, events INTEGER NOT NULL, accepted INTEGER NOT NULL,
  failed INTEGER NOT NULL, withheld INTEGER NOT NULL, reasons TEXT NOT NULL, PRIMARY KEY (app, at, source)
) STRICT, WITHOUT ROWID;
`;
