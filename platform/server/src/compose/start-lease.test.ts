// What nodes that start together do one after the other.

import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { MemoryLeases } from '../drivers/leases/memory/memory-leases.ts';
import { oneNodeAtATime } from './start-lease.ts';

function createNodes() {
  const clock = createVirtualClock();
  return { clock, leases: new MemoryLeases(clock) };
}

test('a node waits until the one before it has ended, however long that takes', async () => {
  const nodes = createNodes();
  const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
  const began: string[] = [];
  const first = oneNodeAtATime('start', nodes, async () => {
    began.push('a');
    await ended;
  });
  const second = oneNodeAtATime('start', nodes, async () => void began.push('b'));
  await nodes.clock.advance(120_000);
  expect(began).toEqual(['a']);
  end(undefined);
  await first;
  await nodes.clock.advance(1000);
  await second;
  expect(began).toEqual(['a', 'b']);
});

test('a node that failed lets the next one begin', async () => {
  const nodes = createNodes();
  await expect(oneNodeAtATime('start', nodes, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await oneNodeAtATime('start', nodes, async () => 'done')).toBe('done');
});

test('a node that was killed holds the next one up no longer than its lease', async () => {
  const nodes = createNodes();
  await nodes.leases.acquire('start', 15_000);
  const next = oneNodeAtATime('start', nodes, async () => 'done');
  await nodes.clock.advance(16_000);
  expect(await next).toBe('done');
});
