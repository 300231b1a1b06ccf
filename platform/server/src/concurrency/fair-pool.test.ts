// The turns in a pool, the share that one owner may hold, and which tasks are refused.

import { expect, test } from 'vitest';
import { createMetrics } from '../telemetry/metrics.ts';
import { FairPool, type Turn } from './fair-pool.ts';
import { mayHoldMore, roomFor } from './share.ts';

/** A pool of which the test ends the tasks, in the order in which they began. */
function handTurned({ running, waiting = 1000 }: { running: number; waiting?: number }) {
  const pool = new FairPool({ name: 'test', running, waiting });
  const begun: string[] = [];
  const open: { name: string; end: () => void }[] = [];
  const enter = (turn: Turn, name: string): boolean =>
    pool.enter(turn, async () => {
      const held = Promise.withResolvers<undefined>();
      begun.push(name);
      open.push({ name, end: () => held.resolve(undefined) });
      await held.promise;
    });
  const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  return {
    ...{ pool, begun, open, enter },
    async endFirst() {
      open.shift()?.end();
      await settle();
    },
    async endAll() {
      while (open.length > 0) {
        for (const each of open.splice(0)) each.end();
        await settle();
      }
      await pool.idle();
    },
  };
}

test('an app alone holds half of the places, and a newcomer begins at once', async () => {
  const turned = handTurned({ running: 16 });
  for (let i = 0; i < 100; i += 1) turned.enter({ app: 'greedy' }, `g${i}`);
  expect(turned.begun).toHaveLength(8);
  turned.enter({ app: 'other' }, 'other');
  expect(turned.begun.at(-1)).toBe('other');
  await turned.endAll();
});

test('apps that want all they can get leave a place for each that comes, until there are as many as places', async () => {
  const turned = handTurned({ running: 4 });
  for (const app of ['a', 'b', 'c']) for (let i = 0; i < 9; i += 1) turned.enter({ app }, app);
  expect(turned.begun).toEqual(['a', 'a', 'b', 'c']);
  await turned.endFirst();
  expect(turned.pool.running).toBe(3);
  turned.enter({ app: 'd' }, 'd');
  expect(turned.begun.at(-1)).toBe('d');
  await turned.endAll();
});

test('the app that was served least recently is next, whatever waited before it', async () => {
  const turned = handTurned({ running: 1 });
  for (const name of ['a1', 'a2', 'a3']) turned.enter({ app: 'a' }, name);
  for (const name of ['b1', 'b2']) turned.enter({ app: 'b' }, name);
  turned.enter({ app: 'c' }, 'c1');
  for (let i = 0; i < 6; i += 1) await turned.endFirst();
  expect(turned.begun).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
});

test('within an app the user who was served least recently is next, and one holds half of the app’s places', async () => {
  const turned = handTurned({ running: 16 });
  const greedy = { app: 'a', user: 'greedy' };
  for (let i = 0; i < 50; i += 1) turned.enter(greedy, `g${i}`);
  expect(turned.begun).toHaveLength(4);
  turned.enter({ app: 'a', user: 'other' }, 'other');
  expect(turned.begun.at(-1)).toBe('other');
  await turned.endAll();

  const narrow = handTurned({ running: 1 });
  for (let i = 0; i < 5; i += 1) narrow.enter(greedy, `g${i}`);
  narrow.enter({ app: 'a', user: 'other' }, 'other');
  for (let i = 0; i < 6; i += 1) await narrow.endFirst();
  expect(narrow.begun.slice(0, 3)).toEqual(['g0', 'other', 'g1']);
});

test('the list of those who wait is shared as the places are, and what is too much is refused and counted', async () => {
  const metrics = createMetrics();
  const pool = new FairPool({ name: 'test', running: 2, waiting: 8, metrics });
  const held = Promise.withResolvers<undefined>();
  const hold = () => held.promise;
  const greedy = Array.from({ length: 10 }, () => pool.enter({ app: 'greedy' }, hold));
  // One runs, four of eight wait.
  expect(greedy.filter(Boolean)).toHaveLength(5);
  expect(Array.from({ length: 4 }, () => pool.enter({ app: 'other' }, hold)).filter(Boolean)).toHaveLength(3);
  await expect(pool.run({ app: 'greedy' }, hold)).rejects.toMatchObject({ code: 'overloaded' });
  const text = await metrics.text();
  expect(text).toContain('belfry_pool_running{pool="test"} 2');
  expect(text).toContain('belfry_pool_waiting{pool="test"} 6');
  expect(text).toContain('belfry_pool_refused_total{pool="test"} 7');
  held.resolve(undefined);
  await pool.idle();
  metrics.close();
});

test('a task ends for its caller as it ends, and its failure frees its place', async () => {
  const pool = new FairPool({ name: 'test', running: 1, waiting: 4 });
  const failing = pool.run({ app: 'a' }, async () => Promise.reject(new Error('defect')));
  const next = pool.run({ app: 'a' }, async () => 'done');
  await expect(failing).rejects.toThrow('defect');
  expect(await next).toBe('done');
  await pool.idle();
});

test('a task that waits can be called off, and then never begins', async () => {
  const pool = new FairPool({ name: 'test', running: 1, waiting: 4 });
  const held = Promise.withResolvers<undefined>();
  const first = pool.run({ app: 'a' }, () => held.promise);
  const calledOff = new AbortController();
  let hasBegun = false;
  const second = pool.run({ app: 'a', signal: calledOff.signal }, async () => void (hasBegun = true));
  calledOff.abort(new Error('called off'));
  await expect(second).rejects.toThrow('called off');
  await expect(pool.run({ app: 'b', signal: calledOff.signal }, async () => 1)).rejects.toThrow('called off');
  expect(pool.waiting).toBe(0);
  held.resolve(undefined);
  await first;
  expect(hasBegun).toBe(false);
});

test('a close refuses what waits and what comes later, and waits for what runs', async () => {
  const pool = new FairPool({ name: 'test', running: 1, waiting: 4 });
  const held = Promise.withResolvers<string>();
  const first = pool.run({ app: 'a' }, () => held.promise);
  const second = pool.run({ app: 'b' }, async () => 'never');
  const closing = pool.close();
  await expect(second).rejects.toMatchObject({ code: 'unavailable' });
  await expect(pool.run({ app: 'b' }, async () => 'never')).rejects.toMatchObject({ code: 'unavailable' });
  held.resolve('done');
  expect(await first).toBe('done');
  await closing;
});

test('a share is never more than what is left free, and the first place is always had', () => {
  expect(mayHoldMore(0, 1)).toBe(true);
  expect(mayHoldMore(0, 0)).toBe(false);
  expect(mayHoldMore(1, 1)).toBe(false);
  expect(mayHoldMore(1, 2)).toBe(true);
  for (const free of [1, 2, 7, 16]) {
    let held = 0;
    for (let left = free; mayHoldMore(held, left); left -= 1) held += 1;
    expect(held).toBe(roomFor(0, free));
  }
});
