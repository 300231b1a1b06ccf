// Keeps the calls of one configuration under what its service allows per second. In this process: what
// several workers send together, the service sees.
import type { Clock } from '../../ports/clock.ts';

export class CallRate {
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** Each holds one second's calls. As many as there are configurations with a limit. */
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** 0: call now. Above 0: the caller's place, this many ms from now; nothing was taken. */
  admitMs(key: string, perSecond: number | undefined): number {
    if (perSecond === undefined) return 0;
    const now = this.#clock.monotonic();
    const most = Math.max(1, perSecond);
    const bucket = this.#buckets.get(key) ?? { tokens: most, at: now };
    bucket.tokens = Math.min(most, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / perSecond) * 1000);
    bucket.tokens -= 1;
    return 0;
  }
}
