// The matcher lets through what fits and points at what does not.
import { describe, expect, it } from 'vitest';
import { fillIn, fillInPath, match, type Captures } from './match.ts';

function fits(expected: unknown, value: unknown): boolean {
  return match(expected, value, new Map()) === undefined;
}

describe('a matcher', () => {
  it('lets objects have more fields and lists not more elements', () => {
    expect(fits({ a: 1 }, { a: 1, b: 2 })).toBe(true);
    expect(fits({ a: 1 }, { b: 2 })).toBe(false);
    expect(fits([1], [1, 2])).toBe(false);
    expect(fits([1, 2], [2, 1])).toBe(false);
    expect(fits({}, null)).toBe(false);
    expect(fits({}, [])).toBe(false);
  });

  it.each([
    ['$any', 0, true],
    ['$any', null, false],
    ['$absent', undefined, true],
    ['$absent', null, false],
    ['$string', 'x', true],
    ['$string', '', false],
    ['$number', 1, true],
    ['$number', '1', false],
    ['$uuid', '019a0000-0000-7000-8000-000000000000', true],
    ['$uuid', '019a0000', false],
    ['$time', '2026-01-31T12:00:00.000Z', true],
    ['$time', '2026-01-31T12:00:00Z', false],
    ['$time', '2026-13-31T12:00:00.000Z', false],
    ['text', 'text', true],
    ['text', 'Text', false],
  ])('%s and %j: %s', (word, value, expected) => {
    expect(fits(word, value)).toBe(expected);
  });

  it('finds elements in any order, each once', () => {
    expect(fits({ $unordered: [1, 2] }, [2, 1])).toBe(true);
    expect(fits({ $unordered: [1, 1] }, [1, 2])).toBe(false);
    expect(fits({ $unordered: [1] }, [1, 2])).toBe(false);
    expect(fits({ $contains: [{ a: 1 }] }, [{ b: 1 }, { a: 1, c: 1 }])).toBe(true);
    expect(fits({ $contains: [{ a: 1 }] }, [])).toBe(false);
  });

  it('points at the first difference', () => {
    expect(match({ a: [{ b: 'x' }] }, { a: [{ b: 'y' }] }, new Map())).toEqual({
      path: 'a[0].b',
      expected: '"x"',
      got: '"y"',
    });
  });

  it('keeps captures only when all of it fits', () => {
    const captures: Captures = new Map();
    expect(match({ a: '$capture:a', b: 1 }, { a: 7, b: 2 }, captures)).toBeDefined();
    expect(captures.size).toBe(0);
    expect(match({ a: '$capture:a', b: '$var:a' }, { a: 7, b: 7 }, captures)).toBeUndefined();
    expect(captures.get('a')).toBe(7);
    expect(match('$var:a', 8, captures)).toBeDefined();
  });

  it('refuses a word that is none, instead of comparing it as text', () => {
    expect(() => fits('$uiud', 'x')).toThrow('no word');
  });
});

it('captures are filled into bodies and paths', () => {
  const captures: Captures = new Map<string, unknown>([
    ['id', 'a/b'],
    ['seq', 3],
  ]);
  expect(fillIn({ cursors: [{ seq: '$var:seq' }], id: '$var:id' }, captures)).toEqual({
    cursors: [{ seq: 3 }],
    id: 'a/b',
  });
  expect(fillInPath('/messages/{id}/journey', captures)).toBe('/messages/a%2Fb/journey');
  expect(() => fillIn('$var:nothing', captures)).toThrow('nothing was captured as nothing');
});
