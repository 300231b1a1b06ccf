// The embedded queue keeps the contract over a data file, and what only it promises: no polling, no notice of
// a jumping wall clock.

import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { queueContract } from '../../../../test/contracts/queue.contract.ts';
import { queueEveryContract } from '../../../../test/contracts/queue-every.contract.ts';
import { queueSurvivalContract } from '../../../../test/contracts/queue-survival.contract.ts';
import { queueTurnsContract } from '../../../../test/contracts/queue-turns.contract.ts';
import { newApp } from '../../../../test/support/samples.ts';
import { createTemporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createVirtualClock } from '../../../../test/support/virtual-clock.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSqliteStores } from '../../stores/sqlite/create-sqlite-stores.ts';
import { createMemoryQueue } from '../memory/create-memory-queue.ts';
import { EmbeddedQueue } from './embedded-queue.ts';

const create = async () => {
  const folder = createTemporaryFolder();
  const clock = createVirtualClock();
  let stores = await createSqliteStores({ dataDir: folder.path });
  let queue = new EmbeddedQueue({ stores, surroundings: { clock, log: silentLog } });
  return {
    queue,
    pass: (ms: number) => clock.advance(ms),
    now: () => clock.monotonic(),
    jump: (ms: number) => clock.jump(ms),
    async kill() {
      await stores.abort();
      stores = await createSqliteStores({ dataDir: folder.path });
      queue = new EmbeddedQueue({ stores, surroundings: { clock, log: silentLog } });
      return queue;
    },
    async dispose() {
      await queue.close();
      await stores.close();
      folder.remove();
    },
  };
};

queueContract('embedded', create, { virtualTime: true });
queueEveryContract('embedded', create);
queueTurnsContract('embedded', create);
queueSurvivalContract('embedded', create, { virtualTime: true });

test('a job that a kill cut off runs before those that were added after it', async () => {
  const { queue, kill, dispose } = await create();
  onTestFinished(dispose);
  const started: string[] = [];
  await queue.work('q', { concurrency: 1, maxAttempts: 3 }, ({ id }) => {
    started.push(id);
    return new Promise(() => {});
  });
  const app = newApp();
  await queue.add('q', [
    { id: 'a', app, payload: null },
    { id: 'b', app, payload: null },
  ]);
  await vi.waitFor(() => expect(started).toEqual(['a']));
  const next = await kill();
  const ran: string[] = [];
  await next.work('q', { concurrency: 1, maxAttempts: 3 }, async ({ id }) => {
    ran.push(id);
    return { done: true };
  });
  await vi.waitFor(() => expect(ran).toEqual(['a', 'b']));
});

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function start(): { clock: ReturnType<typeof createVirtualClock>; queue: ReturnType<typeof createMemoryQueue> } {
  const clock = createVirtualClock();
  const queue = createMemoryQueue({ clock });
  open.push(queue);
  return { clock, queue };
}

test('an idle worker has no timer, and one with delayed jobs has one', async () => {
  const { clock, queue } = start();
  await queue.work('q', { concurrency: 5, maxAttempts: 1 }, async () => ({ done: true }));
  await clock.advance(0);
  expect(clock.pending()).toBe(0);
  await queue.add(
    'q',
    [1, 2, 3].map((i) => ({ id: `j${i}`, app: newApp(), payload: null, delayMs: i * 1000 })),
  );
  expect(clock.pending()).toBe(1);
  await clock.advance(3000);
  expect(clock.pending()).toBe(0);
});

test.each([3_600_000, -3_600_000])(
  'a wall clock that jumps by %i ms neither hurries a job nor holds it back',
  async (jumpMs) => {
    const { clock, queue } = start();
    let ran = false;
    await queue.work('q', { concurrency: 1, maxAttempts: 1 }, async () => {
      ran = true;
      return { done: true };
    });
    await queue.add('q', [{ id: 'a', app: newApp(), payload: null, delayMs: 5000 }]);
    clock.jump(jumpMs);
    await clock.advance(4999);
    expect(ran).toBe(false);
    await clock.advance(1);
    expect(ran).toBe(true);
  },
);

test('a claim whose answer was lost leaves no job behind', async () => {
  const { clock, queue } = start();
  const ran: [string, number][] = [];
  queue.fail('claim', 'after');
  await queue.work('q', { concurrency: 2, maxAttempts: 5 }, async ({ id, attempt }) => {
    ran.push([id, attempt]);
    return { done: true };
  });
  await queue.add('q', [{ id: 'a', app: newApp(), payload: null }]);
  await clock.advance(500);
  expect(ran).toEqual([]);
  queue.fail(undefined);
  await clock.advance(1000);
  expect(ran.map(([id]) => id)).toEqual(['a']);
});

test('the outcome of a job is stored when the store is back, without running it again', async () => {
  const { clock, queue } = start();
  let runs = 0;
  queue.fail('record');
  await queue.work('q', { concurrency: 1, maxAttempts: 5 }, async () => {
    runs += 1;
    return { done: true };
  });
  await queue.add('q', [{ id: 'a', app: newApp(), payload: null }]);
  await clock.advance(3500);
  expect(await queue.counts('q')).toMatchObject({ active: 1 });
  queue.fail(undefined);
  await clock.advance(1000);
  expect(await queue.counts('q')).toEqual({ waiting: 0, delayed: 0, active: 0 });
  expect(runs).toBe(1);
});

test('adding while the store is away rejects, and its coming back wakes the worker at once', async () => {
  const { clock, queue } = start();
  const ran: string[] = [];
  await queue.add('q', [{ id: 'a', app: newApp(), payload: null }]);
  queue.fail('*');
  await queue.work('q', { concurrency: 1, maxAttempts: 1 }, async ({ id }) => {
    ran.push(id);
    return { done: true };
  });
  await expect(queue.add('q', [{ id: 'b', app: newApp(), payload: null }])).rejects.toMatchObject({
    code: 'unavailable',
  });
  await clock.advance(0);
  queue.fail(undefined);
  await vi.waitFor(() => expect(ran).toEqual(['a']));
});
