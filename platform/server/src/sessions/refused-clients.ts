// Says to whoever runs the server which clients are kept out for what somebody configured: a wrong app key, an origin
// that is not on the list. A sample of them, since anybody can send these. Refused tokens: tenancy/tokens.
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
/** Apps times reasons; then it begins anew. */
const maxKept = 1000;
/** Of a text from outside, in characters. */
const maxShown = 200;

export class RefusedClients {
  readonly #surroundings: Pick<Surroundings, 'clock' | 'log'>;
  readonly #samples = new Map<string, { nextLineAtMs: number; unsaid: number }>();

  constructor(surroundings: Pick<Surroundings, 'clock' | 'log'>) {
    this.#surroundings = surroundings;
  }

  record({ app, origin, reason }: RefusedClient): void {
    const { clock, log } = this.#surroundings;
    const key = reason === 'unknown_app' ? reason : `${reason} ${app}`;
    const nowMs = clock.monotonic();
    const sample = this.#samples.get(key);
    if (sample !== undefined && nowMs < sample.nextLineAtMs) {
      sample.unsaid += 1;
      return;
    }
    if (this.#samples.size >= maxKept) this.#samples.clear();
    this.#samples.set(key, { nextLineAtMs: nowMs + lineEveryMs, unsaid: 0 });
    const count = (sample?.unsaid ?? 0) + 1;
    log.warn('client refused', { app: app.slice(0, maxShown), origin: origin?.slice(0, maxShown), reason, count });
  }
}
