// What a page may do over the WebSocket, and which policy a path falls under. Storing and changing policies is the server's.
import * as z from 'zod';
import { featureSchema } from './features.ts';
import { timestampSchema } from './ids.ts';
import { normalizePath } from './page-path.ts';

/** `/chat`, `/chat/:id`, `/admin/*`, or `default` for every page that nothing else matches. */
export const patternSchema = z
  .string()
  .max(512)
  .superRefine((pattern, context) => {
    const problem = patternProblem(pattern);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

const policyFields = {
  pattern: patternSchema,
  enabled: z.boolean(),
  requireAuth: z.boolean(),
  autoConnect: z.boolean(),
  connectionType: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 characters of A-Z a-z 0-9 _ -'),
  features: z.array(featureSchema).max(64),
};

/** What a person or a provision file says about a page. */
export const pagePolicyInputSchema = z.strictObject({
  ...policyFields,
  requireAuth: policyFields.requireAuth.default(true),
  autoConnect: policyFields.autoConnect.default(true),
  connectionType: policyFields.connectionType.default('default'),
  features: policyFields.features.default([]),
});
export type PagePolicyInput = z.infer<typeof pagePolicyInputSchema>;

/** A policy as a connection is told it: in the `connect` and `page` answers, and in `page_config_changed`. */
export const wirePagePolicySchema = z.object({ ...policyFields, version: z.int().min(0) });
export type WirePagePolicy = z.infer<typeof wirePagePolicySchema>;

/** A policy as it is stored: with who changed it last, and when. */
export const pagePolicySchema = wirePagePolicySchema.extend({
  updatedAt: timestampSchema,
  updatedBy: z.string().max(256),
});
export type PagePolicy = z.infer<typeof pagePolicySchema>;

/** What applies to a path that no policy matches, in an app without an entry `default`: no WebSocket. */
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

/**
 * The policy a path falls under: an exact pattern before any other, then the pattern with more literal segments, then
 * one with parameters before a prefix, the longer prefix before the shorter, then `default`. The answer depends on
 * the set of policies and the path alone, never on their order, so that server, client and console always agree.
 */
export function resolvePage<P extends WirePagePolicy>(policies: readonly P[], path: string): PageResolution<P> {
  const wanted = segmentsOf(normalizePath(path));
  const rules = policies.map((policy) => ({ policy, shape: shapeOf(policy.pattern) })).toSorted(mostSpecificFirst);
  const candidates: PageCandidate[] = [];
  let winner: { policy: P; shape: Shape } | undefined;
  for (const rule of rules) {
    const matched = matches(rule.shape, wanted);
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

function matches(shape: Shape, path: readonly string[]): boolean {
  if (shape.kind === 'default') return true;
  // A prefix also matches its own root: `/admin/` and `/admin` are the same path.
  const longEnough =
    shape.kind === 'prefix' ? path.length >= shape.segments.length : path.length === shape.segments.length;
  return longEnough && shape.segments.every((segment, index) => segment === null || segment === path[index]);
}

const kindOrder = { exact: 0, parameters: 1, prefix: 2, default: 3 };

interface Rule {
  policy: WirePagePolicy;
  shape: Shape;
}

function mostSpecificFirst(a: Rule, b: Rule): number {
  const isDefault = Number(a.shape.kind === 'default') - Number(b.shape.kind === 'default');
  const isExact = Number(b.shape.kind === 'exact') - Number(a.shape.kind === 'exact');
  return (
    isDefault ||
    isExact ||
    b.shape.literals - a.shape.literals ||
    kindOrder[a.shape.kind] - kindOrder[b.shape.kind] ||
    b.shape.segments.length - a.shape.segments.length ||
    // `/a/:x` before `/:x/a`: the literal that comes first in the path decides.
    compare(literalMap(a.shape), literalMap(b.shape)) ||
    compare(a.policy.pattern, b.policy.pattern) ||
    b.policy.version - a.policy.version ||
    // Two policies of one pattern and version do not happen; if they do, their order must still not matter.
    compare(JSON.stringify(toWirePolicy(a.policy)), JSON.stringify(toWirePolicy(b.policy)))
  );
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

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function patternProblem(pattern: string): string | undefined {
  if (pattern === 'default') return undefined;
  if (!pattern.startsWith('/')) return 'must begin with / or be the word default';
  const canonical = normalizePath(pattern);
  if (canonical !== pattern) return `must be written as ${canonical}`;
  const segments = segmentsOf(pattern);
  for (const [index, segment] of segments.entries()) {
    if (segment.startsWith(':') && !/^:[A-Za-z_][A-Za-z0-9_]*$/.test(segment))
      return 'a parameter is a colon and a name, such as :id';
    if (segment.includes('*') && (segment !== '*' || index !== segments.length - 1))
      return 'a star may only be the last segment';
  }
  return undefined;
}
