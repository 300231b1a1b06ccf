// The contract of the queue: each driver must keep it. Whose jobs go first: queue-turns.contract.ts;
// what outlives a kill or a clock that is set: queue-survival.contract.ts.

import { describe, expect, test } from 'vitest';
import type { Job, JobResult, Queue } from '../../src/ports/queue.ts';
import { newApp } from '../support/samples.ts';
import { leastMs, soon, startQueue, type QueueUnderTest } from './queue-under-test.ts';

/** `virtualTime`: `pass` costs nothing, so that the tests of hours run as well. */
export function queueContract(
  driver: string,
  create: () => Promise<QueueUnderTest>,
  options: { virtualTime: boolean },
): void {
  describe(`queue: ${driver}`, () => {
    const app = newApp();
    const done: JobResult = { done: true };
    const start = () => startQueue(create);
    const one = { concurrency: 1, maxAttempts: 3 };
    /** Resolves when a job waits for its next run, or has had it, as where time passes by itself. */
    const putOff = (queue: Queue, name: string, hasRun: () => boolean): Promise<void> =>
      soon(async () => expect(hasRun() || (await queue.counts(name)).delayed === 1).toBe(true));

    test('a job that was added is run, with its payload, its app and attempt 1', async () => {
      const { queue, name } = await start();
      const ran: Job[] = [];
      await queue.work(name, one, async (job) => {
        ran.push(job);
        return done;
      });
      await queue.add(name, [{ id: 'a', app, payload: { messageId: 'm1', list: [1, null] } }]);
      await soon(() => expect(ran).toHaveLength(1));
      expect(ran[0]).toMatchObject({ id: 'a', app, attempt: 1, payload: { messageId: 'm1', list: [1, null] } });
      expect(ran[0]?.addedAt).toBeGreaterThan(Date.UTC(2020, 0));
    });

    test('jobs added before there is a worker wait for it, and run in the order they were added', async () => {
      const { queue, name } = await start();
      await queue.add(
        name,
        ['a', 'b', 'c'].map((id) => ({ id, app, payload: null })),
      );
      await queue.add(name, [{ id: 'd', app, payload: null }]);
      expect(await queue.counts(name)).toEqual({ waiting: 4, delayed: 0, active: 0 });
      const ran: string[] = [];
      await queue.work(name, one, async ({ id }) => {
        ran.push(id);
        return done;
      });
      await soon(() => expect(ran).toEqual(['a', 'b', 'c', 'd']));
      await soon(async () => expect(await queue.counts(name)).toEqual({ waiting: 0, delayed: 0, active: 0 }));
    });

    test('queues of different names do not mix', async () => {
      const { queue, name } = await start();
      const ran: string[] = [];
      await queue.add(`${name}-other`, [{ id: 'a', app, payload: null }]);
      await queue.work(name, one, async ({ id }) => {
        ran.push(id);
        return done;
      });
      await queue.add(name, [{ id: 'b', app, payload: null }]);
      await soon(() => expect(ran).toEqual(['b']));
      expect((await queue.counts(`${name}-other`)).waiting).toBe(1);
    });

    test('an id that was added before does nothing, whether its job waits or is done', async () => {
      const { queue, name } = await start();
      const ran: unknown[] = [];
      await queue.add(name, [
        { id: 'a', app, payload: 1 },
        { id: 'a', app, payload: 2 },
      ]);
      await queue.add(name, [{ id: 'a', app, payload: 3 }]);
      await queue.work(name, one, async ({ payload }) => {
        ran.push(payload);
        return done;
      });
      await soon(() => expect(ran).toEqual([1]));
      await queue.add(name, [
        { id: 'a', app, payload: 4 },
        { id: 'z', app, payload: 'last' },
      ]);
      await soon(() => expect(ran).toEqual([1, 'last']));
    });

    test('a delayed job does not run before its time, and then it does', async () => {
      const { queue, name, pass, now } = await start();
      const ran: [string, number][] = [];
      await queue.work(name, one, async ({ id }) => {
        ran.push([id, now()]);
        return done;
      });
      const addedAt = now();
      await queue.add(name, [{ id: 'late', app, payload: null, delayMs: 2000 }]);
      expect((await queue.counts(name)).delayed).toBe(1);
      await queue.add(name, [{ id: 'now', app, payload: null }]);
      await soon(() => expect(ran).toHaveLength(1));
      await pass(300);
      await pass(1750);
      await soon(() => expect(ran.map(([id]) => id)).toEqual(['now', 'late']));
      const [, [, lateAt] = ['', 0]] = ran;
      expect(lateAt - addedAt).toBeGreaterThanOrEqual(leastMs(2000));
    });

    test('a shorter delay that is added later runs first', async () => {
      const { queue, name, pass } = await start();
      const ran: string[] = [];
      await queue.work(name, one, async ({ id }) => {
        ran.push(id);
        return done;
      });
      await queue.add(name, [{ id: 'long', app, payload: null, delayMs: 2000 }]);
      await queue.add(name, [{ id: 'short', app, payload: null, delayMs: 200 }]);
      await pass(250);
      await soon(() => expect(ran[0]).toBe('short'));
      await pass(1800);
      await soon(() => expect(ran).toEqual(['short', 'long']));
    });

    test('a job that throws is run again after a second, later each time, and is handed over after the last attempt', async () => {
      const { queue, name, pass, now } = await start();
      const attempts: [attempt: number, at: number][] = [];
      const dead: [Job, string][] = [];
      const onDead = async (job: Job, error: string): Promise<void> => void dead.push([job, error]);
      await queue.work(name, { concurrency: 1, maxAttempts: 2, onDead }, async ({ attempt }) => {
        attempts.push([attempt, now()]);
        throw new Error('refused');
      });
      await queue.add(name, [{ id: 'a', app, payload: { of: 'a' } }]);
      await putOff(queue, name, () => dead.length > 0);
      await pass(900);
      await pass(700);
      await soon(() => expect(dead).toHaveLength(1));
      expect(dead[0]).toMatchObject([{ id: 'a', app, payload: { of: 'a' }, attempt: 2 }, 'refused']);
      expect(attempts.map(([attempt]) => attempt)).toEqual([1, 2]);
      const [[, firstAt] = [0, 0], [, secondAt] = [0, 0]] = attempts;
      expect(secondAt - firstAt).toBeGreaterThanOrEqual(leastMs(1000));
      await soon(async () => expect(await queue.counts(name)).toEqual({ waiting: 0, delayed: 0, active: 0 }));
    });

    test('a dead job that nobody takes over runs again, and is handed over again', async () => {
      const { queue, name, pass } = await start();
      let refusals = 1;
      let handedOver = 0;
      const attempts: number[] = [];
      const onDead = async (): Promise<void> => {
        handedOver += 1;
        refusals -= 1;
        if (refusals >= 0) throw new Error('the store is away');
      };
      await queue.work(name, { concurrency: 1, maxAttempts: 1, onDead }, async ({ attempt }) => {
        attempts.push(attempt);
        throw new Error('refused');
      });
      await queue.add(name, [{ id: 'a', app, payload: null }]);
      await soon(() => expect(handedOver).toBeGreaterThan(0));
      await putOff(queue, name, () => handedOver > 1);
      await pass(1600);
      await soon(() => expect(handedOver).toBe(2));
      expect(attempts).toEqual([1, 2]);
      await soon(async () => expect(await queue.counts(name)).toEqual({ waiting: 0, delayed: 0, active: 0 }));
    });

    test('the id of a dead job is remembered as that of a job that was done', async () => {
      const { queue, name } = await start();
      const ran: unknown[] = [];
      const dead: string[] = [];
      const onDead = async ({ id }: Job): Promise<void> => void dead.push(id);
      await queue.work(name, { concurrency: 1, maxAttempts: 1, onDead }, async ({ payload }) => {
        ran.push(payload);
        throw new Error('refused');
      });
      await queue.add(name, [{ id: 'a', app, payload: 1 }]);
      await soon(() => expect(dead).toEqual(['a']));
      await queue.add(name, [
        { id: 'a', app, payload: 2 },
        { id: 'b', app, payload: 3 },
      ]);
      await soon(() => expect(dead).toEqual(['a', 'b']));
      expect(ran).toEqual([1, 3]);
    });

    test('jobs are counted by app', async () => {
      const { queue, name } = await start();
      const other = newApp();
      await queue.add(name, [
        { id: 'a', app, payload: null },
        { id: 'b', app: other, payload: null, delayMs: 60_000 },
      ]);
      expect(await queue.counts(name)).toEqual({ waiting: 1, delayed: 1, active: 0 });
      expect(await queue.counts(name, app)).toEqual({ waiting: 1, delayed: 0, active: 0 });
      expect(await queue.counts(name, other)).toEqual({ waiting: 0, delayed: 1, active: 0 });
    });

    test('a job that throws does not keep the others', async () => {
      const { queue, name } = await start();
      const ran: string[] = [];
      await queue.work(name, one, async ({ id }) => {
        if (id === 'bad') throw new Error('bad');
        ran.push(id);
        return done;
      });
      await queue.add(
        name,
        ['bad', 'good'].map((id) => ({ id, app, payload: null })),
      );
      await soon(() => expect(ran).toEqual(['good']));
    });

    test('a job may ask to be run again later, with another payload or the same, from attempt 1', async () => {
      const { queue, name, pass } = await start();
      const ran: [unknown, number][] = [];
      const answers: JobResult[] = [
        { again: { delayMs: 100, payload: { step: 2 } } },
        { again: { delayMs: 100 } },
        done,
      ];
      await queue.work(name, one, async ({ payload, attempt }) => {
        ran.push([payload, attempt]);
        return answers[ran.length - 1] ?? done;
      });
      await queue.add(name, [{ id: 'a', app, payload: { step: 1 } }]);
      for (const runs of [1, 2]) {
        await soon(() => expect(ran.length).toBeGreaterThanOrEqual(runs));
        await putOff(queue, name, () => ran.length > runs);
        await pass(150);
      }
      await soon(() =>
        expect(ran).toEqual([
          [{ step: 1 }, 1],
          [{ step: 2 }, 1],
          [{ step: 2 }, 1],
        ]),
      );
    });

    test('no more run at once than was said, and as many as was said', async () => {
      const { queue, name } = await start();
      const apps = [app, newApp(), newApp()];
      const waiting: (() => void)[] = [];
      let most = 0;
      let finished = 0;
      await queue.work(name, { concurrency: 3, maxAttempts: 1 }, async () => {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          most = Math.max(most, waiting.length);
        });
        finished += 1;
        return done;
      });
      // Of several apps: one alone has its share.
      await queue.add(
        name,
        Array.from({ length: 10 }, (_, i) => ({ id: `j${i}`, app: apps[i % 3] ?? app, payload: null })),
      );
      await soon(() => expect(waiting).toHaveLength(3));
      expect((await queue.counts(name)).active).toBe(3);
      for (let left = 10; left > 0; left -= 1) {
        await soon(() => expect(waiting.length).toBeGreaterThan(0));
        waiting.shift()?.();
      }
      await soon(() => expect(finished).toBe(10));
      expect(most).toBe(3);
    });

    test('a stop waits for what runs and takes nothing new', async () => {
      const { queue, name } = await start();
      let finish: () => void = () => {};
      const ran: string[] = [];
      const worker = await queue.work(name, one, async ({ id }) => {
        ran.push(id);
        await new Promise<void>((resolve) => void (finish = resolve));
        return done;
      });
      await queue.add(
        name,
        ['a', 'b'].map((id) => ({ id, app, payload: null })),
      );
      await soon(() => expect(ran).toEqual(['a']));
      let stopped = false;
      const stopping = Promise.all([worker.stop(), worker.stop()]).then(() => (stopped = true));
      await queue.counts(name);
      expect(stopped).toBe(false);
      finish();
      await stopping;
      expect(ran).toEqual(['a']);
      expect(await queue.counts(name)).toEqual({ waiting: 1, delayed: 0, active: 0 });
      await queue.work(name, one, async ({ id }) => {
        ran.push(id);
        return done;
      });
      await soon(() => expect(ran).toEqual(['a', 'b']));
    });

    test('a second worker of the same queue is refused', async () => {
      const { queue, name } = await start();
      await queue.work(name, one, async () => done);
      await expect(queue.work(name, one, async () => done)).rejects.toThrow(name);
    });

    // Real servers have a clock of their own.
    if (!options.virtualTime) return;

    test('an id is forgotten a day after it was first added', async () => {
      const { queue, name, pass } = await start();
      const ran: unknown[] = [];
      await queue.work(name, one, async ({ payload }) => {
        ran.push(payload);
        return done;
      });
      const day = 24 * 60 * 60 * 1000;
      await queue.add(name, [{ id: 'a', app, payload: 1 }]);
      await soon(() => expect(ran).toEqual([1]));
      await pass(day - 1000);
      await queue.add(name, [{ id: 'a', app, payload: 2 }]);
      await pass(2000);
      await queue.add(name, [{ id: 'a', app, payload: 3 }]);
      await soon(() => expect(ran).toEqual([1, 3]));
    });
  });
}
