// What every driver of the queue must do with jobs that are dead: keep, list, replay and drop them.

import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { JobResult } from '../../src/ports/queue.ts';
import { newApp } from '../support/samples.ts';
import type { QueueUnderTest } from './queue.contract.ts';

/** `options` as of `queueContract`. */
export function deadJobsContract(
  driver: string,
  create: () => Promise<QueueUnderTest>,
  options: { virtualTime: boolean },
): void {
  describe(`dead jobs of the queue: ${driver}`, () => {
    const app = newApp();
    const done: JobResult = { done: true };
    let made: QueueUnderTest[] = [];
    const start = async (): Promise<QueueUnderTest & { name: string }> => {
      const one = await create();
      made.push(one);
      return { ...one, name: `q-${randomUUID()}` };
    };
    afterEach(async () => {
      for (const one of made) await one.dispose();
      made = [];
    });
    /** Waits for what happens by itself, without time having to pass. */
    const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5000, interval: 5 });

    test('dead jobs are listed by app and label, the latest first, page by page', async () => {
      const { queue, name } = await start();
      const other = newApp();
      const buried = (id: string, label?: string) => ({
        ...{ id, app, payload: { of: id }, error: `no ${id}` },
        ...(label === undefined ? {} : { label }),
      });
      await queue.bury(name, [buried('a', 'x'), buried('b'), buried('c', 'x')]);
      await queue.bury(name, [buried('a', 'y'), { ...buried('d', 'x'), app: other }]);
      const first = await queue.dead(name, app, { limit: 2 });
      expect(first.jobs.map(({ id }) => id)).toEqual(['c', 'b']);
      const { next: before = '' } = first;
      const second = await queue.dead(name, app, { limit: 2, before });
      expect(second).toEqual({
        jobs: [{ ...buried('a', 'x'), diedAt: expect.any(Number) }],
      });
      expect((await queue.dead(name, app, { limit: 9, label: 'x' })).jobs.map(({ id }) => id)).toEqual(['c', 'a']);
      expect((await queue.dead(`${name}-other`, app, { limit: 9 })).jobs).toEqual([]);
      expect(await queue.counts(name, app)).toEqual({ waiting: 0, delayed: 0, active: 0, dead: 3 });
      expect((await queue.counts(name, other)).dead).toBe(1);
      expect((await queue.counts(name)).dead).toBe(4);
    });

    test('a dead job runs again from attempt 1 when it is replayed, and never when it is dropped', async () => {
      const { queue, name, pass } = await start();
      let refuse = true;
      const ran: [string, unknown, number][] = [];
      await queue.work(name, { concurrency: 1, maxAttempts: 1 }, async ({ id, payload, attempt }) => {
        ran.push([id, payload, attempt]);
        if (refuse) throw new Error('refused');
        return done;
      });
      await queue.add(name, [{ id: 'thrown', app, payload: 1 }]);
      await vi.waitFor(async () => expect((await queue.counts(name)).dead).toBe(1));
      const [dead] = (await queue.dead(name, app, { limit: 9 })).jobs;
      expect(dead).toMatchObject({ id: 'thrown', payload: 1, error: 'refused' });
      await queue.bury(name, [
        { id: 'buried', app, payload: 2, error: 'given up', label: 'x' },
        { id: 'dropped', app, payload: 3, error: 'given up' },
      ]);
      expect(await queue.replay(name, newApp(), { ids: ['thrown', 'buried'] })).toBe(0);
      expect(await queue.drop(name, newApp(), { ids: ['dropped'] })).toBe(0);
      expect(await queue.drop(name, app, { ids: ['dropped', 'never was'] })).toBe(1);
      refuse = false;
      expect(await queue.replay(name, app, { ids: ['thrown', 'dropped'] })).toBe(1);
      expect(await queue.replay(name, app, { label: 'x', limit: 9 })).toBe(1);
      expect(await queue.replay(name, app, { ids: ['thrown', 'buried'] })).toBe(0);
      await pass(10);
      await soon(() => expect(ran.slice(1)).toHaveLength(2));
      expect(ran.slice(1).toSorted()).toEqual([
        ['buried', 2, 1],
        ['thrown', 1, 1],
      ]);
      await vi.waitFor(async () =>
        expect(await queue.counts(name)).toEqual({ waiting: 0, delayed: 0, active: 0, dead: 0 }),
      );
    });

    test('as many of a label are replayed or dropped as was said', async () => {
      const { queue, name } = await start();
      const jobs = ['a', 'b', 'c', 'd'].map((id) => ({ id, app, payload: null, error: 'no', label: 'x' }));
      await queue.bury(name, jobs);
      expect(await queue.replay(name, app, { label: 'x', limit: 3 })).toBe(3);
      expect(await queue.drop(name, app, { label: 'y', limit: 3 })).toBe(0);
      expect(await queue.drop(name, app, { label: 'x', limit: 3 })).toBe(1);
      expect(await queue.counts(name)).toEqual({ waiting: 3, delayed: 0, active: 0, dead: 0 });
    });

    test('dead jobs are still there after a kill', async () => {
      const { queue, name, kill } = await start();
      await queue.bury(name, [{ id: 'a', app, payload: { of: 'a' }, error: 'no', label: 'x' }]);
      const next = await kill();
      expect((await next.dead(name, app, { limit: 9 })).jobs).toMatchObject([{ id: 'a', error: 'no', label: 'x' }]);
    });

    test.runIf(options.virtualTime)('dead jobs are forgotten after 30 days', async () => {
      const { queue, name, pass } = await start();
      const day = 24 * 60 * 60 * 1000;
      await queue.bury(name, [{ id: 'old', app, payload: null, error: 'no' }]);
      await pass(29 * day);
      await queue.bury(name, [{ id: 'new', app, payload: null, error: 'no' }]);
      expect((await queue.counts(name)).dead).toBe(2);
      await pass(1 * day);
      await queue.bury(name, [{ id: 'newer', app, payload: null, error: 'no' }]);
      expect((await queue.dead(name, app, { limit: 9 })).jobs.map(({ id }) => id)).toEqual(['newer', 'new']);
    });
  });
}
