// Says to whoever runs the server which clients are kept out for what somebody configured: a wrong app key, an origin
// that is not on the list. A sample of them, since anybody can send these. Refused tokens: tenancy/tokens.
import { Sampling } from '../concurrency/sampling.ts';
import type { Surroundings } from '../ports/surroundings.ts';

export type RefusedReason = 'unknown_app' | 'app_disabled' | 'origin_not_allowed';

export interface RefusedClient {
  /** As the client names it. */
  app: string;
  origin: string | undefined;
  reason: RefusedReason;
}

/** Of one app and reason, one line in so long. Unknown apps are texts from outside, and count as one. */
const lineEveryMs = 10_000;
/** Apps times reasons, of those that were refused lately. */
const maxKept = 1000;
/** Of a text from outside, in characters. */
const maxShown = 200;

export class RefusedClients {
  readonly #surroundings: Pick<Surroundings, 'clock' | 'log'>;
  readonly #lines = new Sampling({ everyMs: lineEveryMs, maxKinds: maxKept });

  constructor(surroundings: Pick<Surroundings, 'clock' | 'log'>) {
    this.#surroundings = surroundings;
  }

  record({ app, origin, reason }: RefusedClient): void {
    const { clock, log } = this.#surroundings;
    const key = reason === 'unknown_app' ? reason : `${reason} ${app}`;
    const count = this.#lines.take(key, clock.monotonic());
    if (count === undefined) return;
    log.warn('client refused', { app: app.slice(0, maxShown), origin: origin?.slice(0, maxShown), reason, count });
  }
}
