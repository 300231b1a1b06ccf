// Fetches a key set once, for somebody who is about to name it: which of its keys could verify tokens. Keys
// that are in use: jwks.ts.

import type { VerificationKey } from './jwks.ts';
import { usableKeys } from './jwks.ts';

export interface CheckedKeySet {
  keys: readonly Pick<VerificationKey, 'kid' | 'algorithms'>[];
  /** Why there are none. */
  error?: string;
}

export class KeySetCheck {
  readonly #fetchJwks: (url: string) => Promise<unknown>;

  constructor({ fetchJwks }: { fetchJwks: (url: string) => Promise<unknown> }) {
    this.#fetchJwks = fetchJwks;
  }

  async check(url: string): Promise<CheckedKeySet> {
    try {
      const keys = await usableKeys(await this.#fetchJwks(url));
      return keys.length > 0 ? { keys } : { keys, error: 'none of its keys is one of RS256, ES256 or EdDSA' };
    } catch (error) {
      return { keys: [], error: error instanceof Error ? reasonOf(error) : String(error) };
    }
  }
}

/** What went wrong on the way is the cause of what the call says. */
function reasonOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}
