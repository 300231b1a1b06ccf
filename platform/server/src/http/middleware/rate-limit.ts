// How many requests a minute one API key, user or address may make. Limits of WebSocket commands are the gateway's.

import { BelfryError } from '@belfry/protocol';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export interface RateLimit {
  /** Throws `rate_limited` with the time after which it may be tried again. */
  take(who: string, perMinute: number): Promise<void>;
}

/** Counted per node, over windows of a minute. */
export function createRateLimit(): RateLimit {
  // One limiter for each limit that an app has: there are few, and a changed limit counts at once.
  const limiters = new Map<number, RateLimiterMemory>();

  return {
    async take(who, perMinute) {
      let limiter = limiters.get(perMinute);
      if (limiter === undefined) {
        limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
        limiters.set(perMinute, limiter);
      }
      try {
        await limiter.consume(who);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        throw new BelfryError('rate_limited', { afterMs: refusal.msBeforeNext });
      }
    },
  };
}
