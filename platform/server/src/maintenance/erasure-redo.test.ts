// Erasings whose job the queue has lost. Over a whole server and Redis: test/erasure.

import { expect, test } from 'vitest';
import { MemoryLeases } from '../drivers/leases/memory/memory-leases.ts';
import { createMemoryQueue } from '../drivers/queue/memory/create-memory-queue.ts';
import { createMemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import { silentLog } from '../ports/log.ts';
import type { NewJob } from '../ports/queue.ts';
import type { ErasureRecord } from '../ports/stores/index.ts';
import { tokensEndAfterMs } from '../tenancy/erasures.ts';
import { newApp, sampleApp } from '../../test/support/samples.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { createErasureRedo } from './erasure-redo.ts';

const startMs = Date.UTC(2026, 0, 1);

test('an erasing that is not finished is given to the queue again for when it falls due', async () => {
  const clock = createVirtualClock(startMs);
  const [stores, app] = [createMemoryStores(), newApp()];
  const record = (key: string, given: Partial<ErasureRecord>): ErasureRecord => ({
    ...{ key, id: `id of ${key}`, messages: 'anonymise', state: 'running', startedAt: startMs, counts: {} },
    ...{ as: 'erased:x', userId: `user of ${key}`, ...given },
  });
  const { as: _as, userId: _userId, ...finished } = record('k3', { state: 'finished', finishedAt: startMs });
  const many = Array.from({ length: 150 }, (_, n) => record(`m${1000 + n}`, { startedAt: startMs - 60_000 }));
  for (const each of [
    record('k1', {}),
    record('k2', { state: 'erased', erasedAt: startMs - 60_000 }),
    finished,
    ...many,
  ])
    await stores.erasures.begin(app, each);
  const added: NewJob[] = [];
  const queue = createMemoryQueue({ clock });
  const redo = createErasureRedo({
    ...{ store: stores.erasures, apps: { list: async () => [{ ...sampleApp({ app }), version: 1 }] } },
    queue: { every: (...args) => queue.every(...args), add: async (_queue, jobs) => void added.push(...jobs) },
    ...{ leases: new MemoryLeases(clock), surroundings: { clock, log: silentLog } },
  });
  await redo.start();
  await clock.advance(0);
  await redo.stop();
  expect(added).toHaveLength(152);
  expect(added.slice(0, 3)).toEqual([
    { id: 'id of k1', app, payload: { userId: 'user of k1', key: 'k1', id: 'id of k1' }, delayMs: 10_000 },
    {
      ...{ id: 'id of k2', app, payload: { userId: 'user of k2', key: 'k2', id: 'id of k2' } },
      delayMs: tokensEndAfterMs - 60_000,
    },
    expect.objectContaining({ id: 'id of m1000', delayMs: 0 }),
  ]);
});
