// Times in words.
import { expect, test } from 'vitest';
import { clockTime, duration, exactTime, isZone, relativeTime, wholeTime } from './times.ts';

const now = Date.UTC(2026, 10, 28, 10, 42, 7);

test.each([
  [0, 'en-GB', 'now'],
  [-12_000, 'en-GB', '12 sec ago'],
  [-90 * 60_000, 'en-GB', '1 hr ago'],
  [-3 * 86_400_000, 'en-GB', '3 days ago'],
  [60 * 3_600_000, 'en-GB', 'in 2 days'],
  [-180_000, 'zh-CN', '3分钟前'],
])('a time %i ms away in %s is "%s"', (distance, tag, words) => {
  expect(relativeTime(now + distance, now, tag)).toBe(words);
});

test('an exact time says its zone, in the order of the language', () => {
  expect(exactTime(now, { tag: 'en-GB', zone: 'Asia/Shanghai' })).toBe('2026-11-28 18:42:07 UTC+8');
  expect(exactTime(now, { tag: 'zh-CN', zone: 'Asia/Shanghai' })).toBe('2026年11月28日 18:42:07 UTC+8');
  expect(exactTime(now, { tag: 'en-GB', zone: 'UTC' })).toMatch(/ 10:42:07 UTC$/);
  expect(clockTime(now, { tag: 'en-GB', zone: 'UTC' })).toBe('10:42:07');
});

test.each([
  [41_200, '42 secs'],
  [600_000, '10 mins'],
  [72 * 3_600_000, '72 hrs'],
])('%i ms are %s', (ms, words) => {
  expect(duration(ms, 'en-GB')).toBe(words);
});

test('only what Intl knows is a time zone', () => {
  expect(isZone('Europe/Berlin')).toBe(true);
  expect(isZone('Mars/Olympus')).toBe(false);
});

test('a time that somebody chose is said as they wrote it', () => {
  expect([86_400_000, 90_000, 7_200_000, 1500, 0].map((ms) => wholeTime(ms, 'en-GB'))).toEqual([
    '1 day',
    '90 seconds',
    '2 hours',
    '1.5 seconds',
    '0 seconds',
  ]);
  expect(wholeTime(5000, 'zh-CN')).toBe('5秒钟');
});
