import { expect, test } from 'vitest';
import { inPlace } from './in-place.ts';

const rows = (text: string): string[] => text.split('');
const read = (shown: string, fresh: string): string => inPlace(rows(shown), rows(fresh), (row) => row).join('');

test('rows keep their places while others move, come and go', () => {
  expect(read('abc', 'cab')).toBe('abc');
  expect(read('abc', 'xabc')).toBe('abc');
  expect(read('abc', 'ac')).toBe('ac');
  expect(read('', 'ab')).toBe('ab');
});

test('what was read after them follows', () => {
  expect(read('abc', 'xbacde')).toBe('abcde');
});

test('a row that changed is shown as it is now', () => {
  const shown = [{ id: 'a', seq: 1 }];
  expect(inPlace(shown, [{ id: 'a', seq: 2 }], ({ id }) => id)).toEqual([{ id: 'a', seq: 2 }]);
});
