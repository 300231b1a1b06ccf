// Which callers share a run.

import { expect, test } from 'vitest';
import { SingleFlight } from './single-flight.ts';

function setUp() {
  const runs: PromiseWithResolvers<string>[] = [];
  const flight = new SingleFlight(() => {
    const run = Promise.withResolvers<string>();
    runs.push(run);
    return run.promise;
  });
  return { flight, runs };
}

test('all who join while a run is under way share it, and who comes after it begins another', async () => {
  const { flight, runs } = setUp();
  const [one, two] = [flight.join(), flight.join()];
  runs[0]?.resolve('first');
  expect(await Promise.all([one, two])).toEqual(['first', 'first']);
  const three = flight.join();
  runs[1]?.resolve('second');
  expect(await three).toBe('second');
  expect(runs).toHaveLength(2);
});

test('a fresh run begins after the call, one for all who asked meanwhile, also after a failure', async () => {
  const { flight, runs } = setUp();
  const stale = flight.join();
  const fresh = [flight.fresh(), flight.fresh()];
  expect(runs).toHaveLength(1);
  runs[0]?.reject(new Error('away'));
  await expect(stale).rejects.toThrow('away');
  expect(runs).toHaveLength(2);
  const later = flight.fresh();
  runs[1]?.resolve('second');
  expect(await Promise.all(fresh)).toEqual(['second', 'second']);
  expect(runs).toHaveLength(3);
  runs[2]?.resolve('third');
  expect(await later).toBe('third');
});

test('a caller that asks when a run has just ended shares the one that waited for its end', async () => {
  const { flight, runs } = setUp();
  const again = flight.join().then(() => Promise.all([flight.join(), flight.fresh()]));
  const fresh = flight.fresh();
  runs[0]?.resolve('first');
  await new Promise((resolve) => void setImmediate(resolve));
  expect(runs).toHaveLength(2);
  runs[1]?.resolve('second');
  expect([await fresh, await again]).toEqual(['second', ['second', 'second']]);
});

test('a single flight is idle when the last run that was asked for has ended', async () => {
  const { flight, runs } = setUp();
  await flight.idle();
  let isIdle = false;
  void flight.join();
  void flight.fresh();
  const idle = flight.idle().then(() => (isIdle = true));
  runs[0]?.resolve('first');
  await Promise.resolve();
  expect(isIdle).toBe(false);
  await new Promise((resolve) => void setImmediate(resolve));
  expect(isIdle).toBe(false);
  runs[1]?.resolve('second');
  await idle;
});
