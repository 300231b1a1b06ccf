// Finds variables that were probably meant for this server and are spelled wrong. Only ever a warning: other
// programs have variables too.
import type { ConfigProblem } from './config.ts';
import { knownVariables } from './schema.ts';

/**
 * Prefixes that are this server's own: an unknown name that begins so is reported even when nothing is near
 * it.
 */
const ownPrefixes = ['BELFRY_', 'LIMIT_', 'WS_'];

/** Kubernetes puts such variables into every pod beside a service called `belfry` or `ws`. */
const serviceLink = /_(?:SERVICE_HOST|SERVICE_PORT(?:_.*)?|PORT|PORT_\d+_.*)$/;

/** Short names (`HOST`, `ROLE`) are near too many innocent ones. */
const shortestComparedName = 8;
const nearest = 2;

export function misspelled(env: Readonly<Record<string, string | undefined>>): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const name of Object.keys(env)) {
    if (knownVariables.has(name) || serviceLink.test(name)) continue;
    const suggestion = nearestKnown(name);
    if (suggestion !== undefined) {
      problems.push({ variable: name, reason: `is not a variable of this server; did you mean ${suggestion}?` });
    } else if (ownPrefixes.some((prefix) => name.startsWith(prefix))) {
      problems.push({ variable: name, reason: 'is not a variable of this server' });
    }
  }
  return problems;
}

function nearestKnown(name: string): string | undefined {
  let best: { known: string; distance: number } | undefined;
  for (const known of knownVariables) {
    if (known.length < shortestComparedName || Math.abs(known.length - name.length) > nearest) continue;
    const distance = editDistance(name.toUpperCase(), known);
    if (distance <= nearest && (best === undefined || distance < best.distance)) best = { known, distance };
  }
  return best?.known;
}

/** Levenshtein: how many letters to insert, delete or change. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const change = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
