import { expect, test } from 'vitest';
import { tableOf } from './table-of.ts';

const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'];

test.each(names)('has nothing under the name %s before it is put there, and then what was put there', (name) => {
  expect(tableOf<number>([])[name]).toBeUndefined();
  const table = tableOf([[name, 1]]);
  expect(table[name]).toBe(1);
  expect(Object.entries(table)).toEqual([[name, 1]]);
});
