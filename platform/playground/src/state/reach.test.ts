import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Reach } from './reach.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a server that was away is looked for until it answers, and then no more', async () => {
  let isThere = false;
  let looks = 0;
  const returned = vi.fn();
  const reach = new Reach(() => {
    looks += 1;
    return Promise.resolve(isThere);
  });
  reach.onReturn(() => returned('one part of the page'));
  reach.onReturn(() => returned('another'));

  await vi.advanceTimersByTimeAsync(6000);
  expect([looks, returned.mock.calls.length]).toEqual([3, 0]);
  isThere = true;
  await vi.advanceTimersByTimeAsync(6000);
  expect([looks, returned.mock.calls.length]).toEqual([4, 2]);
});

test('nobody is called, and nothing is looked for, once nobody waits', async () => {
  const answers = vi.fn(() => Promise.resolve(true));
  const returned = vi.fn();
  const reach = new Reach(answers);
  reach.onReturn(returned)();
  await vi.advanceTimersByTimeAsync(6000);
  reach.onReturn(returned);
  reach.stop();
  await vi.advanceTimersByTimeAsync(6000);

  expect([answers.mock.calls.length, returned.mock.calls.length]).toEqual([0, 0]);
  expect(vi.getTimerCount()).toBe(0);
});
