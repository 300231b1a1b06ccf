// Rates on Redis: a counter for each window, which Redis lets go by itself at its end, so that its clock alone
// counts. The connection is the caller's to end.

import type { Rate, RateAnswer, Rates } from '../../../ports/rates.ts';
import type { RedisConnection } from '../../redis/connect.ts';
import { orUnavailable } from '../../redis/or-unavailable.ts';
import { Script } from '../../redis/script.ts';

const takeScript = new Script(new URL('take.lua', import.meta.url));

export class RedisRates implements Rates {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async take(rates: readonly Rate[]): Promise<RateAnswer> {
    return this.#ask(rates, 1);
  }

  async peek(rates: readonly Rate[]): Promise<RateAnswer> {
    return this.#ask(rates, 0);
  }

  async #ask(rates: readonly Rate[], taken: 0 | 1): Promise<RateAnswer> {
    if (rates.length === 0) return { ok: true };
    const keys = rates.map(windowKey);
    const args = [taken, ...rates.flatMap(({ limit, perMs }) => [limit, perMs])];
    const answer = await orUnavailable(() => takeScript.run(this.#connection, { keys, args }));
    const [place, afterMs] = answer as [number, number];
    const usedUp = rates[place - 1];
    return usedUp === undefined ? { ok: true } : { ok: false, key: usedUp.key, afterMs };
  }
}

/** In one slot for all that are alike up to their second colon. A window of another length is another one. */
function windowKey({ key, perMs }: Rate): string {
  const together = key.split(':', 2).join(':');
  return `belfry:{rate:${together}}:${key}:${perMs}`;
}
