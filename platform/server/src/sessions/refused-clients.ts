// Says to whoever runs the server, and keeps for the people of the app, which clients are kept out for what
// somebody configured: a wrong app key, an origin that is not on the list. A sample of them, since anybody
// can send these. Refused tokens: tenancy/tokens.
import { Sampling } from '../concurrency/sampling.ts';
import { asAppId } from '../ports/app-id.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Refusals } from './refusals.ts';

export type RefusedReason = 'unknown_app' | 'app_disabled' | 'origin_not_allowed';

export interface RefusedClient {
  /** As the client names it. */
  app: string;
  origin: string | undefined;
  reason: RefusedReason;
  stage: 'upgrade' | 'http';
  userAgent?: string | undefined;
  address?: string | undefined;
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

  readonly #refusals: Pick<Refusals, 'record'>;

  constructor(surroundings: Pick<Surroundings, 'clock' | 'log'>, refusals: Pick<Refusals, 'record'>) {
    this.#surroundings = surroundings;
    this.#refusals = refusals;
  }

  record({ app, reason, ...client }: RefusedClient): void {
    const { origin } = client;
    if (reason !== 'unknown_app') {
      const code = reason === 'app_disabled' ? 'page_disabled' : 'forbidden';
      this.#refusals.record(asAppId(app), { ...client, reason, code });
    }
    const { clock, log } = this.#surroundings;
    const key = reason === 'unknown_app' ? reason : `${reason} ${app}`;
    const count = this.#lines.take(key, clock.monotonic());
    if (count === undefined) return;
    log.warn('client refused', { app: app.slice(0, maxShown), origin: origin?.slice(0, maxShown), reason, count });
  }
}
