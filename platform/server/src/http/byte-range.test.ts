// The part of a file of 100 bytes that each header asks for.
import { expect, test } from 'vitest';
import { parseRange } from './byte-range.ts';

test.each([
  ['', 'whole'],
  ['bytes=0-0', { from: 0, to: 0 }],
  ['bytes=10-', { from: 10, to: 99 }],
  ['bytes=10-19', { from: 10, to: 19 }],
  ['BYTES= 10-1000 ', { from: 10, to: 99 }],
  ['bytes=-1', { from: 99, to: 99 }],
  ['bytes=-1000', { from: 0, to: 99 }],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=99999999999999999999-', 'unsatisfiable'],
  ['bytes=20-10', 'whole'],
  ['bytes=-', 'whole'],
  ['bytes=0-1,5-6', 'whole'],
  ['lines=0-1', 'whole'],
  ['bytes=a-b', 'whole'],
])('%j', (header, asked) => {
  expect(parseRange(header, 100)).toEqual(asked);
});

test('no part of an empty file can be had', () => {
  expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable');
  expect(parseRange('bytes=-5', 0)).toBe('unsatisfiable');
});
