// Two people change one object.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedFields, isSame, merge } from './merge.ts';

test('fields that one side changed are taken from that side', () => {
  expect(
    merge({
      then: { name: 'a', zone: 'UTC', keys: true },
      theirs: { name: 'b', zone: 'UTC', keys: true },
      yours: { name: 'a', zone: 'UTC', keys: false },
    }),
  ).toEqual({ values: { name: 'b', zone: 'UTC', keys: false }, collisions: [], taken: ['name'] });
});

test('a field that both changed keeps yours and is said to collide', () => {
  expect(merge({ then: { name: 'a' }, theirs: { name: 'b' }, yours: { name: 'c' } })).toEqual({
    values: { name: 'c' },
    collisions: [{ field: 'name', then: 'a', theirs: 'b', yours: 'c' }],
    taken: [],
  });
});

test('the same change of both is no collision', () => {
  const both = { list: [1, { a: 1, b: 2 }] };
  expect(merge({ then: { list: [] as unknown[] }, theirs: both, yours: { list: [1, { b: 2, a: 1 }] } })).toMatchObject({
    collisions: [],
  });
});

test('nothing of either side is lost', () => {
  const fields = fc.record({ a: fc.integer({ max: 3 }), b: fc.boolean(), c: fc.constantFrom('x', 'y') });
  fc.assert(
    fc.property(fields, fields, fields, (then, theirs, yours) => {
      const { values, collisions } = merge({ then, theirs, yours });
      for (const field of changedFields(then, yours)) expect(values).toHaveProperty(field, yours[field as 'a']);
      const colliding = new Set(collisions.map(({ field }) => field));
      for (const field of changedFields(then, theirs)) {
        if (!colliding.has(field)) expect(values).toHaveProperty(field, theirs[field as 'a']);
      }
    }),
  );
});

test.each([
  [{}, [], false],
  [null, {}, false],
  [[1, 2], [2, 1], false],
  [{ a: undefined }, {}, false],
  [Number.NaN, Number.NaN, true],
])('%j and %j are the same: %s', (one, other, same) => {
  expect(isSame(one, other)).toBe(same);
});
