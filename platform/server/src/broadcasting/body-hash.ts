// Tells a repeated request from another one under the same id, by what it says. Where the hash is kept is the log's and once.ts's business.

import { createHash } from 'node:crypto';

/** SHA-256 (hex) of a value as JSON, whatever the order of its keys. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, sortKeys)).digest('hex');
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
