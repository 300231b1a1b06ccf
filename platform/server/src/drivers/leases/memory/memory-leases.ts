// Leases of the embedded engine: one process has the data, so they are kept in it. Several nodes of a test
// share one object.

import type { Clock } from '../../../ports/clock.ts';
import type { Lease, Leases } from '../../../ports/leases.ts';

interface Held {
  /** Monotonic ms. */
  endsAt: number;
}

export class MemoryLeases implements Leases {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #held = new Map<string, Held>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  async acquire(name: string, ttlMs: number): Promise<Lease | undefined> {
    const now = this.#clock.monotonic();
    const before = this.#held.get(name);
    if (before !== undefined && before.endsAt > now) return undefined;
    const mine: Held = { endsAt: now + ttlMs };
    this.#held.set(name, mine);
    return {
      renew: async () => {
        const isMine = this.#held.get(name) === mine && mine.endsAt > this.#clock.monotonic();
        if (isMine) mine.endsAt = this.#clock.monotonic() + ttlMs;
        return isMine;
      },
      release: async () => {
        if (this.#held.get(name) === mine) this.#held.delete(name);
      },
    };
  }
}
