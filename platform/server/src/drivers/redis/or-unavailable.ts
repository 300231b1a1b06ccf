// The one way in which a failed command of Redis reaches the callers of a port: as `unavailable`. Whether it was
// done all the same is not known then.

import { BelfryError } from '@belfry/protocol';

/** Calls `run` and waits for it; what it fails with becomes the cause. */
export async function orUnavailable<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof BelfryError) throw error;
    throw new BelfryError('unavailable', { cause: error });
  }
}
