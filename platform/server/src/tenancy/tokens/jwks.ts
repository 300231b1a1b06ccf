// The public keys of apps that sign their own tokens, from each app's JWKS URL and from nowhere else.
// Verifying tokens is tokens.ts.
import { isBelfryError } from '@belfry/protocol';
import { importJWK, type CryptoKey } from 'jose';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { keptForGood, NearCache } from '../../caching/near-cache.ts';
import { BackOff } from '../../concurrency/back-off.ts';
import type { Clock } from '../../ports/clock.ts';

/** A key and the one algorithm it is good for. */
export interface VerificationKey {
  kid: string | undefined;
  algorithms: readonly string[];
  key: CryptoKey | Uint8Array;
}

export interface Jwks {
  /**
   * The keys of a URL. Asks again when a token names a `kid` that is not among them, but not more often than
   * every 30 s, and when they are over 10 min old. When that fails the old ones stand. Rejects as `fetchJwks`
   * does when there never were any, and then for a back-off of some seconds without asking.
   */
  keys(url: string, kid: string | undefined): Promise<readonly VerificationKey[]>;
}

const freshMs = 600_000;
/** Anybody can send a token with an unknown kid; this is how often that may cost a request. */
const againMs = 30_000;
/** Anybody can send a token of an app whose keys cannot be had: what failed is not asked for again before. */
const failedBackOff = { baseMs: 2_500, maxMs: 15_000 };
const maxKeys = 100;
/** One an app, of those that sign their own tokens. */
const maxUrls = 10_000;

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(maxKeys) });

interface Known {
  keys: readonly VerificationKey[];
  /** Monotonic. */
  triedAtMs: number;
  gotAtMs: number;
}

/** A URL that has never answered. */
interface Failed {
  backOff: BackOff;
  /** Monotonic; not to be asked before. */
  againAtMs: number;
  error: unknown;
}

/**
 * `fetchJwks` resolves with the JSON found at the URL; compose bounds its time and size and which addresses
 * it reaches.
 */
export function createJwks(deps: {
  fetchJwks: (url: string) => Promise<unknown>;
  clock: Pick<Clock, 'monotonic'>;
  /** In [0, 1); for jitter. */
  random?: (() => number) | undefined;
}): Jwks {
  const { fetchJwks, clock, random } = deps;
  const failures = new LRUCache<string, Failed>({ max: maxUrls });
  const cache = new NearCache<Known>({ clock, maxAgeMs: keptForGood, maxSize: maxUrls, isKeptWhileRefreshed: true });

  async function load(url: string, before: Known | undefined): Promise<Known> {
    const failed = failures.get(url);
    if (before !== undefined) before.triedAtMs = clock.monotonic();
    else if (failed !== undefined && clock.monotonic() < failed.againAtMs) throw failed.error;
    try {
      const keys = await usableKeys(await fetchJwks(url));
      failures.delete(url);
      return { keys, triedAtMs: clock.monotonic(), gotAtMs: clock.monotonic() };
    } catch (error) {
      // Not its fault: it was not asked.
      const isRefused = isBelfryError(error) && error.code === 'overloaded';
      if (before === undefined && !isRefused) recordFailure(url, error);
      throw error;
    }
  }

  function recordFailure(url: string, error: unknown): void {
    const backOff = failures.get(url)?.backOff ?? new BackOff({ ...failedBackOff, random });
    failures.set(url, { backOff, againAtMs: clock.monotonic() + backOff.next(), error });
  }

  return {
    async keys(url, kid) {
      const known = await cache.get(url, (before) => load(url, before));
      const now = clock.monotonic();
      const isStale = now - known.gotAtMs > freshMs;
      const isUnknown = kid !== undefined && !known.keys.some((key) => key.kid === kid);
      if ((!isStale && !isUnknown) || now - known.triedAtMs <= againMs) return known.keys;
      return (await cache.refresh(url, (before) => load(url, before)).catch(() => known)).keys;
    },
  };
}

/** Those that can verify tokens. Rejects where it is no key set. */
export async function usableKeys(keySet: unknown): Promise<VerificationKey[]> {
  const parsed = jwksSchema.safeParse(keySet);
  if (!parsed.success) throw new Error('what is there is no key set');
  const imported = await Promise.all(parsed.data.keys.map(importOne));
  return imported.filter((key) => key !== undefined);
}

/**
 * Keys of other kinds, for other uses, or broken ones are passed over: one bad key must not shut out the
 * rest.
 */
async function importOne(jwk: { kty: string; [field: string]: unknown }): Promise<VerificationKey | undefined> {
  const algorithms = algorithmsOf(jwk);
  const [alg] = algorithms;
  if (alg === undefined || (jwk['use'] !== undefined && jwk['use'] !== 'sig')) return undefined;
  // Somebody published a private key. Only its public half is of use here.
  const { d: _private, ...publicJwk } = jwk;
  try {
    const key = await importJWK({ ...publicJwk, kty: jwk.kty }, alg);
    return { kid: typeof jwk['kid'] === 'string' ? jwk['kid'] : undefined, algorithms, key };
  } catch {
    return undefined;
  }
}

/** The algorithm follows from the key. `EdDSA` and `Ed25519` (RFC 9864) are two names of one. */
function algorithmsOf(jwk: { kty: string; [field: string]: unknown }): readonly string[] {
  const allowed =
    jwk.kty === 'RSA'
      ? ['RS256']
      : jwk.kty === 'EC' && jwk['crv'] === 'P-256'
        ? ['ES256']
        : jwk.kty === 'OKP' && jwk['crv'] === 'Ed25519'
          ? ['EdDSA', 'Ed25519']
          : [];
  const named = jwk['alg'];
  return named === undefined || allowed.some((alg) => alg === named) ? allowed : [];
}
