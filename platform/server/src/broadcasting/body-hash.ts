// Tells a repeated request from another one under the same id, by what it says. Where the hash is kept is the log's and idempotent.ts's business.

import { hash } from 'node:crypto';

/** SHA-256 (hex) of a value as JSON, whatever the order of its keys. */
export function hashOf(value: unknown): string {
  return hash('sha256', canonicalJson(value), 'hex');
}

/** As JSON.stringify, with the keys of every object in order. By hand: with a replacer it takes three times as long, and every message is hashed. */
function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === undefined ? 'null' : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
