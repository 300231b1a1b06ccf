// Which page policy a path falls under: one pure function for server, client and console. What a policy may
// say: pages.ts.
// No zod here, not even at a distance: browsers load this file, and the schemas are twenty times its size.
import { normalizePath, segmentsOf } from './page-path.ts';
import type { ServedPagePolicy, WirePagePolicy } from './pages.ts';

/** The policy of a path that no policy matches, in an app without an entry `default`: no WebSocket. */
export const builtInDefaultPolicy: WirePagePolicy = {
  pattern: 'default',
  enabled: false,
  requireAuth: true,
  autoConnect: false,
  connectionType: 'default',
  features: [],
  version: 0,
};

export interface PageCandidate {
  pattern: string;
  /** 1 is the most specific of all of the app's patterns. */
  rank: number;
  matched: boolean;
}

export interface PageResolution<P extends WirePagePolicy> {
  /** One of those given, or the built-in default, whose version is 0. */
  policy: P | WirePagePolicy;
  /** In words, for the console. */
  why: string;
  /** Every pattern of the app, the most specific first, ending with `default`. */
  candidates: PageCandidate[];
}

export function toWirePolicy(policy: WirePagePolicy): WirePagePolicy {
  const { pattern, enabled, requireAuth, autoConnect, connectionType, features, version } = policy;
  return { pattern, enabled, requireAuth, autoConnect, connectionType, features, version };
}

/** All that a policy says, without who said it. */
export function toServedPolicy(policy: ServedPagePolicy): ServedPagePolicy {
  const { requireRoles, topics, presenceTopics, presence } = policy;
  return {
    ...toWirePolicy(policy),
    ...(requireRoles === undefined ? {} : { requireRoles }),
    ...(topics === undefined ? {} : { topics }),
    ...(presenceTopics === undefined ? {} : { presenceTopics }),
    ...(presence === undefined ? {} : { presence }),
  };
}

/** Whether a policy lets a user with these roles onto its page. Roles are those of the token. */
export function hasRequiredRole(
  policy: Pick<ServedPagePolicy, 'requireRoles'>,
  roles: readonly string[] = [],
): boolean {
  return policy.requireRoles?.some((role) => roles.includes(role)) ?? true;
}

/** Whether connections of a page may subscribe to a topic that their token does not name. */
export function allowsTopic(
  { topics = [], presenceTopics = [] }: Pick<ServedPagePolicy, 'topics' | 'presenceTopics'>,
  topic: string,
): boolean {
  return isAmong(topics, topic) || isAmong(presenceTopics, topic);
}

/** Whether users on a page are shown to each other in a topic that their token does not name. */
export function showsTopic({ presenceTopics = [] }: Pick<ServedPagePolicy, 'presenceTopics'>, topic: string): boolean {
  return isAmong(presenceTopics, topic);
}

function isAmong(patterns: readonly string[], topic: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? topic.startsWith(pattern.slice(0, -1)) : topic === pattern,
  );
}

/**
 * The policy a path falls under: an exact pattern before any other, then the pattern with more literal
 * segments, then one with parameters before a prefix, the longer prefix before the shorter, then `default`.
 * The answer depends on the set of policies and the path alone, never on their order, so that server, client
 * and console always agree.
 */
export function resolvePage<P extends WirePagePolicy>(policies: readonly P[], path: string): PageResolution<P> {
  const rules = rulesOf(policies);
  const candidates: PageCandidate[] = [];
  let winner: { policy: P; shape: Shape } | undefined;
  for (const rule of rules) {
    const matched = isUnder(rule.policy.pattern, path);
    candidates.push({ pattern: rule.policy.pattern, rank: candidates.length + 1, matched });
    if (matched) winner ??= rule;
  }
  if (candidates.at(-1)?.pattern !== 'default') {
    candidates.push({ pattern: 'default', rank: candidates.length + 1, matched: true });
  }
  if (winner === undefined) {
    return {
      policy: builtInDefaultPolicy,
      why: 'no pattern matches and the app has no default: no WebSocket',
      candidates,
    };
  }
  return { policy: winner.policy, why: whyItWon(winner.policy.pattern, winner.shape), candidates };
}

/** The most specific first: the first that a path falls under is its policy. */
export function sortPolicies<P extends WirePagePolicy>(policies: readonly P[]): P[] {
  return rulesOf(policies).map(({ policy }) => policy);
}

/**
 * The policy alone, of policies in the order of `sortPolicies`, as the server sends them: what a browser has to
 * load for that is a quarter.
 */
export function findPolicy<P extends WirePagePolicy>(sorted: readonly P[], path: string): P | WirePagePolicy {
  return sorted.find(({ pattern }) => isUnder(pattern, path)) ?? builtInDefaultPolicy;
}

/** Whether a path falls under a pattern, whatever other patterns there are. */
export function isUnder(pattern: string, path: string): boolean {
  if (pattern === 'default') return true;
  const wanted = segmentsOf(normalizePath(path));
  const parts = segmentsOf(pattern);
  const isPrefix = parts.at(-1) === '*';
  if (isPrefix) parts.pop();
  // A prefix also matches its own root: `/admin/` and `/admin` are the same path.
  const isLongEnough = isPrefix ? wanted.length >= parts.length : wanted.length === parts.length;
  return isLongEnough && parts.every((part, index) => part.startsWith(':') || part === wanted[index]);
}

function rulesOf<P extends WirePagePolicy>(policies: readonly P[]): { policy: P; shape: Shape }[] {
  return policies.map((policy) => ({ policy, shape: shapeOf(policy.pattern) })).toSorted(mostSpecificFirst);
}

interface Shape {
  kind: 'exact' | 'parameters' | 'prefix' | 'default';
  /** Without the star of a prefix. A parameter is null: it matches any one segment. */
  segments: (string | null)[];
  literals: number;
}

function shapeOf(pattern: string): Shape {
  if (pattern === 'default') return { kind: 'default', segments: [], literals: 0 };
  const parts = segmentsOf(pattern);
  const isPrefix = parts.at(-1) === '*';
  const segments = (isPrefix ? parts.slice(0, -1) : parts).map((part) => (part.startsWith(':') ? null : part));
  const literals = segments.filter((segment) => segment !== null).length;
  if (isPrefix) return { kind: 'prefix', segments, literals };
  return { kind: literals === segments.length ? 'exact' : 'parameters', segments, literals };
}

/** Exact patterns before all others, `default` after them. */
const kindOrder = { exact: 0, parameters: 1, prefix: 1, default: 2 };

interface Rule {
  policy: WirePagePolicy;
  shape: Shape;
}

function mostSpecificFirst(a: Rule, b: Rule): number {
  return (
    kindOrder[a.shape.kind] - kindOrder[b.shape.kind] ||
    b.shape.literals - a.shape.literals ||
    // Parameters before a prefix: of the two names the one that comes first.
    compare(a.shape.kind, b.shape.kind) ||
    b.shape.segments.length - a.shape.segments.length ||
    // `/a/:x` before `/:x/a`: the literal that comes first in the path decides.
    compare(literalMap(a.shape), literalMap(b.shape)) ||
    compare(a.policy.pattern, b.policy.pattern) ||
    b.policy.version - a.policy.version ||
    // Two policies of one pattern and version do not happen; if they do, their order must still not matter.
    compare(textOf(a.policy), textOf(b.policy))
  );
}

function textOf(policy: WirePagePolicy): string {
  return JSON.stringify(policy, ['enabled', 'requireAuth', 'autoConnect', 'connectionType', 'features']);
}

function literalMap(shape: Shape): string {
  return shape.segments.map((segment) => (segment === null ? '1' : '0')).join('');
}

/** By code unit, not by locale: a browser in Shanghai and a server in Frankfurt must sort alike. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function whyItWon(pattern: string, shape: Shape): string {
  if (shape.kind === 'exact') return `the path is exactly ${pattern}`;
  if (shape.kind === 'default') return "no other pattern matches, so the app's default applies";
  const literals = shape.literals === 1 ? '1 literal segment' : `${shape.literals} literal segments`;
  if (shape.kind === 'parameters')
    return `${pattern} has the right length and ${literals}, and no matching pattern is more specific`;
  return `the path is below ${pattern}, with ${literals}, and no matching pattern is more specific`;
}
