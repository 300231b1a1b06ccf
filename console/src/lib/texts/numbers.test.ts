import { expect, test } from 'vitest';
import { bytes, milliseconds, number, percent, shortNumber } from './numbers.ts';

test('numbers are grouped from five digits on', () => {
  expect([0, 999, 4812, 48_120].map((value) => number(value, 'en-GB'))).toEqual(['0', '999', '4812', '48,120']);
});

test('tiles have short numbers, in the units of the language', () => {
  expect(shortNumber(4812, 'en-GB')).toBe('4812');
  expect(shortNumber(12_400, 'en-US')).toBe('12.4K');
  expect(shortNumber(12_400, 'zh-CN')).toBe('1.2万');
});

test('sizes and times have the unit that they are read in', () => {
  expect([12, 2048, 2_200_000].map((value) => bytes(value, 'en-GB'))).toEqual(['12 B', '2 KiB', '2.1 MiB']);
  expect([3, 140, 1449].map((value) => milliseconds(value, 'en-GB'))).toEqual(['3 ms', '140 ms', '1.4 s']);
  expect(percent(0.9874, 'en-GB')).toBe('98.7%');
});
