// The order of a batch, whichever of its items is prepared faster.

import { describe, expect, it } from 'vitest';
import { inBatchOrder } from './in-batch-order.ts';

/** Runs the items; the first takes longest to prepare. Resolves with the order of their places. */
async function placesOf(items: readonly Record<string, unknown>[]): Promise<unknown[]> {
  const places: unknown[] = [];
  await inBatchOrder(items, async (item, index, { comesUp, onQueued }) => {
    for (let turn = (items.length - index) * 10; turn > 0; turn -= 1) await Promise.resolve();
    await comesUp;
    places.push((item as { n: unknown }).n);
    onQueued?.();
  });
  return places;
}

const users = (...ids: string[]) => ({ audience: { users: ids } });

describe('a batch', () => {
  it.each([
    ['a conversation', { audience: { conversation: 'c1' } }],
    ['a user', users('ann')],
    ['a topic', { audience: { topic: 'news' } }],
    ['everyone', { audience: { everyone: true } }],
  ])('gives broadcasts to %s their places as they stand in it, however long each is prepared', async (_, to) => {
    expect(await placesOf([1, 2, 3].map((n) => ({ n, ...to })))).toEqual([1, 2, 3]);
  });

  it('keeps an order between broadcasts that have a user in common', async () => {
    const places = await placesOf([
      { n: 'both', ...users('ann', 'bob') },
      { n: 'bob', ...users('bob', 'bob') },
      { n: 'cy', ...users('cy') },
      { n: 'ann', ...users('ann') },
    ]);
    // Nobody waits for a broadcast to others.
    expect(places).toEqual(['cy', 'both', 'bob', 'ann']);
  });

  it('keeps the order around a broadcast that is refused before its turn', async () => {
    const places: number[] = [];
    await inBatchOrder(
      [0, 1, 2].map((n) => ({ n, ...users('ann') })),
      async (_, index, { comesUp, onQueued }) => {
        if (index === 1) return;
        if (index === 0) for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
        await comesUp;
        places.push(index);
        onQueued?.();
      },
    );
    expect(places).toEqual([0, 2]);
  });

  it('is at work on a few dozen at once, however many it has', async () => {
    let [running, most] = [0, 0];
    const items = Array.from({ length: 500 }, (_, n) => ({ n, ...users(`user ${n % 3}`) }));
    const results = await inBatchOrder(items, async (_, index, { comesUp, onQueued }) => {
      most = Math.max(most, ++running);
      await comesUp;
      onQueued?.();
      await Promise.resolve();
      running -= 1;
      return index;
    });
    expect(results).toEqual(items.map(({ n }) => n));
    expect(most).toBe(32);
  });

  it('lets a broadcast that fails hold up no other', async () => {
    const ran: number[] = [];
    const running = inBatchOrder(
      [1, 2].map((n) => ({ n, ...users('ann') })),
      async (_, index, { comesUp }) => {
        await comesUp;
        ran.push(index);
        if (index === 0) throw new Error('the first fails');
      },
    );
    await expect(running).rejects.toThrow('the first fails');
    await expect.poll(() => ran).toEqual([0, 1]);
  });

  it('begins what has the key of another when that one is done', async () => {
    const steps: string[] = [];
    const item = (audience: object) => ({ idempotencyKey: 'k', audience });
    await inBatchOrder([item({ users: ['ann'] }), item({ users: ['bob'] })], async (_, index) => {
      steps.push(`begin ${index}`);
      await Promise.resolve();
      steps.push(`end ${index}`);
    });
    expect(steps).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1']);
  });

  it('runs what is no broadcast at all, so that it is refused', async () => {
    expect(await inBatchOrder([7, {}, { audience: 'x' }], (item) => Promise.resolve(item))).toEqual([
      7,
      {},
      { audience: 'x' },
    ]);
  });
});
