// Fetches the key sets of token issuers, in a pool of their own: an issuer that never answers holds up the
// tokens of its own apps, and neither those of others nor anybody's calls. What is kept of them is jwks.ts.

import { FairPool } from '../../concurrency/fair-pool.ts';
import { withinLimit } from '../../concurrency/time-limit.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Metrics } from '../../ports/metrics.ts';

export interface KeySetFetchesDeps {
  /** The JSON found at the URL. */
  fetch: (url: string, signal: AbortSignal) => Promise<unknown>;
  clock: Clock;
  metrics: Pick<Metrics, 'count' | 'set' | 'onCollect'>;
  limits: { keySetFetchesAtOnce: number; keySetFetchesWaiting: number };
}

/** A client that presents a token waits for it: for its turn and for the answer together. */
export const keySetLimitMs = 5000;

export class KeySetFetches {
  readonly #deps: KeySetFetchesDeps;
  readonly #pool: FairPool;

  constructor(deps: KeySetFetchesDeps) {
    this.#deps = deps;
    const { keySetFetchesAtOnce: running, keySetFetchesWaiting: waiting } = deps.limits;
    this.#pool = new FairPool({ name: 'key_sets', running, waiting, metrics: deps.metrics });
  }

  /**
   * The URL comes from an app's settings, never from a token. Hosts take turns, and not apps: many apps may
   * name one issuer, and each URL is fetched once at a time anyway.
   */
  fetch(url: string): Promise<unknown> {
    const { clock } = this.#deps;
    const { host } = new URL(url);
    return withinLimit({ clock, limitMs: keySetLimitMs }, (signal) =>
      this.#pool.run({ app: host, user: url, signal }, () => this.#deps.fetch(url, signal)),
    );
  }
}
