import { isBelfryError } from '@belfry/protocol';
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { Attempts } from './attempts.ts';

/** How long the answer to a try took, or how it was refused. */
async function failed(attempts: Attempts, clock: ReturnType<typeof createVirtualClock>, name: string) {
  const from = clock.monotonic();
  const outcomes: unknown[] = [];
  const answered = attempts.begin([name]).then(
    () => outcomes.push(clock.monotonic() - from),
    (error: unknown) => {
      if (!isBelfryError(error)) throw error;
      outcomes.push({ code: error.code, afterMs: error.afterMs });
    },
  );
  await clock.advance(0);
  while (outcomes.length === 0) await clock.advance(1000);
  await answered;
  return outcomes[0];
}

test('the answer to each failed try comes later, and beyond ten there is one try a minute', async () => {
  const clock = createVirtualClock();
  const attempts = new Attempts(clock);
  const waits: unknown[] = [];
  for (let tries = 0; tries < 10; tries += 1) waits.push(await failed(attempts, clock, 'anna'));
  expect(waits).toEqual([0, 0, 0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000]);
  // The last try began a minute ago: there is one more, and then none for a minute.
  expect(await failed(attempts, clock, 'anna')).toBe(0);
  expect(await failed(attempts, clock, 'anna')).toEqual({ code: 'rate_limited', afterMs: 60_000 });
  await clock.advance(18_000);
  expect(await failed(attempts, clock, 'anna')).toEqual({ code: 'rate_limited', afterMs: 42_000 });
  expect(await failed(attempts, clock, 'bo')).toBe(0);
});

test('tries that come at once are counted one after the other', async () => {
  const clock = createVirtualClock();
  const attempts = new Attempts(clock);
  const all = Array.from({ length: 20 }, () =>
    attempts.begin(['anna']).then(
      () => 'let',
      () => 'refused',
    ),
  );
  await clock.advance(60_000);
  const outcomes = await Promise.all(all);
  expect(outcomes.filter((outcome) => outcome === 'let')).toHaveLength(10);
});

test('a success begins anew, takes back the try of an address, and after an hour nothing is held against anybody', async () => {
  const clock = createVirtualClock();
  const attempts = new Attempts(clock);
  for (let tries = 0; tries < 3; tries += 1) await attempts.begin(['account anna', 'address a']);
  attempts.succeeded({ whole: ['account anna'], once: ['address a'] });
  expect([attempts.failuresOf('account anna'), attempts.failuresOf('address a')]).toEqual([0, 2]);
  for (let tries = 0; tries < 12; tries += 1) await failed(attempts, clock, 'bo');
  await clock.advance(60 * 60_000 + 1);
  expect(await failed(attempts, clock, 'bo')).toBe(0);
  expect(attempts.failuresOf('bo')).toBe(1);
});
