// The number of connections that an app has on all nodes, for the limit of the app. Admission is the
// gateway's.

import { NearCache } from '../caching/near-cache.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Presence } from '../ports/presence.ts';
import type { Registry } from './registry.ts';

/**
 * The counts of other nodes may be this old: a directory that was asked for every upgrade would cost more
 * than the few connections above the limit.
 */
const maxAgeMs = 1000;
const maxApps = 10_000;

export interface ConnectionCountDeps {
  registry: Pick<Registry, 'ofApp'>;
  presence: Pick<Presence, 'count'>;
  clock: Pick<Clock, 'monotonic'>;
}

export class ConnectionCount {
  readonly #deps: ConnectionCountDeps;
  readonly #elsewhere: NearCache<number>;

  constructor(deps: ConnectionCountDeps) {
    this.#deps = deps;
    this.#elsewhere = new NearCache({ clock: deps.clock, maxAgeMs, maxSize: maxApps });
  }

  /**
   * This node's exactly, the others' as they were a second ago at most. Never rejects: without presence, this
   * node's alone.
   */
  async of(app: AppId): Promise<number> {
    const elsewhere = await this.elsewhere(app);
    return (this.#deps.registry.ofApp(app)?.size ?? 0) + elsewhere;
  }

  /** The count of the others, as it was a second ago at most. Never rejects: 0 without presence. */
  elsewhere(app: AppId): Promise<number> {
    const { presence } = this.#deps;
    return this.#elsewhere.get(app, async () => (await presence.count(app)).elsewhere).catch(() => 0);
  }
}
