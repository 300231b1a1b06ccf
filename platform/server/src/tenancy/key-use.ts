// Records when an API key was last used, and from where: to the minute, beside the requests. Whether a key is
// good: api-keys.ts.

import { leastUsed } from '../caching/least-used.ts';
import type { Clock } from '../ports/clock.ts';
import type { ApiKeyRecord, TenancyStore } from '../ports/stores/tenancy.ts';

/** Each write of it is one of the store; people read it to see whether a key may go. */
const everyMs = 60_000;
const maxKept = 10_000;
/** Of a text that a proxy may have made. */
const maxAddressChars = 64;

export class KeyUse {
  readonly #store: Pick<TenancyStore, 'apiKeyByHash' | 'putApiKey'>;
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  /** By the hash of a key: when it was recorded last, monotonic. */
  readonly #recorded = leastUsed<number>(maxKept);

  constructor({
    store,
    clock,
  }: {
    store: Pick<TenancyStore, 'apiKeyByHash' | 'putApiKey'>;
    clock: Pick<Clock, 'now' | 'monotonic'>;
  }) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Nobody waits for it, and what goes wrong with it goes wrong for nobody. */
  record({ hash }: Pick<ApiKeyRecord, 'hash'>, address: string | undefined): void {
    const now = this.#clock.monotonic();
    const last = this.#recorded.get(hash);
    if (last !== undefined && now - last < everyMs) return;
    this.#recorded.set(hash, now);
    void this.#write(hash, address?.slice(0, maxAddressChars)).catch(() => undefined);
  }

  /** A key that was changed or taken back in between stays as it is: the next use is recorded. */
  async #write(hash: string, address: string | undefined): Promise<void> {
    const found = await this.#store.apiKeyByHash(hash);
    if (found === undefined) return;
    const { version, lastAddress: _before, ...key } = found;
    const used = { ...key, lastUsedAt: this.#clock.now(), ...(address !== undefined && { lastAddress: address }) };
    await this.#store.putApiKey(used, version);
  }
}
