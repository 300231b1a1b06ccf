// Which texts look empty to whoever reads them.
import { expect, test } from 'vitest';
import { isBlank } from './is-blank.ts';

test.each([
  ['nothing', ''],
  ['spaces and lines', ' \t\r\n\u00A0\u2003\u3000\u2028'],
  ['zero-width spaces and joiners', '\u200B\u200C\u200D\u2060\uFEFF'],
  ['Hangul fillers', '\u3164\u115F\u1160\uFFA0'],
  ['soft hyphens', '\u00AD'],
  ['marks of the reading direction', '\u200E\u200F\u202A\u202E\u202C\u2066\u2069\u061C'],
  ['control characters', '\u0000\u0007\u001B'],
  ['an empty Braille pattern', '\u2800'],
  ['a selector of a variant with nothing before it', '\uFE0F'],
])('%s look empty', (_what, text) => {
  expect(isBlank(text)).toBe(true);
});

test.each([
  ['a letter among blanks', '\u200B a \u200B'],
  ['a family of three', '\u{1F468}\u200D\u{1F469}\u200D\u{1F466}'],
  ['a Hangul syllable', '\uD55C'],
  ['a Persian word with its joiner', '\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645'],
  ['a dot', '.'],
  ['a combining mark alone', '\u0301'],
])('%s does not', (_what, text) => {
  expect(isBlank(text)).toBe(false);
});
