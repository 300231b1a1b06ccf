// Versions of kinds, providers, apps and keys, by which two that change one at once find out. Never edited
// once released: a change is the next file.

const versioned = ['kinds', 'providers', 'apps', 'api_keys'];

/** In the body as well: that is what is read. What is there has been put once, as far as anybody knows. */
export const versions = versioned
  .map(
    (table) => `
ALTER TABLE ${table} ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
UPDATE ${table} SET body = json_set(body, '$.version', 1);`,
  )
  .join('');
