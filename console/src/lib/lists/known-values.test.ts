import { expect, test } from 'vitest';
import { valuesOf } from './known-values.ts';

test('each value is there once, the most frequent first; rows without one are passed over', () => {
  const rows = [{ user: 'ann' }, { user: 'bob', name: 'Bob' }, { user: 'bob' }, {}, { user: '' }] as {
    user?: string;
    name?: string;
  }[];
  expect(valuesOf(rows, ({ user }) => user)).toEqual([
    { value: 'bob', text: 'bob' },
    { value: 'ann', text: 'ann' },
  ]);
  expect(
    valuesOf(
      rows,
      ({ user }) => user,
      (value, { name }) => name ?? value,
    )[0],
  ).toEqual({ value: 'bob', text: 'Bob' });
});
