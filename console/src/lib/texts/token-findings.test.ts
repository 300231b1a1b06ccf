import { expect, test } from 'vitest';
import { findingWords } from './token-findings.ts';
import { inLanguage } from './test/in-language.fixture.ts';

const style = { tag: 'zh-CN', zone: 'UTC' };
inLanguage('zh');

test('what a check found is said in the language of the person, with its values', () => {
  const found = { what: 'other_app' as const, values: { value: '"demo2"', app: 'demo' } };
  expect(findingWords(found, { style })).toBe('aud 为 "demo2"；此应用的 key 是 demo。');
});

test('a claim that is not as it has to be is said with the form that it needs', () => {
  const found = { what: 'claim_malformed' as const, values: { claim: 'exp', value: '"soon"', problem: 'Invalid' } };
  expect(findingWords(found, { style })).toBe('exp 为 "soon"，应为以秒为单位的数字时间。');
});

test('times of a token are read as times, and what is none stays as it stands there', () => {
  const found = { what: 'says' as const, values: { value: '1795982524' } };
  expect(findingWords(found, { claim: 'exp', style })).toBe('2026年11月29日 20:02:04 UTC (1795982524)');
  expect(findingWords(found, { claim: 'sub', style })).toBe('1795982524');
  const never = { what: 'past' as const, values: { at: 9e99 } };
  expect(findingWords(never, { style })).toContain('9e+99');
});

test('marks of another direction in a value are shown and turn nothing around', () => {
  const found = { what: 'no_key_fits' as const, values: { header: '\u202Efdp' } };
  expect(findingWords(found, { style })).toContain('⟨U+202E⟩fdp');
});
