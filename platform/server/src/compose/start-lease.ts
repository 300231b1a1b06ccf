// What the nodes of an installation do one after the other as they start: one puts in place what a provision file
// says, and the next finds it there.

import { pause } from '../concurrency/pause.ts';
import { Rounds } from '../concurrency/rounds.ts';
import type { Clock } from '../ports/clock.ts';
import type { Leases } from '../ports/leases.ts';

/** A node that is killed while it starts holds up the others for so long. */
const leaseMs = 15_000;
const renewEveryMs = 5000;
const askAgainMs = 200;

export interface StartLeaseDeps {
  leases: Leases;
  clock: Pick<Clock, 'after'>;
}

/** Waits as long as another node holds `name`; then does the work, and holds it meanwhile. */
export async function oneNodeAtATime<T>(
  name: string,
  { leases, clock }: StartLeaseDeps,
  work: () => Promise<T>,
): Promise<T> {
  let lease = await leases.acquire(name, leaseMs);
  while (lease === undefined) {
    await pause(clock, askAgainMs);
    lease = await leases.acquire(name, leaseMs);
  }
  const held = lease;
  // A lease that is lost stops nothing: the work writes by compare-and-set.
  const run = async (): Promise<void> => {
    await held.renew().catch(() => false);
  };
  const renewals = new Rounds({ clock, everyMs: renewEveryMs, run });
  renewals.start();
  try {
    return await work();
  } finally {
    await renewals.stop();
    await held.release().catch(() => undefined);
  }
}
