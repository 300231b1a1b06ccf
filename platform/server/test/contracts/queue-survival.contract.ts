// The contract of the queue, for what outlives a kill or a clock that is set. Each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { Job, JobResult } from '../../src/ports/queue.ts';
import { newApp } from '../support/samples.ts';
import { soon, startQueue, type QueueUnderTest } from './queue-under-test.ts';

/** `virtualTime`: `pass` costs nothing, so that the tests of hours run as well. */
export function queueSurvivalContract(
  driver: string,
  create: () => Promise<QueueUnderTest>,
  options: { virtualTime: boolean },
): void {
  describe(`queue, survival: ${driver}`, () => {
    const app = newApp();
    const done: JobResult = { done: true };
    const start = () => startQueue(create);

    const one = { concurrency: 1, maxAttempts: 3 };

    test('a job that a kill cut off is run again, and the cut-off run counts', async () => {
      const { queue, name, kill } = await start();
      const started: string[] = [];
      await queue.work(name, one, ({ id }) => {
        started.push(id);
        return new Promise(() => {});
      });
      await queue.add(
        name,
        ['a', 'b'].map((id) => ({ id, app, payload: { for: id } })),
      );
      await soon(() => expect(started).toEqual(['a']));
      const next = await kill();
      const ran: [string, number, unknown][] = [];
      await next.work(name, one, async ({ id, attempt, payload }) => {
        ran.push([id, attempt, payload]);
        return done;
      });
      await soon(() => expect(ran).toHaveLength(2));
      // A broker first has to take the worker for dead, and runs what waits meanwhile.
      expect(ran.toSorted(([a], [b]) => a.localeCompare(b))).toEqual([
        ['a', 2, { for: 'a' }],
        ['b', 1, { for: 'b' }],
      ]);
    });

    test('jobs that were added and jobs that were done are still so after a kill', async () => {
      const { queue, name, kill } = await start();
      const ran: string[] = [];
      const record = async ({ id }: Job): Promise<JobResult> => {
        ran.push(id);
        return done;
      };
      await queue.work(name, one, record);
      await queue.add(name, [{ id: 'before', app, payload: null }]);
      await soon(async () => {
        expect(ran).toEqual(['before']);
        expect((await queue.counts(name)).active).toBe(0);
      });
      await queue.add(`${name}-later`, [{ id: 'waiting', app, payload: null }]);
      const next = await kill();
      await next.work(name, one, record);
      await next.work(`${name}-later`, one, record);
      await next.add(name, [
        { id: 'before', app, payload: null },
        { id: 'after', app, payload: null },
      ]);
      await soon(() => expect(ran.toSorted()).toEqual(['after', 'before', 'waiting']));
    });

    // Real servers have a clock of their own.
    if (!options.virtualTime) return;

    test('a job that is due further ahead than it was put off is run: the clock was set back', async () => {
      const { queue, name, pass, kill, jump } = await start();
      const ran: string[] = [];
      await queue.work(name, one, async ({ payload }) =>
        payload === 'again' ? { again: { delayMs: 600_000, payload: 'asked for' } } : done,
      );
      await queue.add(name, [{ id: 'again', app, payload: 'again' }]);
      await queue.add(name, [
        { id: 'late', app, payload: null, delayMs: 600_000 },
        { id: 'soon', app, payload: null, delayMs: 200 },
      ]);
      await soon(async () => expect(await queue.counts(name)).toMatchObject({ waiting: 0, delayed: 3, active: 0 }));
      jump?.(-3_600_000);
      const next = await kill();
      await next.work(name, one, async ({ id }) => {
        ran.push(id);
        return done;
      });
      await next.add(name, [{ id: 'new', app, payload: null, delayMs: 600_000 }]);
      await soon(() => expect(ran.toSorted()).toEqual(['again', 'late', 'soon']));
      await next.counts(name);
      await pass(600_000);
      await soon(() => expect(ran.at(-1)).toBe('new'));
    });

    test('a job keeps its time through a kill while the clock is right', async () => {
      const { queue, name, pass, kill } = await start();
      const ran: string[] = [];
      await queue.add(name, [{ id: 'late', app, payload: null, delayMs: 600_000 }]);
      await pass(300_000);
      const next = await kill();
      await next.work(name, one, async ({ id }) => {
        ran.push(id);
        return done;
      });
      // The worker has looked, and waits.
      await next.counts(name);
      await pass(299_000);
      expect(ran).toEqual([]);
      await pass(2000);
      await soon(() => expect(ran).toEqual(['late']));
    });
  });
}
