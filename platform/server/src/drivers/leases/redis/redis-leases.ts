// Leases on Redis: one key each, which Redis lets go by itself at its end, so that its clock alone counts. The
// connection is the caller's to end.

import { randomUUID } from 'node:crypto';
import type { Lease, Leases } from '../../../ports/leases.ts';
import type { RedisConnection } from '../../redis/connect.ts';
import { orUnavailable } from '../../redis/or-unavailable.ts';
import { Script } from '../../redis/script.ts';

const renewScript = new Script(new URL('renew.lua', import.meta.url));
const releaseScript = new Script(new URL('release.lua', import.meta.url));

/** A Redis that lost its data has let go of all leases; a holder learns it when it renews. */
export class RedisLeases implements Leases {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async acquire(name: string, ttlMs: number): Promise<Lease | undefined> {
    const key = `belfry:{lease:${name}}`;
    const token = randomUUID();
    const set = await orUnavailable(() => this.#connection.set(key, token, 'PX', ttlMs, 'NX'));
    if (set === null) return undefined;
    const run = (script: Script, ...args: readonly number[]): Promise<unknown> =>
      orUnavailable(() => script.run(this.#connection, { keys: [key], args: [token, ...args] }));
    return {
      renew: async () => (await run(renewScript, ttlMs)) === 1,
      release: async () => {
        await run(releaseScript);
      },
    };
  }
}
