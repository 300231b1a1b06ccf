// Two of the mechanisms behind the promises are switched off, one by one, and the same workload must then break their
// promise: on a server that only runs, and on one that is drained. All of them: switched-off.slow.ts.

import { describe, expect, test } from 'vitest';
import { mechanisms } from './mechanisms.ts';
import { seedOf } from './random.ts';
import { runWithout } from './run-without.ts';

const seed = seedOf(process.env);
const ids = ['takes-frames-in-any-order', 'drain-waits-for-nothing'];
const chosen = mechanisms.filter(({ id }) => ids.includes(id));

describe.concurrent(`without its mechanism a promise is broken (SEED=${seed})`, () => {
  test.each(chosen)('$guarantee: $without', { timeout: 180_000 }, async (mechanism) => {
    expect(await runWithout(mechanism, seed)).toContain(mechanism.guarantee);
  });

  test('the mechanisms are those that are meant', () => {
    expect(chosen.map(({ id }) => id)).toEqual(ids);
  });
});
