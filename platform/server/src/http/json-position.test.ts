import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonErrorPosition } from './json-position.ts';

describe('where a text stops being JSON', () => {
  it.each([
    ['', 0],
    ['x', 0],
    ['{"a":x}', 5],
    ['{"a":1', 6],
    ['{"a":1,}', 7],
    ['{a:1}', 1],
    ['{"a" 1}', 5],
    ['[1,2', 4],
    ['[1 2]', 3],
    ['[1,]', 3],
    ['[[], {}', 7],
    ['{"a":{"b":[]}} x', 15],
    ['"a\nb"', 0],
    ['[01]', 2],
    ['nul', 0],
  ])('%j: %i', (text, position) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(jsonErrorPosition(text)).toBe(position);
  });

  it('is its end when it is JSON, so nothing in JSON is ever blamed', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(jsonErrorPosition(text)).toBe(text.length);
      }),
    );
  });

  it('is never past the first character that cannot be, and never throws', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, at) => {
        const cut = at % (text.length + 1);
        const position = jsonErrorPosition(`${text.slice(0, cut)}\u0001`);
        expect(position).toBeLessThanOrEqual(cut);
      }),
    );
  });

  it('copes with a million brackets and a string of a megabyte', () => {
    expect(jsonErrorPosition('['.repeat(1_000_000))).toBe(1_000_000);
    expect(jsonErrorPosition(`["${'x'.repeat(1_000_000)}" x`)).toBe(1_000_004);
  });
});
