// `explain` says what `broadcast` then does: to connections, to the providers, to the journey; and this test
// would notice if it did not.

import { pushReasons, realtimeReasons } from '@belfry/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { caseArbitrary } from './cases.ts';
import { play } from './play.ts';
import { plants } from './plants.ts';
import { startWorld, type Plant, type World } from './world.ts';

const runs = 2000;
/** A world gets slower by what is stored of the cases before. */
const runsPerWorld = 100;
/** Reasons that are known only afterwards. */
const laterReasons: ReadonlySet<string> = new Set([
  'acked',
  'acked_hidden',
  'cancelled_acked',
  'cancelled_read',
  'accepted_by_provider',
  'opened',
  'retrying',
  'expired_ttl',
  'target_gone',
  'payload_rejected',
  'collapsed_into',
  'delivered',
  'delivery_failed',
  'fallback_from',
]);
/** The cases have no fall-back chain: what explain says of one is held in broadcasting/explain-fallbacks.test.ts. */
const ofChains: ReadonlySet<string> = new Set(['fallback_waiting', 'fallback_not_needed']);

test(
  `the outcome that explain predicts is received, pushed and recorded, ${runs} times`,
  { timeout: 240_000 },
  async () => {
    const { details, reasons } = await check(runs);
    if (details.failed) throw new Error(fc.defaultReportMessage(details));
    expect(details.numRuns).toBe(runs);
    // A reason that no case comes to would not be tested.
    expect([...reasons].toSorted()).toEqual(
      Object.keys({ ...realtimeReasons, ...pushReasons })
        .filter((reason) => !laterReasons.has(reason) && !ofChains.has(reason))
        .toSorted(),
    );
  },
);

describe('a planted fault is noticed', () => {
  test.each(plants)('$what', { timeout: 60_000 }, async ({ plant, noticed }) => {
    const { details } = await check(500, plant);
    expect(details.failed).toBe(true);
    expect(String(details.errorInstance)).toMatch(noticed);
  });
});

async function check(numRuns: number, plant?: Plant) {
  let world: World | undefined;
  let played = 0;
  const reasons = new Set<string>();
  const property = fc.asyncProperty(caseArbitrary, async (given) => {
    if (played % runsPerWorld === 0) {
      await world?.stop();
      world = await startWorld(plant);
    }
    played += 1;
    if (world === undefined) return;
    for (const reason of Object.keys(await play(world, given))) reasons.add(reason);
  });
  try {
    // A plant is wrong in most cases that it touches: there is nothing to learn from a smaller one.
    const details = await fc.check(property, { numRuns, endOnFailure: plant !== undefined });
    return { details, reasons };
  } finally {
    await world?.stop();
  }
}
