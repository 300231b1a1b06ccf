// The steps of a message, and where they stand on the axis.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { milestonesOf, placeOnAxis, spread, stepsOf } from './steps.ts';

const at = (ms: number): string => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
const journey = {
  message: { id: 'm', kind: 'message', acceptedAt: at(0), storedAt: at(2), resolvedAt: at(3) },
  counts: {},
  recipients: [
    {
      userId: 'bob',
      realtime: [
        {
          connectionId: 'c',
          deviceType: 'desktop',
          page: '/chat',
          reason: 'acked_hidden',
          sentAt: at(4),
          ackedAt: at(40),
        },
      ],
      push: [
        {
          ...{ deviceId: 'd', provider: 'hook', deviceType: 'mobile', reason: 'target_gone' },
          steps: [
            { at: at(2), reason: 'waiting_for_ack' },
            { at: at(5002), reason: 'queued' },
            { at: at(5100), reason: 'target_gone' },
          ],
          attempts: [{ at: at(5090), outcome: 'rejected' }],
        },
      ],
    },
  ],
} as const;

test('all that happened is there in the order of time', () => {
  const steps = stepsOf(journey as never);
  expect(steps.map(({ what, afterMs }) => `${what} ${afterMs}`)).toEqual([
    ...['accepted 0', 'stored 2', 'waiting_for_ack 2', 'resolved 3', 'sent 4', 'acked_hidden 40'],
    ...['queued 5002', 'attempt_rejected 5090', 'target_gone 5100'],
  ]);
  expect(steps.at(-1)).toMatchObject({ userId: 'bob', where: 'hook' });
  expect(milestonesOf(steps).map(({ id }) => id)).toEqual([
    'accepted',
    'stored',
    'resolved',
    'sent',
    'push',
    'attempt',
    'last',
  ]);
});

test('what was seen at once has no last step of its own', () => {
  const steps = [
    { what: 'accepted', afterMs: 0 },
    { what: 'acked', afterMs: 9 },
  ];
  expect(milestonesOf(steps).map(({ id }) => id)).toEqual(['accepted', 'seen']);
});

test('a millisecond is seen beside an hour', () => {
  expect(placeOnAxis(0, 3_600_000)).toBe(0);
  expect(placeOnAxis(3_600_000, 3_600_000)).toBe(1);
  expect(placeOnAxis(2, 3_600_000)).toBeGreaterThan(0.05);
  expect(placeOnAxis(0, 0)).toBe(0);
});

test('labels stand in order, apart, and within the axis', () => {
  const sorted = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(sorted, (given) => {
      const places = [...given].sort((a, b) => a - b);
      const moved = spread(places, 0.1);
      expect(moved).toHaveLength(places.length);
      for (const [index, place] of moved.entries()) {
        expect(place).toBeGreaterThanOrEqual(-1e-9);
        expect(place).toBeLessThanOrEqual(1 + 1e-9);
        if (index > 0) expect(place - (moved[index - 1] ?? 0)).toBeGreaterThanOrEqual(0.1 - 1e-9);
      }
    }),
  );
});
