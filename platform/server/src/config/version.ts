// The version of this server, as its package says it.
import { readFileSync } from 'node:fs';

/** Of `package.json`; read once. */
export const version = readVersion();

function readVersion(): string {
  // Our own file, which is part of every installation.
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
