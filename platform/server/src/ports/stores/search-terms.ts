// The words by which messages are found: those of a message, and those of a question. Which messages have them
// is the stores'.
//
// The rule is part of the record, so it stands beside it: stores that find messages have to agree on it.

/** Scripts that put no blanks between words. What is asked for may begin and end anywhere in such a run. */
const unspaced = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー`;
const runs = new RegExp(String.raw`(?<run>[${unspaced}]+)|(?<word>[[\p{L}\p{N}\p{M}]--[${unspaced}]]+)`, 'gv');

/** A word is known by its first characters. */
const maxTermLength = 40;
/** The most words that one message is found by. */
const maxTerms = 2000;
/** Text that is nested deeper is not found. */
const maxDepth = 32;
/** The most words of one question. */
const maxAsked = 32;

/** Text in which nothing but case can be folded. */
const asciiOnly = /^[\t\n\r\u0020-\u007E]*$/;

/** Case, width and accents make no other word of it: those of Latin, Greek and Cyrillic letters. */
export function folded(text: string): string {
  if (asciiOnly.test(text)) return text.toLowerCase();
  const bare = text.normalize('NFKD').replaceAll(/[\u0300-\u036F]/gu, '');
  return bare.normalize('NFC').toLowerCase();
}

/** Each once. A run without blanks has every two neighbours as a word, and its last character. */
export function termsOf(text: string): string[] {
  const terms = new Set<string>();
  for (const { groups } of folded(text).matchAll(runs)) {
    if (terms.size >= maxTerms) break;
    if (groups?.['word'] !== undefined) {
      terms.add(cut(groups['word']));
      continue;
    }
    const characters = Array.from(groups?.['run'] ?? '');
    for (const [index, character] of characters.entries()) terms.add(character + (characters[index + 1] ?? ''));
  }
  return [...terms].slice(0, maxTerms);
}

/** A message has all of them, or words that begin with them, where it is an answer. Empty for a text without words. */
export function askedTermsOf(question: string): string[] {
  const terms = new Set<string>();
  for (const { groups } of folded(question).matchAll(runs)) {
    if (groups?.['word'] !== undefined) terms.add(cut(groups['word']));
    const characters = Array.from(groups?.['run'] ?? '');
    if (characters.length === 1) terms.add(characters.join(''));
    for (const [index, character] of characters.slice(0, -1).entries())
      terms.add(character + (characters[index + 1] ?? ''));
  }
  return [...terms].slice(0, maxAsked);
}

/** All texts in what a message says; not what the app keeps about it in `metadata`. */
export function searchableText(data: Readonly<Record<string, unknown>>): string {
  const { content, metadata: _, ...notice } = data;
  return textsIn(content ?? notice).join('\n');
}

function textsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth === maxDepth) return [];
  return Object.values(value).flatMap((each) => textsIn(each, depth + 1));
}

function cut(word: string): string {
  if (word.length <= maxTermLength) return word;
  return Array.from(word).slice(0, maxTermLength).join('');
}
