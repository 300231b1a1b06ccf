// The short form: a cluster whose users go on while a gateway is killed, Redis loses everything and a node is cut off
// from the store. Every promise holds that the checker can check. The long form is ../faults/run.ts.

import { beforeAll, expect, test } from 'vitest';
import { seedOf } from '../faults/random.ts';
import { runCluster, type ClusterRunResult } from './cluster-run.ts';
import { faults } from './faults.ts';
import { cutFrom } from './ways.ts';

const seed = seedOf(process.env);
const rows = [faults.killGateway, faults.flushAll, cutFrom('the store', 4000)];
let result: ClusterRunResult;

beforeAll(async () => {
  result = await runCluster({ seed, faults: rows, busyMs: 3000, calm: { mostMs: 60_000 } });
}, 600_000);

test.each(rows.map(({ name }) => name))('%s: it happened', (name) => {
  const { shownBy } = result.inflicted.find((fault) => fault.name === name) ?? {};
  expect(shownBy).toEqual(expect.any(String));
});

test(`nothing is lost, doubled or out of order, and all that is owed is pushed (SEED=${seed})`, () => {
  expect(result.violations).toEqual([]);
  // A run in which nothing happened would prove nothing.
  expect(result.counts.connections).toBeGreaterThan(200);
  expect(result.counts.messages).toBeGreaterThan(200);
  expect(result.counts.sentAgain).toBeGreaterThan(0);
  expect(result.counts.pushes).toBeGreaterThan(50);
});

test('the clients of the killed gateway are back and have caught up within five seconds', () => {
  expect(result.recovery?.clients).toBeGreaterThan(20);
  // A machine that has too much to do is not measured by the clock; that they come back is.
  expect(result.recovery?.p99Ms).toBeLessThan(result.recovery?.isMachineBusy === true ? 60_000 : 5000);
});
