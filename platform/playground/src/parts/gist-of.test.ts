import { expect, test } from 'vitest';
import { gistOf } from './gist-of.ts';

test.each([
  ['no data', { action: 'heartbeat' }, ''],
  ['empty data', { action: 'heartbeat', data: {} }, ''],
  ['an object', { data: { seq: 4, text: '}' } }, '"seq":4,"text":"}"'],
  ['a list', { data: [1, 2] }, '[1,2]'],
  ['a refusal', { ok: false, error: { code: 'forbidden', message: 'No.' } }, 'forbidden'],
])('the gist of a frame with %s has no braces around it', (_name, frame, gist) => {
  expect(gistOf(JSON.stringify(frame))).toBe(gist);
});

test('what is longer than a line, or no JSON, is cut and says so', () => {
  expect(gistOf(JSON.stringify({ data: { text: 'a'.repeat(500) } }))).toMatch(/^"text":"a{152}…$/);
  expect(gistOf('not JSON')).toBe('not JSON');
});
