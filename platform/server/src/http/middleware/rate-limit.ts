// How many requests a minute one API key, user or address may make at one door, counted over all nodes.
// Limits of WebSocket commands are the gateway's.

import { BelfryError, isBelfryError } from '@belfry/protocol';
import type { RateAnswer, Rates } from '../../ports/rates.ts';
import { networkOf, type ClientAddress } from '../client-address.ts';
import type { HttpContext } from '../context.ts';

export interface Turns {
  /** Throws `rate_limited` with the time after which it may be tried again. */
  take(name: string, perMinute: number): Promise<void>;
  /** The same for the address of a request that nobody has a name for. */
  takeAddress(ctx: HttpContext): Promise<void>;
}

export interface TurnsDeps {
  rates: Pick<Rates, 'take'>;
  clientAddress: ClientAddress;
  limits: { requestsPerMinute: number };
}

const perMs = 60_000;

/** `door` keeps what is counted at one door apart from the others. */
export function createTurns(door: string, { rates, clientAddress, limits }: TurnsDeps): Turns {
  async function take(name: string, perMinute: number): Promise<void> {
    const answer = await rates.take([{ key: `http ${door} ${name}`, limit: perMinute, perMs }]).catch(grantedWithout);
    if (!answer.ok) throw new BelfryError('rate_limited', { afterMs: answer.afterMs });
  }

  const takeAddress = (ctx: HttpContext): Promise<void> =>
    take(`address ${networkOf(clientAddress(ctx.req))}`, limits.requestsPerMinute);
  return { take, takeAddress };
}

/**
 * Counts that can't be reached stop nobody: the limit keeps a caller from the others, and none from the door.
 */
function grantedWithout(error: unknown): RateAnswer {
  if (isBelfryError(error) && error.code === 'unavailable') return { ok: true };
  throw error;
}
