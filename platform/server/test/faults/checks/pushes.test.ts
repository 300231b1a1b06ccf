// What the checker says of a push that nobody needed. That it finds them is checker.test.ts.
import { expect, test } from 'vitest';
import { findViolations } from '../checker.ts';
import { goodHistory, idOf, postOf } from '../planted.ts';

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
