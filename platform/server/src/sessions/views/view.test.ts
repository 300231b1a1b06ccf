// A list that somebody looks at, against the same list made anew: rows, order, numbers, facets.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  connectionOrder,
  connectionShape,
  connectionSorts,
  connectionTests,
  type ConnectionFilter,
} from './connection-filter.ts';
import type { ConnectionRow } from './connection-row.ts';
import { base, filterArbitrary, Looker, nowMs, rowArbitrary, rowOf } from '../test/rows.fixture.ts';
import type { ViewDelta, Window } from './view-shape.ts';
import { View } from './view.ts';

/** As one would write it who has no need to be quick. */
function fits(row: ConnectionRow, filter: ConnectionFilter): boolean {
  const { user, device, page, node, visible, policy, rttMs, olderMs, behind, q } = filter;
  const among = (values: readonly string[] | undefined, value: string) =>
    values === undefined || values.length === 0 || values.includes(value);
  const attention = row.visible ? ['visible', ...(row.attended ? ['attended'] : [])] : ['hidden'];
  const { confirmed } = row;
  return (
    among(user, row.user) &&
    among(device, row.device) &&
    among(page, row.page) &&
    among(node, row.node) &&
    (visible === undefined || visible.length === 0 || visible.some((value) => attention.includes(value))) &&
    (policy === undefined ||
      policy.length === 0 ||
      policy.some(
        (value) =>
          value === row.policyState ||
          (confirmed !== undefined &&
            (value.startsWith('<') ? confirmed < Number(value.slice(1)) : confirmed === Number(value))),
      )) &&
    (rttMs === undefined || (row.rttMs !== undefined && row.rttMs >= rttMs)) &&
    (olderMs === undefined || nowMs - Date.parse(row.connectedAt) >= olderMs) &&
    (behind !== true || row.behindBytes > 0) &&
    (q === undefined || q === '' || [row.user, row.path].some((text) => text.toLowerCase().includes(q.toLowerCase())))
  );
}

test('a compiled filter takes the rows that a naive one takes', () => {
  fc.assert(
    fc.property(fc.array(rowArbitrary, { maxLength: 60 }), filterArbitrary, (given, filter) => {
      const rows = given.map((each, at) => rowOf(`id-${at}`, each));
      const tests = connectionTests(filter, nowMs);
      const taken = rows.filter((row) => tests.every(({ passes }) => passes(row)));
      expect(taken).toEqual(rows.filter((row) => fits(row, filter)));
    }),
    { numRuns: 300 },
  );
});

interface Churn {
  filter: ConnectionFilter;
  sort: (typeof connectionSorts)[number];
  isDescending: boolean;
  window: Window;
  seed: number;
  steps: number;
  /** For a test that this test can fail. */
  lose?: (delta: ViewDelta, step: number) => boolean;
}

/** Connections come, change and go; what the looker has is compared with a list made anew. */
function churn({ filter, sort, isDescending, window, seed, steps, lose }: Churn): void {
  const random = fc.sample(rowArbitrary, { seed, numRuns: 400 });
  let state = seed >>> 0;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pick = () => random[next(random.length)] ?? random[0];
  const world = new Map<string, ConnectionRow>();
  let made = 0;
  const add = (): string => {
    const id = `id-${String((made += 1)).padStart(6, '0')}`;
    const given = pick();
    if (given !== undefined) world.set(id, rowOf(id, given));
    return id;
  };
  for (let count = 0; count < 120; count += 1) add();
  const compare = connectionOrder(sort, isDescending);
  const make = (rows: Iterable<ConnectionRow>) =>
    new View({ tests: connectionTests(filter, nowMs), compare, shape: connectionShape, rows, window });
  const view = make(world.values());
  let looker = new Looker(view.answer(), window.size);
  for (let step = 0; step < steps; step += 1) {
    for (let each = next(4); each > 0; each -= 1) {
      const ids = [...world.keys()];
      const id = ids[next(ids.length)] ?? '';
      const what = next(3);
      if (what === 0 || ids.length < 40) {
        const added = add();
        view.change(added, world.get(added));
      } else if (what === 1 && ids.length > 60) {
        world.delete(id);
        view.change(id, undefined);
      } else {
        const given = pick();
        if (given === undefined) continue;
        world.set(id, rowOf(id, given));
        view.change(id, world.get(id));
      }
    }
    // Each step is a time in which rows may move.
    const delta = view.delta(step * 2000);
    if (delta !== undefined && lose?.(delta, step) !== true) looker.take(delta);
    if (step % 10 !== 9) continue;
    const fresh = make(world.values());
    const list = fresh.answer();
    expect(looker.numbers.total).toBe(list.total);
    expect(looker.numbers.people).toBe(list.people);
    expect(looker.numbers.strangers).toBe(list.strangers);
    expect(looker.facets).toEqual(list.facets);
    if (window.follows) expect(looker.rows).toEqual(list.rows);
    else {
      // Nothing has moved, so it is compared by what each row says; then all is looked at anew.
      for (const row of looker.rows) expect(row).toEqual(world.get(row.id));
      if (step % 100 === 99) {
        const answer = view.look({ ...window, from: next(60) }, { refresh: true });
        looker = new Looker(answer, window.size);
        const all = fresh.all();
        expect(looker.rows).toEqual(all.slice(answer.from, answer.from + window.size));
      } else
        expect(looker.rows.length).toBe(
          Math.min(window.size, Math.max(0, looker.numbers.total - looker.numbers.fresh - looker.from)),
        );
    }
  }
}

test('ten thousand steps of churn leave the one who looks with what a new list says', () => {
  const follows = { from: 0, size: 25, follows: true };
  churn({ filter: {}, sort: 'connectedAt', isDescending: true, window: follows, seed: 11, steps: 10_000 });
});

test('each filter and order holds while connections come, change and go', () => {
  fc.assert(
    fc.property(
      filterArbitrary,
      fc.constantFrom(...connectionSorts),
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 1, max: 2 ** 30 }),
      (filter, sort, isDescending, isFollowing, place, seed) => {
        const window = { from: isFollowing ? 0 : place, size: 20, follows: isFollowing };
        churn({ filter, sort, isDescending, window, seed, steps: 200 });
      },
    ),
    { numRuns: 60 },
  );
});

test('one lost delta is found by the comparison', () => {
  const window = { from: 0, size: 25, follows: true };
  let isLost = false;
  const lose = ({ gone }: ViewDelta, step: number) => !isLost && step > 50 && (isLost = gone.length > 0);
  expect(() =>
    churn({ filter: {}, sort: 'connectedAt', isDescending: true, window, seed: 11, steps: 200, lose }),
  ).toThrow();
});

test('rows that come while somebody reads wait, and take their places when the list is refreshed', () => {
  const window = { from: 0, size: 10, follows: false };
  const [first, second] = ['id-1', 'id-2'].map((id) => ({ ...base, id }));
  if (first === undefined || second === undefined) throw new Error('no rows');
  const view = new View({
    ...{ tests: [], compare: connectionOrder('connectedAt', true), shape: connectionShape, rows: [first], window },
  });
  view.answer();
  view.change('id-2', second);
  expect(view.delta(0)).toMatchObject({ n: 1, total: 2, fresh: 1, put: [], gone: [] });
  expect(view.delta(1)).toBeUndefined();
  expect(view.look(window, { refresh: true }).rows.map(({ id }) => id)).toEqual(['id-2', 'id-1']);
});

test('a facet counts what would be there without its own filter', () => {
  const rows = [
    { ...base, id: 'a' },
    { ...base, id: 'b', device: 'mobile' as const },
    { ...base, id: 'c', device: 'mobile' as const, page: '/shop' },
  ];
  const tests = connectionTests({ device: ['desktop'], page: ['/chat'] }, 0);
  const window = { from: 0, size: 10, follows: true };
  const view = new View({ tests, compare: connectionOrder('connectedAt', true), shape: connectionShape, rows, window });
  const { total, facets } = view.answer();
  expect(total).toBe(1);
  expect(facets['device']).toEqual([
    { value: 'desktop', count: 1 },
    { value: 'mobile', count: 1 },
  ]);
  expect(facets['page']).toEqual([{ value: '/chat', count: 1 }]);
});

test('a long list is not sorted again where a few of its rows came and went', () => {
  const row = (at: number): ConnectionRow => ({ ...base, id: `id-${String(at).padStart(6, '0')}` });
  const order = connectionOrder('connectedAt', true);
  let compared = 0;
  const compare = (a: ConnectionRow, b: ConnectionRow): number => {
    compared += 1;
    return order(a, b);
  };
  const window = { from: 0, size: 100, follows: true };
  const rows = Array.from({ length: 10_000 }, (_, at) => row(at));
  const view = new View({ tests: [], compare, shape: connectionShape, rows, window });
  view.answer();
  const churned = (each: number): void => {
    for (let at = each; at < 10_000; at += 200) view.change(row(at).id, undefined);
    for (let at = 0; at < 50; at += 1) view.change(row(20_000 + each * 50 + at).id, row(20_000 + each * 50 + at));
    compared = 0;
  };
  churned(0);
  const { total, rows: first } = view.look(window);
  expect([total, first.slice(0, 51).map(({ id }) => id)]).toEqual([
    10_000,
    [...Array.from({ length: 50 }, (_, at) => row(20_049 - at).id), row(9999).id],
  ]);
  expect(compared).toBeLessThan(3000);
  churned(1);
  expect(view.delta(2000)).toMatchObject({ total: 10_000 });
  expect(compared).toBeLessThan(3000);
});
