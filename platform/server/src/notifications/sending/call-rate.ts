// Keeps the calls of one configuration under what its service allows per second. In this process; several workers share the limit by luck alone.
import type { Clock } from '../../ports/clock.ts';

export interface CallRate {
  /** 0: call now. Above 0: the caller's place, this many ms from now; nothing was taken. */
  admitMs(key: string, perSecond: number | undefined): number;
}

/** A bucket of one second's calls. As many buckets as configurations with a limit. */
export function createCallRate(clock: Clock): CallRate {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    admitMs(key, perSecond) {
      if (perSecond === undefined) return 0;
      const now = clock.monotonic();
      const most = Math.max(1, perSecond);
      const bucket = buckets.get(key) ?? { tokens: most, at: now };
      bucket.tokens = Math.min(most, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
      bucket.at = now;
      buckets.set(key, bucket);
      if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / perSecond) * 1000);
      bucket.tokens -= 1;
      return 0;
    },
  };
}
