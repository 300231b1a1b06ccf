// What is made of texts that others chose.
import { expect, test } from 'vitest';
import { shortened, shortId, visibleText } from './foreign-text.ts';

test.each([
  ['a\u0000b', 'a␀b'],
  ['user\u202etxt.exe', 'user⟨U+202E⟩txt.exe'],
  ['a\u200bb\ufeff', 'a⟨U+200B⟩b⟨U+FEFF⟩'],
  ['lone \ud800 half', 'lone ⟨U+D800⟩ half'],
  ['<b>bold</b>', '<b>bold</b>'],
  ['👨‍👩‍👧 family', '👨‍👩‍👧 family'],
  ['two\nlines\t', 'two\nlines\t'],
])('%j is shown as %j', (text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

test('a long text keeps both its ends, and no character is cut in two', () => {
  expect(shortened('x'.repeat(40), 9)).toBe('xxxx…xxxx');
  expect(shortened('😀'.repeat(12), 5)).toBe('😀😀…😀😀');
  expect(shortened('short')).toBe('short');
});

test('ids of Belfry are shown by their ends, ids of an app as they are', () => {
  expect(shortId('01932c5a-7b1e-7c3d-9f3c-0123456789ab')).toBe('0193…89ab');
  expect(shortId('bob@clinic.example')).toBe('bob@clinic.example');
});
