// The contract of the queue, for work that repeats at an interval. Jobs are queue.contract.ts.

import { describe, expect, test } from 'vitest';
import { soon, startQueue, type QueueUnderTest } from './queue-under-test.ts';

export function queueEveryContract(driver: string, create: () => Promise<QueueUnderTest>): void {
  describe(`queue, every so often: ${driver}`, () => {
    const start = () => startQueue(create);

    test('work that repeats runs at once, and then again and again, whether it throws or not', async () => {
      const { queue, name, pass } = await start();
      let runs = 0;
      const worker = await queue.every(name, 400, async () => {
        runs += 1;
        if (runs === 1) throw new Error('the first in vain');
      });
      await soon(() => expect(runs).toBe(1));
      await pass(300);
      expect(runs).toBe(1);
      await pass(150);
      await soon(() => expect(runs).toBe(2));
      await pass(450);
      await soon(() => expect(runs).toBe(3));
      await worker.stop();
      await pass(1000);
      expect(runs).toBe(3);
    });

    test('work that repeats keeps its time through a stop, and a run that a kill cut off is begun anew', async () => {
      const { queue, name, pass, kill } = await start();
      let runs = 0;
      const counted = async (): Promise<void> => void (runs += 1);
      const worker = await queue.every(name, 1000, counted);
      await soon(() => expect(runs).toBe(1));
      await worker.stop();
      await queue.every(name, 1000, counted);
      await pass(500);
      expect(runs).toBe(1);
      await pass(550);
      await soon(() => expect(runs).toBe(2));

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
