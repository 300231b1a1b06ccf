// A read and a conditional write, again and again until no other writer came in between. Not what is written.

import { BelfryError } from '@belfry/protocol';
import { backOffMs } from '../../../concurrency/back-off.ts';
import { pause } from '../../../concurrency/pause.ts';
import type { Clock } from '../../../ports/clock.ts';

/** Of writers who race each time one succeeds, so that so many failures are no race. */
const mostTries = 50;
const backOff = { baseMs: 2, maxMs: 100 };
/** Most races are over at once. */
const triesAtOnce = 3;

/** `run` answers undefined where another was faster. Rejects with `unavailable` when that does not end. */
export async function untilUncontended<R>(clock: Pick<Clock, 'after'>, run: () => Promise<R | undefined>): Promise<R> {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const result = await run();
    if (result !== undefined) return result;
    if (tries < triesAtOnce) continue;
    const waitMs = backOffMs(tries - triesAtOnce + 1, backOff);
    await pause(clock, waitMs);
  }
  throw new BelfryError('unavailable', { cause: new Error(`${mostTries} writes in a row met a faster one`) });
}
