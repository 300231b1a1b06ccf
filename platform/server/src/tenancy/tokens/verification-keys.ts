// The keys that a token of an app may have been signed with: the app's own secrets, and the public keys of
// its issuer. Checking signatures is tokens.ts.

import { createSecretKey } from 'node:crypto';
import { BelfryError } from '@belfry/protocol';
import type { Clock } from '../../ports/clock.ts';
import type { AppRecord } from '../../ports/stores/tenancy.ts';
import type { Vault } from '../vault.ts';
import { openSigningSecret } from './app-signing.ts';
import { createJwks, type Jwks, type VerificationKey } from './jwks.ts';

export class VerificationKeys {
  readonly #vault: Pick<Vault, 'open'>;
  readonly #jwks: Jwks;
  readonly #opened = new WeakMap<AppRecord, readonly VerificationKey[]>();

  constructor(deps: {
    vault: Pick<Vault, 'open'>;
    clock: Pick<Clock, 'monotonic'>;
    fetchJwks: (url: string) => Promise<unknown>;
  }) {
    this.#vault = deps.vault;
    this.#jwks = createJwks(deps);
  }

  /** The app's own, newest first. */
  secretsOf(record: AppRecord): readonly VerificationKey[] {
    const known = this.#opened.get(record);
    if (known !== undefined) return known;
    const opened = record.signingSecrets.map((sealed) => ({
      kid: sealed.kid,
      algorithms: ['HS256'],
      key: hmacKey(openSigningSecret(record.app, sealed, this.#vault)),
    }));
    this.#opened.set(record, opened);
    return opened;
  }

  /**
   * The keys of the token's kid, or all when it names none. Each is good for its own algorithm only. Rejects
   * with `unavailable` when the issuer's keys are needed and can't be fetched.
   */
  async candidates(
    record: AppRecord,
    header: { alg: string; kid?: string | undefined },
  ): Promise<readonly VerificationKey[]> {
    const named = (keys: readonly VerificationKey[]) =>
      keys.filter((key) => header.kid === undefined || key.kid === header.kid);
    // An HS256 token never makes us fetch, and is never held against a public key.
    if (header.alg === 'HS256') return named(this.secretsOf(record));
    if (record.jwksUrl === undefined) return [];
    return named(await this.#publicKeys(record.jwksUrl, header.kid)).filter((key) =>
      key.algorithms.includes(header.alg),
    );
  }

  async #publicKeys(url: string, kid: string | undefined): Promise<readonly VerificationKey[]> {
    try {
      return await this.#jwks.keys(url, kid);
    } catch (cause) {
      throw new BelfryError('unavailable', { message: "The app's token keys can't be fetched.", cause });
    }
  }
}

/** Made once: from bytes every token would make it anew. */
function hmacKey(secret: string): VerificationKey['key'] {
  // Unknown in between: where the browser's types are there too, as in the tests of the SDK, Node's are
  // others.
  const key: unknown = createSecretKey(secret, 'utf8').toCryptoKey({ name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ]);
  return key as VerificationKey['key'];
}
