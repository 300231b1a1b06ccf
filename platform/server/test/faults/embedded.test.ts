// The short form: the server is killed and drained a few times under the whole workload, and every promise
// that can be checked holds. The long form is run.ts.

import { expect, test } from 'vitest';
import { runKills } from './kill-run.ts';
import { seedOf } from './random.ts';

const seed = seedOf(process.env);

test(`a server that is killed again and again keeps its promises (SEED=${seed})`, { timeout: 240_000 }, async () => {
  const { violations, counts } = await runKills({
    seed,
    stops: 5,
    uptimeMs: [400, 2000],
    // Keys of requests and pushes under way are held for half a minute, which nobody has to wait for.
    laterMs: 40_000,
    calm: { mostMs: 90_000 },
  });
  expect(violations).toEqual([]);
  // A run in which nothing happened would prove nothing.
  expect(counts.kills).toBeGreaterThanOrEqual(1);
  expect(counts.messages).toBeGreaterThan(100);
  expect(counts.sentAgain).toBeGreaterThan(0);
  expect(counts.pushes).toBeGreaterThan(20);
});
