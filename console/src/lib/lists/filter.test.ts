// The filter of a list, typed and in the address.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addTokens, filterOfUrl, readTyped, urlOfFilter, type FilterShape } from './filter.ts';

const shape: FilterShape = { names: ['actor', 'action'], text: 'q' };

test('a filter survives its way through the address, whatever people type', () => {
  const filters = fc.record({
    tokens: fc.uniqueArray(fc.record({ name: fc.constantFrom(...shape.names), value: fc.string({ minLength: 1 }) }), {
      selector: ({ name, value }) => `${name} ${value.toWellFormed()}`,
    }),
    text: fc.string(),
  });
  fc.assert(
    fc.property(filters, ({ tokens, text }) => {
      const sorted = [...tokens].sort((a, b) => shape.names.indexOf(a.name) - shape.names.indexOf(b.name));
      const url = urlOfFilter(new URLSearchParams(), { tokens, text: text.toWellFormed() }, shape);
      const read = filterOfUrl(new URLSearchParams(url.toString()), shape);
      expect(read.text).toBe(text.toWellFormed());
      expect(read.tokens).toEqual(sorted.map(({ name, value }) => ({ name, value: value.toWellFormed() })));
    }),
  );
});

test('a value that an address has twice is one filter', () => {
  const { tokens } = filterOfUrl(new URLSearchParams('actor=anna&actor=li&actor=anna'), shape);
  expect(tokens.map(({ value }) => value)).toEqual(['anna', 'li']);
});

test('what is no filter stays in the address', () => {
  const url = new URLSearchParams('open=7&actor=anna&later=1');
  expect(urlOfFilter(url, { tokens: [], text: 'x' }, shape).toString()).toBe('open=7&later=1&q=x');
});

test.each([
  ['actor:anna', [{ name: 'actor', value: 'anna' }], ''],
  ['actor:"Anna Li" voice', [{ name: 'actor', value: 'Anna Li' }], 'voice'],
  ['time:12:30 x', [], 'time:12:30 x'],
  ['action:', [], 'action:'],
  ['  two   words ', [], 'two words'],
])('typed %j gives tokens and text', (typed, tokens, text) => {
  expect(readTyped(typed, shape)).toEqual({ tokens, text });
});

test('a token is there once', () => {
  const filter = { tokens: [{ name: 'actor', value: 'anna' }], text: 'old' };
  expect(addTokens(filter, readTyped('actor:anna action:x new', shape))).toEqual({
    tokens: [
      { name: 'actor', value: 'anna' },
      { name: 'action', value: 'x' },
    ],
    text: 'new',
  });
});
