import { expect, test } from 'vitest';
import { en, reasonsEn, statusEn, type TextKey } from './en.ts';
import { reasonsZh, statusZh, zh } from './zh.ts';

const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').toSorted();

test('both languages fill in the same values', () => {
  const keys = Object.keys(en) as TextKey[];
  expect(Object.keys(zh)).toEqual(keys);
  // A text may use a value twice in one language.
  const differing = keys.filter((key) => String([...new Set(names(en[key]))]) !== String([...new Set(names(zh[key]))]));
  expect(differing).toEqual([]);
});

test('no text is empty, and every Chinese one with a word in it is Chinese', () => {
  for (const table of [en, statusEn, reasonsEn]) expect(Object.values(table)).not.toContain('');
  const withoutWords = (text: string): boolean => !/\p{Letter}/u.test(text.replaceAll(/\{\w+\}/g, ''));
  const latin = [zh, statusZh, reasonsZh]
    .flatMap((table) => Object.values(table))
    .filter((text) => !withoutWords(text) && !/\p{Script=Han}/u.test(text));
  expect(latin).toEqual([]);
});
