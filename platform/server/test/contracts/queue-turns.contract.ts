// The contract of the queue, for whose jobs run first and how many one app may hold. Each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { AppId } from '../../src/ports/app-id.ts';
import type { JobResult } from '../../src/ports/queue.ts';
import { newApp } from '../support/samples.ts';
import { soon, startQueue, type QueueUnderTest } from './queue-under-test.ts';

export function queueTurnsContract(driver: string, create: () => Promise<QueueUnderTest>): void {
  describe(`queue, turns: ${driver}`, () => {
    const app = newApp();
    const done: JobResult = { done: true };
    const start = () => startQueue(create);

    /** Works a queue whose jobs end when the test says so; `begun` names those that began. */
    const heldJobs = async (concurrency: number) => {
      const { queue, name } = await start();
      const begun: string[] = [];
      const open: (() => void)[] = [];
      const add = (prefix: string, count: number, whose: { app: AppId; user?: string }): Promise<void> =>
        queue.add(
          name,
          Array.from({ length: count }, (_, i) => ({ id: `${prefix}${i}`, ...whose, payload: null })),
        );
      const work = () =>
        queue.work(name, { concurrency, maxAttempts: 1 }, async ({ id }) => {
          begun.push(id);
          await new Promise<void>((resolve) => void open.push(resolve));
          return done;
        });
      const untilBegun = (count: number): Promise<void> => soon(() => expect(begun).toHaveLength(count));
      const endAll = async (count: number): Promise<void> => {
        while (begun.length < count || open.length > 0) {
          for (const end of open.splice(0)) end();
          await soon(() => expect(open.length > 0 || begun.length >= count).toBe(true));
        }
      };
      return { begun, open, add, work, untilBegun, endAll };
    };

    test('an app whose jobs never end holds half, and a newcomer’s job begins at once', async () => {
      const jobs = await heldJobs(8);
      await jobs.work();
      await jobs.add('greedy', 20, { app });
      await jobs.untilBegun(4);
      await jobs.add('other', 1, { app: newApp() });
      await jobs.untilBegun(5);
      expect(jobs.begun.at(-1)).toBe('other0');
      await jobs.add('third', 9, { app: newApp() });
      await jobs.untilBegun(7);
      // Whatever the others hold, there is room for who comes next.
      await jobs.add('fourth', 9, { app: newApp() });
      await jobs.untilBegun(8);
      expect(jobs.begun.at(-1)).toBe('fourth0');
      await jobs.endAll(39);
    });

    test('apps take turns, however many jobs each has and however long they were there before', async () => {
      const jobs = await heldJobs(1);
      const [second, third] = [newApp(), newApp()];
      await jobs.add('a', 5, { app });
      await jobs.add('b', 2, { app: second });
      await jobs.work();
      await jobs.untilBegun(1);
      await jobs.add('c', 1, { app: third });
      for (let ended = 1; ended < 5; ended += 1) {
        jobs.open.shift()?.();
        await jobs.untilBegun(ended + 1);
      }
      const apps = jobs.begun.map((id) => id.slice(0, 1));
      // Nobody is served twice before all were served once, whichever was first.
      expect(apps.slice(0, 3).toSorted()).toEqual(['a', 'b', 'c']);
      expect(apps.slice(3).toSorted()).toEqual(['a', 'b']);
      await jobs.endAll(8);
    });

    test('within an app users take turns, and one whose jobs never end holds half of what the app may hold', async () => {
      const jobs = await heldJobs(1);
      await jobs.add('greedy', 5, { app, user: 'greedy' });
      await jobs.add('other', 1, { app, user: 'other' });
      await jobs.work();
      await jobs.untilBegun(1);
      jobs.open.shift()?.();
      await jobs.untilBegun(2);
      expect(jobs.begun.toSorted()).toEqual(['greedy0', 'other0']);
      await jobs.endAll(6);

      const wide = await heldJobs(16);
      await wide.work();
      await wide.add('greedy', 20, { app, user: 'greedy' });
      await wide.untilBegun(4);
      await wide.add('other', 1, { app, user: 'other' });
      await wide.untilBegun(5);
      expect(wide.begun.at(-1)).toBe('other0');
      await wide.endAll(21);
    });

    test('a job that is due and beyond a share does not hurry the queue, and the next delayed one comes in its time', async () => {
      const { queue, name, pass } = await start();
      const ran: string[] = [];
      const open: (() => void)[] = [];
      await queue.work(name, { concurrency: 2, maxAttempts: 1 }, async ({ id }) => {
        ran.push(id);
        if (id.startsWith('held')) await new Promise<void>((resolve) => void open.push(resolve));
        return done;
      });
      await queue.add(name, [
        { id: 'held0', app, payload: null },
        { id: 'held1', app, payload: null },
        { id: 'late', app: newApp(), payload: null, delayMs: 3000 },
      ]);
      await soon(() => expect(ran).toEqual(['held0']));
      expect(await queue.counts(name)).toEqual({ waiting: 1, delayed: 1, active: 1 });
      await pass(3050);
      await soon(() => expect(ran).toEqual(['held0', 'late']));
      open.shift()?.();
      await soon(() => expect(ran).toEqual(['held0', 'late', 'held1']));
      open.shift()?.();
    });
  });
}
