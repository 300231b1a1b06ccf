// Where and when a round goes: on one node at a time, and no further once its lease is lost.

import { expect, onTestFinished, test } from 'vitest';
import { MemoryLeases } from '../drivers/leases/memory/memory-leases.ts';
import { createMemoryQueue } from '../drivers/queue/memory/create-memory-queue.ts';
import { silentLog } from '../ports/log.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { Round, type RoundTask } from './round.ts';

const minute = 60_000;

/**
 * Two nodes, each with a queue of its own: as with a broker that takes a slow node for a dead one, nothing
 * but the lease keeps them apart.
 */
function createNodes() {
  const clock = createVirtualClock();
  const leases = new MemoryLeases(clock);
  const warnings: unknown[] = [];
  const log = { ...silentLog, warn: (msg: string, fields?: object) => void warnings.push({ msg, ...fields }) };
  const start = async (run: RoundTask['run']): Promise<Round> => {
    const queue = createMemoryQueue({ clock });
    const round = new Round(
      { name: 'test', everyMs: minute, trouble: 'it could not be done', run },
      { queue, leases, surroundings: { clock, log } },
    );
    onTestFinished(() => round.stop());
    await round.start();
    await clock.advance(0);
    return round;
  };
  return { clock, leases, start, warnings };
}

test('while one node goes round, another does not, and when it has ended another may', async () => {
  const { clock, start } = createNodes();
  const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
  const went: string[] = [];
  await start(async () => {
    went.push('a');
    await ended;
  });
  await start(async () => void went.push('b'));
  await clock.advance(10 * minute);
  expect(went).toEqual(['a']);
  end(undefined);
  await clock.advance(minute);
  expect(went.toSorted().join('')).toMatch(/^a+b+$/);
});

test('a round whose lease was lost may not go on', async () => {
  const { clock, leases, start } = createNodes();
  const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
  // A node that was frozen for longer than its lease sees this.
  const acquire = leases.acquire.bind(leases);
  leases.acquire = async (name, ttlMs) => {
    const lease = await acquire(name, ttlMs);
    return lease === undefined ? undefined : { ...lease, renew: async () => false };
  };
  let mayGoOn: (() => boolean) | undefined;
  await start(async (ask) => {
    mayGoOn = ask;
    await ended;
  });
  expect(mayGoOn?.()).toBe(true);
  await clock.advance(30_000);
  expect(mayGoOn?.()).toBe(false);
  end(undefined);
});

test('a round that is stopped may not go on, and the stop waits for its end', async () => {
  const { start } = createNodes();
  const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
  let mayGoOn: (() => boolean) | undefined;
  const round = await start(async (ask) => {
    mayGoOn = ask;
    await ended;
  });
  let isStopped = false;
  const stopping = round.stop().then(() => (isStopped = true));
  await Promise.resolve();
  expect(mayGoOn?.()).toBe(false);
  expect(isStopped).toBe(false);
  end(undefined);
  await stopping;
});

test('a round that fails is told of, and the next one goes', async () => {
  const { clock, start, warnings } = createNodes();
  let went = 0;
  await start(async () => {
    went += 1;
    if (went === 1) throw new Error('the disk is full');
  });
  await clock.advance(minute);
  expect(went).toBe(2);
  expect(warnings).toEqual([
    {
      msg: 'it could not be done; the next round tries again',
      round: 'test',
      err: expect.objectContaining({ message: 'the disk is full' }),
    },
  ]);
});
