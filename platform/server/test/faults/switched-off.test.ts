// One of the mechanisms behind the promises is switched off, and the same workload must then break its
// promise. All of them, one by one: switched-off.slow.ts.

import { describe, expect, test } from 'vitest';
import { mechanisms } from './mechanisms.ts';
import { seedOf } from './random.ts';
import { runWithout } from './run-without.ts';

const seed = seedOf(process.env);
const chosen = mechanisms.filter(({ id }) => id === 'takes-frames-in-any-order');

describe(`without its mechanism a promise is broken (SEED=${seed})`, () => {
  test.each(chosen)('$guarantee: $without', { timeout: 180_000 }, async (mechanism) => {
    expect(await runWithout(mechanism, seed)).toContain(mechanism.guarantee);
  });

  test('the mechanism is there', () => {
    expect(chosen).toHaveLength(1);
  });
});
