import { expect, test } from 'vitest';
import { applyDelta, goneOf, withGone, type Delta } from './apply-delta.ts';

interface Named {
  id: string;
  name: string;
  rtt?: number;
}

const delta = (fields: Partial<Delta>): Delta => ({
  ...{ view: 'v', n: 1, from: 0, total: 0, people: 0, strangers: 0, fresh: 0, put: [], gone: [], out: [] },
  ...fields,
});
const rows: Named[] = ['a', 'b', 'c', 'd'].map((id) => ({ id, name: id.toUpperCase(), rtt: 1 }));
const ids = (list: Named[]): string => list.map(({ id }) => id).join('');

test('rows that go leave, and those that come take their places', () => {
  const put = [
    { id: 'x', at: 0, name: 'X' },
    { id: 'y', at: 3, name: 'Y' },
  ];
  expect(ids(applyDelta(rows, delta({ gone: ['b'], out: ['d'], put }), 10))).toBe('xacy');
});

test('rows that change places leave before any of them comes', () => {
  const put = [
    { id: 'd', at: 0 },
    { id: 'a', at: 3 },
  ];
  const next = applyDelta(rows, delta({ put }), 10);
  expect(ids(next)).toBe('dbca');
  expect(next[0]).toEqual({ id: 'd', name: 'D', rtt: 1 });
});

test('a row changes in its place, and a field that is null is gone', () => {
  const [first, ...rest] = applyDelta(rows, delta({ put: [{ id: 'a', name: 'Z', rtt: null }] }), 10);
  expect(first).toEqual({ id: 'a', name: 'Z' });
  expect(rest).toEqual(rows.slice(1));
});

test('what is beyond the size falls off', () => {
  expect(ids(applyDelta(rows, delta({ put: [{ id: 'x', at: 0, name: 'X' }] }), 4))).toBe('xabc');
});

test('rows that went stand where they stood, for as long as they are shown', () => {
  const change = delta({ gone: ['a', 'c', 'd'] });
  const gone = goneOf(rows, change);
  expect(ids(withGone(applyDelta(rows, change, 10), gone))).toBe('abcd');
  expect(ids(withGone(applyDelta(rows, delta({ gone: ['a', 'b', 'c', 'd'] }), 10), gone))).toBe('a');
});
