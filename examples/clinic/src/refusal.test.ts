import { expect, test } from 'vitest';
import { isForGood, reasonOf, reasonOfFile } from './refusal.ts';
import { languages } from './texts.ts';

const { en, zh } = languages;
const refused = (code: string): { code: string; message: string } => ({ code, message: 'As the server says it.' });

test('a refused file says why in the language of the page', () => {
  expect(reasonOfFile(refused('too_large'), en)).toBe(en.refusals.file.too_large);
  expect(reasonOfFile(refused('unsupported_media_type'), zh)).toBe(zh.refusals.file.unsupported_media_type);
  expect(reasonOfFile(refused('forbidden'), zh)).toBe(zh.refusals.any.forbidden);
});

test('the same code says something else of a message', () => {
  expect(reasonOf(refused('too_large'), en)).toBe(en.refusals.any.too_large);
});

test('a code that the clinic does not know, also one like `constructor`, is said in the server’s words', () => {
  for (const code of ['idempotency_conflict', 'constructor'])
    expect(reasonOfFile(refused(code), en)).toBe('The server said: As the server says it.');
  expect(reasonOfFile(undefined, en)).toBeUndefined();
});

test('a file is not offered again where it would be refused again', () => {
  expect(['too_large', 'rate_limited', 'quota_exceeded'].map((code) => isForGood(refused(code)))).toEqual([
    true,
    false,
    false,
  ]);
});
