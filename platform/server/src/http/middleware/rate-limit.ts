// How many requests a minute one API key, user or address may make. Limits of WebSocket commands are the
// gateway's.

import { BelfryError } from '@belfry/protocol';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { ClientAddress } from '../client-address.ts';
import type { HttpContext } from '../context.ts';

export interface Turns {
  /** Throws `rate_limited` with the time after which it may be tried again. */
  take(name: string, perMinute: number): Promise<void>;
  /** The same for the address of a request that nobody has a name for. */
  takeAddress(ctx: HttpContext): Promise<void>;
}

/** Counted per node, over windows of a minute. */
export function createTurns(deps: { clientAddress: ClientAddress; limits: { requestsPerMinute: number } }): Turns {
  const { clientAddress, limits } = deps;
  // One limiter for each limit that an app has: there are few, and a changed limit counts at once.
  const limiters = new Map<number, RateLimiterMemory>();

  async function take(name: string, perMinute: number): Promise<void> {
    let limiter = limiters.get(perMinute);
    if (limiter === undefined) {
      limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
      limiters.set(perMinute, limiter);
    }
    try {
      await limiter.consume(name);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new BelfryError('rate_limited', { afterMs: refusal.msBeforeNext });
    }
  }

  return { take, takeAddress: (ctx) => take(`address ${clientAddress(ctx.req)}`, limits.requestsPerMinute) };
}
