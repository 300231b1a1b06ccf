// `npm run test:mechanisms`: each mechanism behind a promise is switched off in turn, and the same workload with the
// same faults must then break that promise.

import { describe, expect, test } from 'vitest';
import { mechanisms } from './mechanisms.ts';
import { seedOf } from './random.ts';
import { runWithout } from './run-without.ts';

const seed = seedOf(process.env);

describe.concurrent(`without its mechanism a promise is broken (SEED=${seed})`, () => {
  test.each(mechanisms)('$guarantee: $without', { timeout: 180_000 }, async (mechanism) => {
    expect(await runWithout(mechanism, seed)).toContain(mechanism.guarantee);
  });
});
