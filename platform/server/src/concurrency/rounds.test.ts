// When rounds begin, and that they stop cleanly.

import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { Rounds, type RoundsOptions } from './rounds.ts';

function setUp(options: Partial<RoundsOptions> = {}) {
  const clock = createVirtualClock();
  const startedAt: number[] = [];
  const rounds = new Rounds({
    clock,
    everyMs: 1000,
    ...options,
    run: async () => {
      startedAt.push(clock.monotonic());
      await options.run?.();
    },
  });
  return { clock, startedAt, rounds };
}

test('the first round begins after one wait, or now where that is asked for', async () => {
  const [later, now] = [setUp(), setUp()];
  later.rounds.start();
  now.rounds.start('now');
  for (const { clock } of [later, now]) await clock.advance(2500);
  expect([later.startedAt, now.startedAt]).toEqual([
    [1000, 2000],
    [0, 1000, 2000],
  ]);
});

test('a round begins one wait after the end of the one before, so that two never overlap', async () => {
  const long = Promise.withResolvers<undefined>();
  const { clock, rounds, startedAt } = setUp({ run: () => long.promise });
  rounds.start();
  await clock.advance(5000);
  expect(startedAt).toEqual([1000]);
  long.resolve(undefined);
  await clock.advance(1000);
  expect(startedAt).toEqual([1000, 6000]);
});

test('waits are shorter by up to the jitter', async () => {
  let random = 0.5;
  const { clock, rounds, startedAt } = setUp({ jitter: 0.2, random: () => random });
  rounds.start();
  random = 0;
  await clock.advance(2000);
  expect(startedAt).toEqual([900, 1900]);
});

test('a stop waits for the round under way, after which none begins and no timer is left', async () => {
  const long = Promise.withResolvers<undefined>();
  const { clock, rounds, startedAt } = setUp({ run: () => long.promise });
  rounds.start('now');
  let isStopped = false;
  const stopping = rounds.stop().then(() => (isStopped = true));
  await clock.advance(2000);
  expect([isStopped, rounds.isStarted]).toEqual([false, false]);
  long.resolve(undefined);
  await stopping;
  await clock.advance(5000);
  expect([startedAt, clock.pending()]).toEqual([[0], 0]);
});

test('a second start does nothing, and a start after a stop begins anew', async () => {
  const { clock, rounds, startedAt } = setUp();
  rounds.start();
  rounds.start('now');
  await clock.advance(1000);
  await rounds.stop();
  rounds.start();
  await clock.advance(1000);
  expect(startedAt).toEqual([1000, 2000]);
});
