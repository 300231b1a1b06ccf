// The texts under which somebody is found: their id and name, folded, from each beginning of a word on. Not
// where they are kept.
import { folded } from '../../ports/stores/search-terms.ts';

/** Longer beginnings find nothing more. */
const longestText = 64;
/** Beginnings of one text that are kept: names have few words. */
const mostStarts = 24;

/** Letters that are written without blanks between words, so that a name is looked for from any of them. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** As it is compared: folded, and without signs before the first letter or digit. */
export function foldText(text: string): string {
  const trimmed = folded(text).replaceAll(/\s+/g, ' ').trim();
  const first = trimmed.search(/[\p{L}\p{N}]/u);
  return cut(Array.from(trimmed.slice(Math.max(0, first))));
}

/** One a word: `ann smith` and `smith` of "Ann Smith". Whoever looks for one by its beginning finds it. */
export function searchTexts(texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts.flatMap((text) => (text === undefined ? [] : startsOf(text))))].filter(
    (text) => text !== '',
  );
}

function startsOf(text: string): string[] {
  const letters = Array.from(foldText(text));
  const starts = letters.flatMap((letter, at) => (at === 0 || begins(letters[at - 1] ?? '', letter) ? [at] : []));
  return starts.slice(0, mostStarts).map((at) => cut(letters.slice(at)));
}

function begins(before: string, letter: string): boolean {
  const sort = sortOf(letter);
  return sort !== 'sign' && !/\p{M}/u.test(letter) && (sort !== sortOf(before) || unspaced.test(letter));
}

function sortOf(letter: string): 'letter' | 'digit' | 'sign' {
  if (/\p{N}/u.test(letter)) return 'digit';
  return /[\p{L}\p{M}]/u.test(letter) ? 'letter' : 'sign';
}

function cut(letters: readonly string[]): string {
  return letters.slice(0, longestText).join('');
}
