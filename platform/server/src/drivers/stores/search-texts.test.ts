import { expect, test } from 'vitest';
import { foldText, searchTexts } from './search-texts.ts';

test.each([
  ['Ann Smith', ['ann smith', 'smith']],
  ['  Élodie   Šťastná ', ['elodie stastna', 'stastna']],
  ['auth0|507f1f', ['auth0|507f1f', '0|507f1f', '507f1f', 'f1f', '1f', 'f']],
  ['ann+work@example.com', ['ann+work@example.com', 'work@example.com', 'example.com', 'com']],
  ['王小明', ['王小明', '小明', '明']],
  ['김민수', ['김민수', '민수', '수']],
  ['नमस्ते दुनिया', ['नमस्ते दुनिया', 'दुनिया']],
  ['👩‍⚕️', ['👩‍⚕️']],
])('%s is found from the beginning of each word', (text, texts) => {
  expect(searchTexts([text])).toEqual(texts);
});

test('an id and a name are found by a bounded number of short texts, however long they are', () => {
  const texts = searchTexts(['a1'.repeat(64), 'x y '.repeat(40)]);
  expect(texts.length).toBeLessThanOrEqual(48);
  expect(Math.max(...texts.map((text) => text.length))).toBeLessThanOrEqual(64);
});

test('a query is folded as what it is to find', () => {
  expect(['@Example', ' ÉLO', 'İ', 'ǅ'].map(foldText)).toEqual(['example', 'elo', 'i', 'dz']);
  expect(foldText('Ω'.normalize('NFD'))).toBe('ω');
});
