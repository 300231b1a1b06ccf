// The public keys of apps that sign their own tokens, from each app's JWKS URL and from nowhere else. Judging tokens is tokens.ts.
import { importJWK, type CryptoKey } from 'jose';
import * as z from 'zod';
import type { Clock } from '../../ports/clock.ts';

/** A key and the one algorithm it is good for. */
export interface VerificationKey {
  kid: string | undefined;
  algorithms: readonly string[];
  key: CryptoKey | Uint8Array;
}

export interface Jwks {
  /**
   * The keys of a URL. Asks again when a token names a `kid` that is not among them, but not more often than every 30 s, and when they are over 10 min
   * old. When that fails the old ones stand. Rejects as `fetchJwks` does when there never were any.
   */
  keys(url: string, kid: string | undefined): Promise<readonly VerificationKey[]>;
}

const freshMs = 600_000;
/** Anybody can send a token with an unknown kid; this is how often that may cost a request. */
const againMs = 30_000;
const maxKeys = 100;

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(maxKeys) });

interface Known {
  keys: readonly VerificationKey[];
  /** Monotonic. */
  triedAtMs: number;
  gotAtMs: number;
}

/** `fetchJwks` resolves with the JSON found at the URL; compose bounds its time and size and which addresses it reaches. */
export function createJwks(deps: {
  fetchJwks: (url: string) => Promise<unknown>;
  clock: Pick<Clock, 'monotonic'>;
}): Jwks {
  const { fetchJwks, clock } = deps;
  const known = new Map<string, Known>();
  const underway = new Map<string, Promise<readonly VerificationKey[]>>();

  async function fetchKeys(url: string): Promise<readonly VerificationKey[]> {
    const before = known.get(url);
    if (before !== undefined) before.triedAtMs = clock.monotonic();
    try {
      const keys = await importAll(jwksSchema.parse(await fetchJwks(url)).keys);
      known.set(url, { keys, triedAtMs: clock.monotonic(), gotAtMs: clock.monotonic() });
      return keys;
    } catch (error) {
      if (before === undefined) throw error;
      return before.keys;
    }
  }

  function shared(url: string): Promise<readonly VerificationKey[]> {
    const running = underway.get(url);
    if (running !== undefined) return running;
    const fetching = fetchKeys(url).finally(() => underway.delete(url));
    underway.set(url, fetching);
    return fetching;
  }

  return {
    async keys(url, kid) {
      const now = clock.monotonic();
      const before = known.get(url);
      if (before === undefined) return shared(url);
      const stale = now - before.gotAtMs > freshMs;
      const unknown = kid !== undefined && !before.keys.some((key) => key.kid === kid);
      return (stale || unknown) && now - before.triedAtMs > againMs ? shared(url) : before.keys;
    },
  };
}

async function importAll(keys: z.output<typeof jwksSchema>['keys']): Promise<VerificationKey[]> {
  const imported = await Promise.all(keys.map(importOne));
  return imported.filter((key) => key !== undefined);
}

/** Keys of other kinds, for other uses, or broken ones are passed over: one bad key must not shut out the rest. */
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
