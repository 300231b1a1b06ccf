// The types of the admin door's requests, from its OpenAPI document. `npm run generate` writes them to
// src/lib/api/schema.d.ts; what answers hold is in src/lib/api/shapes.ts.
import openapiTS, { astToString } from 'openapi-typescript';

export async function apiTypes(document: object): Promise<string> {
  const types = astToString(await openapiTS(JSON.stringify(document)));
  return `// Written by \`npm run generate\` from the OpenAPI document of the admin door.\n${types}`;
}
