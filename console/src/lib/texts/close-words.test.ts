import { closeCodes } from '@belfry/protocol';
import { expect, test } from 'vitest';
import { closeWords } from './close-words.ts';

test.each([...Object.values(closeCodes).map(({ code }) => code), 1005, 1006])('%i has words of its own', (code) => {
  expect(closeWords(code)).not.toBe(String(code));
});

test('a code that is not known here is shown as it is', () => {
  expect(closeWords(4999)).toBe('4999');
});
