// One app's page policies at one moment, resolved by path and remembered. Loading and changing them:
// live-sets.ts and pages.ts.

import { createHash } from 'node:crypto';
import { normalizePath, resolvePage, sortPolicies, type PagePolicy, type ServedPagePolicy } from '@belfry/protocol';
import { LRUCache } from 'lru-cache';

/**
 * The policy of one path. While it stays the same version this is the same object for the same path, and
 * `policy` and `features` are the same objects for all of its paths: a caller that wants to know whether a
 * policy changed compares `policy` by identity.
 */
export interface ResolvedPage {
  /** One of the app's policies, or the built-in default, whose version is 0. */
  readonly policy: ServedPagePolicy;
  /** Normalized. */
  readonly path: string;
  readonly features: ReadonlySet<string>;
}

export interface PolicySet {
  /** Changes with any policy; without quotes. */
  readonly etag: string;
  /** The most specific first: clients take the first that fits. */
  readonly policies: readonly PagePolicy[];
  resolve(path: string): ResolvedPage;
}

/**
 * Makes a set; policies that `previous` has in the same version keep their objects, and the pages resolved to
 * them theirs.
 */
export function createPolicySet(policies: readonly PagePolicy[], previous?: PolicySet): PolicySet {
  return new ResolvingSet(policies, previous instanceof ResolvingSet ? previous : undefined);
}

// Paths come from clients, visitors too: the number that is remembered is bounded. A path that fell out is
// resolved again.
const rememberedPaths = 1000;

interface Remembered {
  readonly features: ReadonlySet<string>;
  readonly pages: LRUCache<string, ResolvedPage>;
}

class ResolvingSet implements PolicySet {
  readonly etag: string;
  readonly policies: readonly PagePolicy[];
  readonly #byPath = new LRUCache<string, ResolvedPage>({ max: rememberedPaths });
  readonly #byPolicy = new Map<ServedPagePolicy, Remembered>();
  readonly #previous: ReadonlyMap<ServedPagePolicy, Remembered> | undefined;

  constructor(policies: readonly PagePolicy[], previous: ResolvingSet | undefined) {
    const known = new Map(previous?.policies.map((policy) => [JSON.stringify(policy), policy]));
    this.policies = sortPolicies(policies.map((policy) => known.get(JSON.stringify(policy)) ?? policy));
    this.etag = createHash('sha256').update(JSON.stringify(this.policies)).digest('base64url').slice(0, 22);
    // Only policies in use are carried over, so that a chain of changes does not keep every set there ever
    // was.
    const kept = previous?.remembered(this.policies);
    this.#previous = kept;
  }

  resolve(path: string): ResolvedPage {
    const normalized = normalizePath(path);
    const seen = this.#byPath.get(normalized);
    if (seen !== undefined) return seen;
    const { policy } = resolvePage(this.policies, normalized);
    const { pages, features } = this.#remember(policy);
    let page = pages.get(normalized);
    if (page === undefined) {
      page = { policy, path: normalized, features };
      pages.set(normalized, page);
    }
    this.#byPath.set(normalized, page);
    return page;
  }

  remembered(policies: readonly PagePolicy[]): ReadonlyMap<ServedPagePolicy, Remembered> {
    const own = new Set<ServedPagePolicy>(this.policies);
    const wanted = new Set<ServedPagePolicy>(policies);
    const all = [...(this.#previous ?? []), ...this.#byPolicy];
    // The built-in default is in no set of policies, and never changes.
    return new Map(all.filter(([policy]) => wanted.has(policy) || !own.has(policy)));
  }

  #remember(policy: ServedPagePolicy): Remembered {
    const remembered = this.#byPolicy.get(policy) ??
      this.#previous?.get(policy) ?? {
        features: new Set(policy.features),
        pages: new LRUCache<string, ResolvedPage>({ max: rememberedPaths }),
      };
    this.#byPolicy.set(policy, remembered);
    return remembered;
  }
}
