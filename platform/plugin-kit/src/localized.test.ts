// Texts by language, and what is filled into them.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { fillTemplate, fillUrl, pickLocale, templatesOf } from './localized.ts';

test.each([
  ['zh-CN', 'CN'],
  ['zh-cn', 'CN'],
  ['zh-Hans-CN', 'zh'],
  ['pt', 'BR'],
  ['fr', 'en'],
  [undefined, 'en'],
  ['', 'en'],
])('of several languages %s gets %s', (locale, expected) => {
  expect(pickLocale({ zh: 'zh', 'zh-CN': 'CN', 'pt-BR': 'BR', en: 'en' }, locale)).toBe(expected);
});

test('without English the first language is for everybody else, and without any there is nothing', () => {
  expect(pickLocale({ de: 'de', fr: 'fr' }, 'ja')).toBe('de');
  expect(pickLocale({}, 'ja')).toBeUndefined();
  expect(pickLocale({ en: 'en' }, '__proto__')).toBe('en');
});

test('words are filled in once, and what is unknown stays', () => {
  const values = { title: '{body}', body: 'hello', count: 3, sender: undefined };
  expect(fillTemplate('{count} from {title}: {body} {sender} {constructor}', values)).toBe(
    '3 from {body}: hello {sender} {constructor}',
  );
});

test('templates are by language', () => {
  const templates = templatesOf(z.string().max(10));
  expect(templates.safeParse({ en: 'a', 'zh-Hans-CN': 'b' }).success).toBe(true);
  expect(templates.safeParse({ 'not a language': 'a' }).success).toBe(false);
  expect(templates.safeParse({ en: 'longer than ten' }).success).toBe(false);
});

test('what is filled into an address stays a part of it', () => {
  const values = { id: '../x?y=1#z 你', half: '\uD800', n: 7, list: ['a'] };
  expect(fillUrl('https://a.example/{id}/{n}?h={half}&l={list}&u={unknown}', values)).toBe(
    'https://a.example/..%2Fx%3Fy%3D1%23z%20%E4%BD%A0/7?h=%EF%BF%BD&l=&u=',
  );
});
