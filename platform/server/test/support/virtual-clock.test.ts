// Proves the virtual clock that other tests rely on.

import { expect, test } from 'vitest';
import { createVirtualClock } from './virtual-clock.ts';

test('timers run in the order they fall due, and those of one moment in the order they were set', async () => {
  const clock = createVirtualClock();
  const ran: string[] = [];
  clock.after(20, () => ran.push('later'));
  clock.after(10, () => ran.push('first'));
  clock.after(10, () => ran.push('second'));
  await clock.advance(15);
  expect(ran).toEqual(['first', 'second']);
  expect(clock.pending()).toBe(1);
  await clock.advance(5);
  expect(ran).toEqual(['first', 'second', 'later']);
});

test('a timer set by a promise that a timer resolved runs within the same advance', async () => {
  const clock = createVirtualClock();
  const ranAt: number[] = [];
  clock.after(10, () => {
    void Promise.resolve().then(() => clock.after(10, () => ranAt.push(clock.monotonic())));
  });
  await clock.advance(30);
  expect(ranAt).toEqual([20]);
  expect(clock.monotonic()).toBe(30);
});

test('a cancelled timer does not run', async () => {
  const clock = createVirtualClock();
  const timer = clock.after(1, () => expect.unreachable());
  timer.cancel();
  timer.cancel();
  await clock.advance(10);
  expect(clock.pending()).toBe(0);
});

test('a jump moves the stamps and not the timers', async () => {
  const clock = createVirtualClock(1000);
  let ran = false;
  clock.after(10, () => (ran = true));
  clock.jump(-500);
  expect([clock.now(), clock.monotonic()]).toEqual([500, 0]);
  clock.jump(5000);
  await clock.advance(9);
  expect(ran).toBe(false);
  await clock.advance(1);
  expect(ran).toBe(true);
  expect(clock.now()).toBe(5510);
});
