// The contract of the queue, for work that repeats at an interval. Jobs are queue.contract.ts.

import { describe, expect, test } from 'vitest';
import { leastMs, soon, startQueue, type QueueUnderTest } from './queue-under-test.ts';

export function queueEveryContract(driver: string, create: () => Promise<QueueUnderTest>): void {
  describe(`queue, every so often: ${driver}`, () => {
    const start = () => startQueue(create);

    test('work that repeats runs at once, and then again and again, whether it throws or not', async () => {
      const { queue, name, pass, now } = await start();
      const runs: number[] = [];
      const worker = await queue.every(name, 400, async () => {
        runs.push(now());
        if (runs.length === 1) throw new Error('the first in vain');
      });
      for (const least of [1, 2, 3]) {
        await soon(() => expect(runs.length).toBeGreaterThanOrEqual(least));
        await pass(300);
        await pass(150);
      }
      await worker.stop();
      for (const [at, ranAt] of runs.slice(1).entries())
        expect(ranAt - (runs[at] ?? 0)).toBeGreaterThanOrEqual(leastMs(400));
      const { length: ran } = runs;
      await pass(1000);
      expect(runs).toHaveLength(ran);
    });

    test('work that repeats keeps its time through a stop, and a run that a kill cut off is begun anew', async () => {
      const { queue, name, pass, now, kill } = await start();
      const runs: number[] = [];
      const counted = async (): Promise<void> => void runs.push(now());
      const worker = await queue.every(name, 1000, counted);
      await soon(() => expect(runs).toHaveLength(1));
      await worker.stop();
      await queue.every(name, 1000, counted);
      await pass(500);
      await pass(550);
      await soon(() => expect(runs.length).toBeGreaterThanOrEqual(2));
      const [first = 0, second = 0] = runs;
      expect(second - first).toBeGreaterThanOrEqual(leastMs(1000));

      const { promise: cutOff, resolve: begin } = Promise.withResolvers<undefined>();
      await queue.every(`${name}-cut-off`, 60_000, () => {
        begin(undefined);
        return new Promise(() => {});
      });
      await cutOff;
      const next = await kill();
      let begun = 0;
      await next.every(`${name}-cut-off`, 60_000, async () => void (begun += 1));
      await soon(() => expect(begun).toBe(1));
    });
  });
}
