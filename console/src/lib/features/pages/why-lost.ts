// Why a pattern is not the one that a path falls under. Which one is: the protocol's `resolvePage`, which the server
// uses too; this only puts its rules into words.
import { isUnder, resolvePage, segmentsOf } from '@belfry/protocol';
import type { Page } from '#lib/api/shapes.ts';

export type Lost =
  | 'no_match'
  /** Another names the path exactly. */
  | 'not_exact'
  | 'fewer_fixed'
  /** As many fixed segments, and the other has parameters where this is a prefix. */
  | 'prefix'
  | 'shorter'
  /** The fixed segments of the other come first. */
  | 'later_fixed'
  /** They differ in the names of their parameters alone. */
  | 'by_name'
  | 'default';

export interface Tried {
  /** Of the policy that won; undefined: none, so that there is no WebSocket. */
  won: string | undefined;
  /** 1 is the most specific. */
  rank: number;
  /** By pattern, of all others. */
  lost: ReadonlyMap<string, Lost>;
}

export function tryPath(pages: readonly Page[], path: string): Tried {
  const { policy, candidates } = resolvePage(pages, path);
  // The built-in default has version 0; so has a page of the draft that is new.
  const won = pages.find(({ pattern }) => pattern === policy.pattern)?.pattern;
  const rank = candidates.find(({ pattern }) => pattern === policy.pattern)?.rank ?? 0;
  const others = pages.filter(({ pattern }) => pattern !== won);
  return { won, rank, lost: new Map(others.map(({ pattern }) => [pattern, whyLost(pattern, won ?? '', path)])) };
}

function whyLost(pattern: string, winner: string, path: string): Lost {
  if (!isUnder(pattern, path)) return 'no_match';
  if (pattern === 'default') return 'default';
  const [own, other] = [shapeOf(pattern), shapeOf(winner)];
  if (other.isExact) return 'not_exact';
  if (own.fixed < other.fixed) return 'fewer_fixed';
  if (own.isPrefix && !other.isPrefix) return 'prefix';
  if (own.length < other.length) return 'shorter';
  return own.form === other.form ? 'by_name' : 'later_fixed';
}

function shapeOf(pattern: string) {
  const parts = segmentsOf(pattern);
  const isPrefix = parts.at(-1) === '*';
  const fixed = parts.filter((part) => part !== '*' && !part.startsWith(':')).length;
  const form = parts.map((part) => (part.startsWith(':') ? ':' : '/')).join('');
  return { isPrefix, fixed, form, length: parts.length, isExact: !isPrefix && fixed === parts.length };
}
