// How many requests a minute one API key, user or address may make at one door, counted over all nodes.
// Limits of WebSocket commands are the gateway's.

import { BelfryError, isBelfryError } from '@belfry/protocol';
import type { RateAnswer, Rates } from '../../ports/rates.ts';
import { networkOf, type ClientAddress } from '../client-address.ts';
import type { HttpContext } from '../context.ts';

export interface Turns {
  /** Throws `rate_limited` with the time after which it may be tried again. */
  take(name: string, perMinute: number): Promise<void>;
  /** The same, with what may be done in a day. */
  takeOfDay(name: string, perDay: number): Promise<void>;
  /** The same for the address of a request that nobody has a name for. */
  takeAddress(ctx: HttpContext): Promise<void>;
}

export interface TurnsDeps {
  rates: Pick<Rates, 'take'>;
  clientAddress: ClientAddress;
  limits: { requestsPerMinute: number };
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** `door` keeps what is counted at one door apart from the others. */
export function createTurns(door: string, { rates, clientAddress, limits }: TurnsDeps): Turns {
  async function takeOf(name: string, limit: number, perMs: number): Promise<void> {
    const answer = await rates.take([{ key: `http ${door} ${name}`, limit, perMs }]).catch(grantedWithout);
    if (!answer.ok) throw new BelfryError('rate_limited', { afterMs: answer.afterMs });
  }

  return {
    take: (name, perMinute) => takeOf(name, perMinute, minuteMs),
    takeOfDay: (name, perDay) => takeOf(`day ${name}`, perDay, dayMs),
    takeAddress: (ctx) => takeOf(`address ${networkOf(clientAddress(ctx.req))}`, limits.requestsPerMinute, minuteMs),
  };
}

/**
 * Counts that can't be reached stop nobody: the limit keeps a caller from the others, and none from the door.
 */
function grantedWithout(error: unknown): RateAnswer {
  if (isBelfryError(error) && error.code === 'unavailable') return { ok: true };
  throw error;
}
