import { describe, expect, test } from 'vitest';
import { askedTermsOf, searchableText, termsOf } from './search-terms.ts';

const has = (text: string, question: string): boolean => {
  const terms = termsOf(text);
  return askedTermsOf(question).every((asked) => terms.some((term) => term.startsWith(asked)));
};

describe('a question', () => {
  test.each([
    ['The results are ready', 'result'],
    ['The results are ready', 'READY the'],
    ['Überweisung für Zoë', 'uberweis zoe'],
    ['检查结果已经出来了', '结果'],
    ['检查结果已经出来了', '了'],
    ['检查结果已经出来了', '检'],
    ['ward 7: 血压 120/80', '血压 120'],
    ['ＡＢＣ', 'abc'],
    ['カタカナで書く', '書く'],
    ['ผลตรวจออกแล้ว', 'ตรวจ'],
    ['검사 결과', '결과'],
    ['जाँच का नतीजा', 'नतीजा'],
  ])('finds in %j: %j', (text, question) => {
    expect(has(text, question)).toBe(true);
  });

  test.each([
    ['The results are ready', 'esults'],
    ['The results are ready', 'results tomorrow'],
    ['检查结果', '结论'],
  ])('does not find in %j: %j', (text, question) => {
    expect(has(text, question)).toBe(false);
  });

  test('without a word in it has no terms', () => {
    expect(askedTermsOf(' "*" -- ()')).toEqual([]);
  });
});

test('a long text has a bounded number of words', () => {
  expect(termsOf(Array.from({ length: 10_000 }, (_, n) => `w${n}`).join(' '))).toHaveLength(2000);
  expect(termsOf('x'.repeat(500))).toEqual(['x'.repeat(40)]);
});

test('the texts of a message are those of its content, at any depth, and of a notice its fields', () => {
  expect(
    searchableText({ type: 'card', content: { title: 'a', lines: [{ text: 'b' }] }, metadata: { secret: 'c' } }),
  ).toBe('a\nb');
  expect(searchableText({ title: 'a', body: 'b', metadata: { secret: 'c' } })).toBe('a\nb');
});
