// What the checker says of a push that nobody needed, and when it cannot say that nobody needed it. That it finds
// them is checker.test.ts.

import { expect, test } from 'vitest';
import { findViolations } from '../checker.ts';
import type { FaultEvent } from '../history.ts';
import { goodHistory, idOf, keyOf, postOf, type Draft } from '../planted.ts';

test('what is found of a needless push says what came before it', () => {
  const history = goodHistory();
  history.events.push(
    { type: 'trouble', is: 'begun', at: 11_000 },
    { type: 'trouble', is: 'over', at: 12_000 },
    { ...postOf('carol', 10, 20_000), count: 1, messageIds: [idOf(10)] },
  );
  const { what } = findViolations(history).find(({ guarantee }) => guarantee === 'G11') ?? {};
  expect(what).toMatch(/notified of 10, which was acknowledged; 10 was acknowledged \d+ ms before/);
  expect(what).toContain('an outage began 9000 ms before and ended 8000 ms before');
});

const kill = (at: number): FaultEvent[] => [
  { type: 'stopping', how: 'kill', at },
  { type: 'stopped', how: 'kill', code: null, at: at + 10 },
  { type: 'started', at: at + 100 },
];

/** Of a history in which carol acknowledged all ten by 10,040 ms. */
test.each<[string, (history: Draft) => void, number]>([
  ['well after it was acknowledged takes nothing', ({ events }) => void events.push(...kill(12_500)), 1],
  [
    'while the store is slow takes what was acknowledged meanwhile',
    ({ events }) => {
      const nine = events.find((event) => event.type === 'answered' && event.key === keyOf(9));
      if (nine !== undefined) nine.at = 12_400;
      events.push(...kill(12_500));
    },
    0,
  ],
  [
    'before the store is back takes what waited for it',
    ({ events }) => {
      const trouble = { type: 'trouble' } as const;
      events.push({ ...trouble, is: 'begun', at: 10_500 }, ...kill(14_000), { ...trouble, is: 'over', at: 15_000 });
    },
    0,
  ],
])('a kill %s', (_, change, found) => {
  const history = goodHistory();
  change(history);
  history.events.push({ ...postOf('carol', 10, 40_000), count: 1, messageIds: [idOf(10)] });
  const needless = findViolations(history).filter(({ guarantee }) => guarantee === 'G11');
  expect(needless).toHaveLength(found);
});
