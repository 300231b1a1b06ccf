// Rows that leave and take places, against a list that is sorted anew.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowOrder } from './row-order.ts';

interface Row {
  id: string;
  key: number;
}

const compare = (a: Row, b: Row): number => a.key - b.key || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
const ids = fc.integer({ min: 0, max: 60 }).map((number) => `id-${number}`);
const rowsOf = fc.uniqueArray(fc.record({ id: ids, key: fc.integer({ min: 0, max: 9 }) }), {
  selector: ({ id }) => id,
  maxLength: 40,
});
const step = fc.oneof(
  fc.record({ coming: rowsOf }),
  fc.record({ leaving: fc.uniqueArray(ids, { maxLength: 40 }), end: fc.integer({ min: 0, max: 50 }) }),
);

test('after any steps the rows stand as a list that is sorted anew', () => {
  fc.assert(
    fc.property(rowsOf, fc.array(step, { maxLength: 12 }), (begin, steps) => {
      const order = new RowOrder<Row>(compare);
      order.set(begin.toSorted(compare));
      let naive = begin.toSorted(compare);
      for (const each of steps) {
        if ('coming' in each) {
          order.place(each.coming);
          const there = new Set(each.coming.map(({ id }) => id));
          naive = [...naive.filter(({ id }) => !there.has(id)), ...each.coming].sort(compare);
        } else {
          const leaving = new Set(each.leaving);
          const before = naive.filter(({ id }, at) => leaving.has(id) && at < each.end).length;
          expect(order.takeOut(each.leaving, each.end)).toBe(before);
          naive = naive.filter(({ id }) => !leaving.has(id));
        }
        expect(order.slice(0)).toEqual(naive);
        expect(order.length).toBe(naive.length);
        for (const row of naive) expect(order.byId(row.id)).toBe(row);
      }
      expect(order.firstIndex(({ key }) => key >= 5)).toBe(naive.filter(({ key }) => key < 5).length);
      expect(order.byId('nobody')).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});
