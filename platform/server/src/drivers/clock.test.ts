// The system's clock against the promises of its port.

import { expect, test, vi } from 'vitest';
import { createSystemClock } from './clock.ts';

const clock = createSystemClock();

test('timers never fire early', async () => {
  const early: number[] = [];
  await Promise.all(
    Array.from({ length: 50 }, (_, i) => {
      const delayMs = 1 + i / 7;
      const setAt = clock.monotonic();
      return new Promise<void>((resolve) => {
        clock.after(delayMs, () => {
          if (clock.monotonic() - setAt < delayMs) early.push(delayMs);
          resolve();
        });
      });
    }),
  );
  expect(early).toEqual([]);
});

test('a cancelled timer does not run, however often it is cancelled', async () => {
  const run = vi.fn();
  const timer = clock.after(1, run);
  timer.cancel();
  timer.cancel();
  await new Promise<void>((resolve) => void clock.after(5, resolve));
  expect(run).not.toHaveBeenCalled();
});

test('a delay longer than a timeout can be is waited for, not run at once', async () => {
  const run = vi.fn();
  const timer = clock.after(2 ** 40, run);
  await new Promise<void>((resolve) => void clock.after(5, resolve));
  expect(run).not.toHaveBeenCalled();
  timer.cancel();
});

test('timers do not keep the process alive', () => {
  const before = process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length;
  const timer = clock.after(60_000, () => {});
  expect(process.getActiveResourcesInfo().filter((type) => type === 'Timeout')).toHaveLength(before);
  timer.cancel();
});
