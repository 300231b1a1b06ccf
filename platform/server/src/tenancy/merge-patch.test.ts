import { expect, test } from 'vitest';
import { mergePatch } from './merge-patch.ts';

// The examples of RFC 7396, as far as they change an object.
test.each([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [['a'], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  [{ a: 1 }, { a: undefined }, { a: 1 }],
])('%j changed by %j is %j', (target, patch, merged) => {
  expect(mergePatch(target, patch)).toEqual(merged);
});

test('a member named as those of all objects are is a member like any other', () => {
  const merged = mergePatch(
    {},
    JSON.parse('{"constructor":{"a":1},"toString":"x","__proto__":{"polluted":true}}') as object,
  );
  expect(Object.keys(merged)).toEqual(['constructor', 'toString', '__proto__']);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});
