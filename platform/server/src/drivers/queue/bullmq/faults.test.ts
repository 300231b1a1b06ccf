// What becomes of jobs when Redis, a worker or the way between them fails. Real servers and processes; workers are
// taken for dead soon, so that a test need not wait for those of 6 s.

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openRedis } from '../../../../test/support/open-redis.ts';
import { startRedis, type RedisServer } from '../../../../test/support/redis-server.ts';
import { newApp } from '../../../../test/support/samples.ts';
import { silentLog } from '../../../ports/log.ts';
import type { JobResult } from '../../../ports/queue.ts';
import { createSystemClock } from '../../clock.ts';
import { BullmqQueue } from './bullmq-queue.ts';

// Waits follow each other, and each has seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const lockMs = 1000;
const program = fileURLToPath(new URL('../../../../test/support/queue-process.ts', import.meta.url));
const app = newApp();
const done: JobResult = { done: true };
const nothing = { waiting: 0, delayed: 0, active: 0 };
const soon = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 10 });

async function start(options: readonly string[] = []) {
  const redis = await startRedis(options);
  onTestFinished(() => redis.stop());
  const queue = await open(redis);
  return { redis, queue, name: `q-${randomUUID()}` };
}

async function open(redis: RedisServer, settings: { lockMs?: number } = { lockMs }): Promise<BullmqQueue> {
  const surroundings = { clock: createSystemClock(), log: silentLog };
  const queue = new BullmqQueue({ address: { url: redis.url }, node: 'n1', surroundings, ...settings });
  onTestFinished(() => queue.close());
  await queue.connect();
  return queue;
}

/** Runs the jobs of a queue, and knows which ran. */
async function record(queue: BullmqQueue, name: string) {
  const ran: [id: string, attempt: number][] = [];
  await queue.work(name, { concurrency: 2, maxAttempts: 5 }, async ({ id, attempt }) => {
    ran.push([id, attempt]);
    return done;
  });
  return ran;
}

async function killed(redis: RedisServer, ...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [program, redis.url, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
}

test.each([
  { step: 'added, no ticket yet', runsAgain: ['a', 1] },
  { step: 'taken, not begun', runsAgain: ['a', 2] },
  { step: 'running', runsAgain: ['a', 2] },
  { step: 'run, not recorded', runsAgain: ['a', 2] },
  { step: 'recorded, ticket still there', runsAgain: undefined },
])('a job of a process that was killed is not lost: $step', async ({ step, runsAgain }) => {
  const { redis, queue, name } = await start();
  await killed(redis, name, app, step, String(lockMs));
  const ran = await record(queue, name);
  await queue.add(name, [
    { id: 'a', app, payload: null },
    { id: 'b', app, payload: null, delayMs: 2 * lockMs },
  ]);
  await soon(async () => {
    expect(ran).toContainEqual(['b', 1]);
    expect(await queue.counts(name)).toEqual(nothing);
  });
  expect(ran.filter(([id]) => id === 'a')).toEqual(runsAgain === undefined ? [] : [runsAgain]);
  const admin = await openRedis(redis.url, 'test');
  onTestFinished(() => admin.disconnect());
  const base = `belfry:{queue:${name}}:tickets`;
  await soon(async () => {
    expect(await admin.llen(`${base}:active`)).toBe(0);
    expect(await admin.hlen(`belfry:{queue:${name}}:tickets`)).toBe(0);
  });
});

test('a job of a worker that was killed goes on within 15 s', async () => {
  const { redis, name } = await start();
  const survivor = await open(redis, {});
  const ran = await record(survivor, name);
  const idle = 'a queue that the survivor works too';
  await killed(redis, idle, app, 'running');
  const killedAt = performance.now();
  const late = await record(survivor, idle);
  await soon(() => expect(late).toEqual([['a', 2]]));
  expect(performance.now() - killedAt).toBeLessThan(15_000);
  expect(ran).toEqual([]);
}, 30_000);

test('jobs outlive a Redis that is killed and keeps its data, and an add meanwhile is refused', async () => {
  const { redis, queue, name } = await start(['--appendonly', 'yes', '--appendfsync', 'always']);
  await queue.add(name, [
    { id: 'a', app, payload: null },
    { id: 'late', app, payload: null, delayMs: 300 },
  ]);
  await redis.kill();
  await expect(queue.add(name, [{ id: 'b', app, payload: null }])).rejects.toMatchObject({ code: 'unavailable' });
  await soon(() => expect(queue.state()).toBe('down'));
  const ran = await record(queue, name);
  await redis.restart();
  await soon(() => expect(queue.state()).toBe('up'));
  await queue.add(name, [{ id: 'b', app, payload: null }]);
  await soon(() =>
    expect(ran.toSorted()).toEqual([
      ['a', 1],
      ['b', 1],
      ['late', 1],
    ]),
  );
});

test('a job that runs while Redis is killed is done once, and its end is kept when Redis is back', async () => {
  const { redis, queue, name } = await start(['--appendonly', 'yes', '--appendfsync', 'always']);
  const begun: number[] = [];
  const { promise: isKilled, resolve: go } = Promise.withResolvers<undefined>();
  await queue.work(name, { concurrency: 2, maxAttempts: 5 }, async ({ attempt }) => {
    begun.push(attempt);
    await isKilled;
    return done;
  });
  await queue.add(name, [{ id: 'a', app, payload: null }]);
  await soon(() => expect(begun).toEqual([1]));
  await redis.kill();
  go(undefined);
  await redis.restart();
  await soon(async () => expect(await queue.counts(name)).toEqual(nothing));
  // Whoever was cut off from Redis for longer than its lock is taken for dead.
  expect(begun.length).toBeLessThan(3);
});

test('after a flush new jobs run, what repeats goes on, and a job that asks to run again does', async () => {
  const { redis, queue, name } = await start();
  const admin = await openRedis(redis.url, 'test');
  onTestFinished(() => admin.disconnect());
  let rounds = 0;
  await queue.every(`${name} rounds`, 200, async () => void (rounds += 1));
  const ran: unknown[] = [];
  const { promise: isFlushed, resolve: go } = Promise.withResolvers<undefined>();
  await queue.work(name, { concurrency: 2, maxAttempts: 5 }, async ({ payload }) => {
    ran.push(payload);
    if (payload !== 'first') return done;
    await isFlushed;
    return { again: { delayMs: 50, payload: 'again' } };
  });
  await queue.add(name, [{ id: 'a', app, payload: 'first' }]);
  await soon(() => expect(ran).toEqual(['first']));
  await soon(() => expect(rounds).toBeGreaterThan(0));
  await admin.flushall();
  go(undefined);
  await queue.add(name, [{ id: 'b', app, payload: 'new' }]);
  await soon(() => expect(ran.toSorted()).toEqual(['again', 'first', 'new']));
  const before = rounds;
  await soon(() => expect(rounds).toBeGreaterThan(before + 1));
});

test('what repeats goes on after a flush while it waits', async () => {
  const { redis, queue, name } = await start();
  const admin = await openRedis(redis.url, 'test');
  onTestFinished(() => admin.disconnect());
  let rounds = 0;
  await queue.every(name, 60_000, async () => void (rounds += 1));
  await soon(async () => expect(await queue.counts(`every ${name}`)).toMatchObject({ delayed: 1 }));
  await admin.flushall();
  await soon(() => expect(rounds).toBe(2));
});

test('jobs go on when all clients of Redis are disconnected', async () => {
  const { redis, queue, name } = await start();
  const admin = await openRedis(redis.url, 'test');
  onTestFinished(() => admin.disconnect());
  const ran = await record(queue, name);
  await queue.add(name, [{ id: 'a', app, payload: null }]);
  await soon(() => expect(ran).toEqual([['a', 1]]));
  expect(Number(await admin.call('CLIENT', 'KILL', 'SKIPME', 'yes'))).toBeGreaterThan(2);
  await soon(async () => queue.add(name, [{ id: 'b', app, payload: null }]));
  await soon(() => expect(ran.at(-1)?.[0]).toBe('b'));
});

test('jobs go on after Redis was frozen for longer than workers may be silent', async () => {
  const { redis, queue, name } = await start();
  const ran = await record(queue, name);
  await queue.add(name, [{ id: 'before', app, payload: null, delayMs: 1000 }]);
  process.kill(redis.pid, 'SIGSTOP');
  onTestFinished(() => void process.kill(redis.pid, 'SIGCONT'));
  await expect(queue.add(name, [{ id: 'meanwhile', app, payload: null }])).rejects.toMatchObject({
    code: 'unavailable',
  });
  await soon(() => expect(queue.state()).toBe('down'));
  process.kill(redis.pid, 'SIGCONT');
  await soon(() => expect(queue.state()).toBe('up'));
  await queue.add(name, [{ id: 'after', app, payload: null }]);
  await soon(() => expect(new Set(ran.map(([id]) => id))).toEqual(new Set(['before', 'meanwhile', 'after'])));
});

test.each(['killed', 'frozen'])(
  'a queue closes while Redis is %s, and does not ask it in a loop meanwhile',
  async (how) => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    let failures = 0;
    const log = { ...silentLog, debug: () => void (failures += 1) };
    const surroundings = { clock: createSystemClock(), log };
    const queue = new BullmqQueue({ address: { url: redis.url }, node: 'n1', surroundings, lockMs });
    await queue.connect();
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<undefined>();
    let isRunning = false;
    await queue.work('q', { concurrency: 4, maxAttempts: 1 }, async () => {
      isRunning = true;
      await mayEnd;
      return done;
    });
    await queue.every('round', 60_000, async () => undefined);
    await queue.add('q', [{ id: 'a', app, payload: null }]);
    await soon(() => expect(isRunning).toBe(true));
    if (how === 'killed') await redis.kill();
    else process.kill(redis.pid, 'SIGSTOP');
    onTestFinished(() => {
      if (how === 'frozen') process.kill(redis.pid, 'SIGCONT');
    });
    await soon(() => expect(queue.state()).toBe('down'));
    await delay(1000);
    expect(failures).toBeLessThan(200);
    end(undefined);
    await queue.close();
  },
  60_000,
);

test.each([60_000, -60_000])('a job keeps its time when the clock of its worker is off by %i ms', async (offMs) => {
  const { queue, name } = await start();
  const ran = await record(queue, name);
  const addedAt = performance.now();
  await queue.add(name, [{ id: 'late', app, payload: null, delayMs: 3000 }]);
  const { now } = Date;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + offMs);
  onTestFinished(() => clock.mockRestore());
  // Something that makes the worker look with its wrong clock.
  await queue.add(name, [{ id: 'now', app, payload: null }]);
  await soon(() => expect(ran).toHaveLength(2));
  expect(ran[0]).toEqual(['now', 1]);
  expect(performance.now() - addedAt).toBeGreaterThanOrEqual(2990);
  // Far from what the clock is off by.
  expect(performance.now() - addedAt).toBeLessThan(20_000);
});

test('jobs of several processes are run once each, and all processes take part', async () => {
  const { redis, queue, name } = await start();
  const other = await open(redis);
  const ran: string[] = [];
  const by = new Map<BullmqQueue, number>();
  for (const each of [queue, other]) {
    await each.work(name, { concurrency: 10, maxAttempts: 1 }, async ({ id }) => {
      ran.push(id);
      by.set(each, (by.get(each) ?? 0) + 1);
      await delay(1);
      return done;
    });
  }
  const ids = Array.from({ length: 500 }, (_, i) => `j${i}`);
  const owners = Array.from({ length: 5 }, () => newApp());
  await queue.add(
    name,
    ids.map((id, i) => ({ id, app: owners[i % 5] ?? app, user: `u${i % 7}`, payload: { i } })),
  );
  await soon(async () => expect(await queue.counts(name)).toEqual(nothing));
  expect(ran.toSorted()).toEqual(ids.toSorted());
  for (const each of [queue, other]) expect(by.get(each)).toBeGreaterThan(100);
});

test('of jobs that are done nothing stays but ids, for a day, and who was served last', async () => {
  const { redis, queue, name } = await start();
  const admin = await openRedis(redis.url, 'test');
  onTestFinished(() => admin.disconnect());
  const ran = await record(queue, name);
  await queue.add(
    name,
    Array.from({ length: 50 }, (_, i) => ({ id: `j${i}`, app, user: `u${i}`, payload: null, delayMs: i % 2 })),
  );
  await soon(() => expect(ran).toHaveLength(50));
  const base = `belfry:{queue:${name}}:`;
  await soon(async () => {
    const left = (await admin.keys('*')).map((key) => key.replace(base, '').replace(/^seen:.*/, 'seen'));
    const kept = ['counts', 'seen', 'turn', 'turns'];
    const ofBullmq = ['events', 'id', 'marker', 'meta', 'stalled-check'].map((key) => `tickets:${key}`);
    expect([...kept, ...ofBullmq]).toEqual(expect.arrayContaining([...new Set(left)]));
  });
  expect(await admin.pttl(`${base}seen:j0`)).toBeGreaterThan(23 * 60 * 60 * 1000);
});
