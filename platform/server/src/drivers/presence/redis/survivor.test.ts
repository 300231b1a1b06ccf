// One survivor cleans up after a dead node, and another goes on where one stopped.

import { expect, onTestFinished, test, vi } from 'vitest';
import { openRedis } from '../../../../test/support/open-redis.ts';
import { startRedis } from '../../../../test/support/redis-server.ts';
import { newApp, sampleConnection } from '../../../../test/support/samples.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { AppRecords } from './app-records.ts';
import { nodeKeys } from './keys.ts';
import { NodeLease } from './node-lease.ts';
import { Survivor, type SurvivorDeps } from './survivor.ts';

// Waits follow each other, and each has seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** Leases run out soon; a claim lasts longer than a busy machine takes for what it is to keep out. */
const times = { leaseMs: 100, graceMs: 50, claimMs: 3000 };

async function start({ graceMs = times.graceMs, claimMs = times.claimMs } = {}) {
  const { leaseMs } = times;
  const redis = await startRedis();
  const connection = await openRedis(redis.url, 'test');
  onTestFinished(async () => {
    connection.disconnect();
    await redis.stop();
  });
  const clock = createSystemClock();
  const [app, records] = [newApp(), new AppRecords(connection)];
  const lease = new NodeLease({ connection, node: 'n1', clock, leaseMs, graceMs });
  await lease.renew();
  const { owner } = lease;
  await records.announce(app, owner);
  for (let i = 0; i < 250; i += 1) await records.join(app, owner, sampleConnection({ userId: `user-${i}` }));
  const told: string[] = [];
  const lost: SurvivorDeps['lost'] = (of, gone) => told.push(...gone.map(({ userId }) => `${of} ${userId}`));
  const cleaned: unknown[] = [];
  const log = { ...silentLog, info: (_: string, fields?: unknown) => void cleaned.push(fields) };
  const survivor = () => new Survivor({ connection, records, clock, log, graceMs, claimMs, lost });
  const left = () => connection.zcard(`belfry:{presence:${app}}:ids:${owner}`);
  const isOver = () =>
    vi.waitFor(async () => expect((await readDead()).includes(owner)).toBe(true), { timeout: 15_000, interval: 5 });
  const other = new NodeLease({ connection, node: 'n2', clock, leaseMs, graceMs });
  const readDead = async () => (await other.renew()).dead;
  return { connection, app, owner, survivor, cleaned, told, left, isOver };
}

test('of survivors that begin at once one cleans up', async () => {
  const { app, owner, survivor, cleaned, told, left, isOver } = await start();
  await isOver();
  await Promise.all(Array.from({ length: 5 }, () => survivor().cleanUpAfter(owner)));
  expect(await left()).toBe(0);
  expect(cleaned).toEqual([{ state: 'cleaned up', deadNode: 'n1', removed: 250 }]);
  expect(told.toSorted()).toEqual(Array.from({ length: 250 }, (_, i) => `${app} user-${i}`).toSorted());
});

test('an owner whose lease has run out a moment ago is left alone: it may be about to renew it', async () => {
  const { connection, owner, survivor, left } = await start({ graceMs: 60_000 });
  await connection.zadd(nodeKeys.leases, Date.now() - 1, owner);
  await survivor().cleanUpAfter(owner);
  expect(await left()).toBe(250);
});

test('a survivor that stopped amid its work is followed by another when its claim is over', async () => {
  const { owner, survivor, cleaned, left, isOver } = await start();
  await isOver();
  const first = survivor();
  first.stop();
  await first.cleanUpAfter(owner);
  await survivor().cleanUpAfter(owner);
  expect(await left()).toBe(250);
  await isOver();
  await survivor().cleanUpAfter(owner);
  expect(await left()).toBe(0);
  expect(cleaned).toHaveLength(1);
});

test('records that were written for an owner after it was given up are cleaned up as well', async () => {
  const { connection, app, owner, survivor, left, isOver } = await start();
  await isOver();
  await survivor().cleanUpAfter(owner);
  await new AppRecords(connection).join(app, owner, sampleConnection());
  expect(await left()).toBe(1);
  await survivor().handOver(owner, [app]);
  await survivor().cleanUpAfter(owner);
  expect(await left()).toBe(0);
  expect(await connection.keys('*:counts')).toEqual([]);
});
