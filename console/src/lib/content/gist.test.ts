import { expect, it } from 'vitest';
import { gistOf } from './gist.ts';

it('a message is its text in one line, and a notice its title and body', () => {
  expect(gistOf({ data: { type: 'text', content: { text: 'one\n  two' } } })).toBe('one two');
  expect(gistOf({ data: { title: 'Closed', body: 'at noon' } })).toBe('Closed · at noon');
});

it('what has no text is what it is made of', () => {
  expect(gistOf({ data: { type: 'voice', content: { durationMs: 12_000 } } })).toBe('{"durationMs":12000}');
  expect(gistOf({ data: { type: 'own', content: { text: 5 } } })).toBe('{"text":5}');
});

it('what is not shown has none', () => {
  expect(gistOf({})).toBeUndefined();
});
