// The key that Apple gives out (.p8), and the token that is signed with it and used for some time.
import { signJwt, type ProviderContext } from '@belfry/plugin-kit';
import { createPrivateKey, type KeyObject } from 'node:crypto';

/** Apple refuses a token after an hour, and a new one within 20 minutes of the one before. */
const lifeMs = 50 * 60_000;
const youngMs = 20 * 60_000;

interface Signer {
  keyId: string;
  teamId: string;
  privateKey: string;
}

/** One for all calls of a configuration. */
export class ProviderToken {
  readonly #ctx: Pick<ProviderContext<Signer>, 'config' | 'clock' | 'tokens'>;
  readonly #key: KeyObject;
  #signedAtMs = -Infinity;

  constructor(ctx: Pick<ProviderContext<Signer>, 'config' | 'clock' | 'tokens'>) {
    this.#ctx = ctx;
    this.#key = readKey(ctx.config.privateKey);
  }

  get(signal: AbortSignal): Promise<string> {
    return this.#ctx.tokens.get('provider', async () => this.#sign(), { earlyMs: 0, signal });
  }

  /** Apple calls it too old. False where another would come too soon: then a clock is wrong. */
  expired(token: string): boolean {
    const { clock, tokens } = this.#ctx;
    if (clock.now() - this.#signedAtMs < youngMs) return false;
    tokens.drop('provider', token);
    return true;
  }

  #sign(): { value: string; expiresAtMs: number } {
    const { keyId: kid, teamId: iss } = this.#ctx.config;
    const nowMs = this.#ctx.clock.now();
    this.#signedAtMs = nowMs;
    const claims = { iss, iat: Math.floor(nowMs / 1000) };
    const value = signJwt({ alg: 'ES256', key: this.#key, header: { kid }, claims });
    return { value, expiresAtMs: nowMs + lifeMs };
  }
}

/**
 * A key is often pasted from one line of JSON, with `\n` written out, or without the last line end.
 * @throws Error where it is no key of the curve P-256
 */
function readKey(pem: string): KeyObject {
  const key = createPrivateKey(pem.replaceAll('\\n', '\n').trim());
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('is no key of the curve P-256');
  return key;
}

export function isKey(pem: string): boolean {
  try {
    readKey(pem);
    return true;
  } catch {
    return false;
  }
}
