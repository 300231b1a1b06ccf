// New rows of a list that somebody reads.
import { expect, test } from 'vitest';
import { withNews } from './news.ts';

const row = (second: number, state = 'done') =>
  ({ id: `m${second}`, at: `2026-01-01T00:00:0${second}.000Z`, state }) as never;
const ids = (rows: readonly { id: string }[]): string => rows.map(({ id }) => id).join(' ');

test('what is known changes in place, and what is new waits until it is let in', () => {
  const known = [row(3, 'moving'), row(2), row(1)];
  const fresh = [row(5), row(4), row(3, 'failed')];
  const waiting = withNews(known, fresh, known[0]);
  expect(ids(waiting.rows)).toBe('m3 m2 m1');
  expect(waiting.rows[0]?.state).toBe('failed');
  expect(waiting.waiting).toBe(2);
  expect(ids(withNews(known, fresh, waiting.all[0]).rows)).toBe('m5 m4 m3 m2 m1');
  expect(ids(withNews(known, fresh, undefined).rows)).toBe('m5 m4 m3 m2 m1');
});

test('more than a page of new ones leaves a gap, which is said', () => {
  expect(withNews([row(1)], [row(5), row(4)], undefined).hasGap).toBe(true);
  expect(withNews([row(4)], [row(5), row(4)], undefined).hasGap).toBe(false);
  expect(withNews([], [row(5)], undefined).hasGap).toBe(false);
});
