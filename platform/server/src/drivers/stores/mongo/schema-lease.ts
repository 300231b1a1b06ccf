// One process at a time changes the schema. The lease is a fact in the database itself: what is changed and
// who may change it are lost together, and no clock of two machines is compared.

import { randomUUID } from 'node:crypto';
import { pause } from '../../../concurrency/pause.ts';
import { Rounds } from '../../../concurrency/rounds.ts';
import type { Clock } from '../../../ports/clock.ts';
import { Collection } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { installationFacts } from './installation.ts';

const leaseFactName = 'schema_lease';

/** A holder that does not say within this time that it lives is taken for dead, ms. */
const leaseMs = 15_000;
const renewEveryMs = 5000;
const askAgainMs = 200;

export interface SchemaLeaseTimes {
  leaseMs: number;
  renewEveryMs: number;
}

type Facts = Collection<{ name: string; value: string }>;

/**
 * Waits as long as another process holds it. It says that it lives by changing the fact, so that whoever
 * waits measures by their own clock how long it has been silent.
 */
export async function underSchemaLease<T>(
  connection: MongoConnection,
  { clock, times = { leaseMs, renewEveryMs } }: { clock: Clock; times?: SchemaLeaseTimes | undefined },
  work: () => Promise<T>,
): Promise<T> {
  const facts: Facts = new Collection(connection, installationFacts);
  let mine = await acquire(facts, clock, times.leaseMs);
  const renew = async (): Promise<void> => {
    const next = randomUUID();
    // One that was lost stops nothing: steps may be done by several at once.
    const { matched } = await facts.update({ name: leaseFactName, value: mine }, { $set: { value: next } });
    if (matched > 0) mine = next;
  };
  const run = (): Promise<void> => renew().catch(() => undefined);
  const renewals = new Rounds({ clock, everyMs: times.renewEveryMs, run });
  renewals.start();
  try {
    return await work();
  } finally {
    await renewals.stop();
    await facts.remove({ name: leaseFactName, value: mine }).catch(() => 0);
  }
}

async function acquire(facts: Facts, clock: Clock, silentMs: number): Promise<string> {
  const mine = randomUUID();
  let seen: { value: string; sinceMs: number } | undefined;
  for (;;) {
    if (await facts.insert({ name: leaseFactName, value: mine })) return mine;
    const value = (await facts.findOne({ name: leaseFactName }))?.value;
    const nowMs = clock.monotonic();
    if (value !== undefined && value === seen?.value && nowMs - seen.sinceMs >= silentMs) {
      const { matched } = await facts.update({ name: leaseFactName, value }, { $set: { value: mine } });
      if (matched > 0) return mine;
    }
    if (value !== undefined && value !== seen?.value) seen = { value, sinceMs: nowMs };
    await pause(clock, askAgainMs);
  }
}
