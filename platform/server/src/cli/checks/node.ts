// Whether this Node can run the server.
import type { Check } from './check.ts';

/** `version` as `process.versions.node` gives it. Before 22.19 our HTTP client does not run. */
export function checkNode(version: string): Check[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > 22 || (major === 22 && minor >= 19);
  return [
    isEnough
      ? { name: 'node', state: 'ok', detail: version }
      : { name: 'node', state: 'problem', detail: version, advice: 'use Node 22.19 or later; `npm install` brings 24' },
  ];
}
