// Connections as rows, of all sorts, and who looks at a list of them as a browser does: for tests of lists that live.

import * as fc from 'fast-check';
import type { ConnectionFilter } from '../views/connection-filter.ts';
import type { ConnectionRow } from '../views/connection-row.ts';
import type { ViewAnswer, ViewDelta } from '../views/view-shape.ts';

export const base: ConnectionRow = {
  ...{
    id: '',
    user: 'u',
    visitor: false,
    device: 'desktop',
    deviceId: 'd',
    path: '/chat',
    page: '/chat',
    type: 'chat',
  },
  ...{ node: 'n1', visible: true, attended: true, connectedAt: '2026-11-28T18:00:00.000Z', policy: 3 },
  ...{ policyState: 'unsaid', behindBytes: 0 },
};

export const rowArbitrary = fc.record({
  user: fc.constantFrom('ann', 'bob', 'carol', 'visitor:1'),
  device: fc.constantFrom('desktop' as const, 'mobile' as const, 'tablet' as const),
  page: fc.constantFrom('/chat', '/shop', 'default'),
  node: fc.constantFrom('n1', 'n2'),
  visible: fc.boolean(),
  confirmed: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  rttMs: fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
  second: fc.integer({ min: 0, max: 59 }),
  behindBytes: fc.constantFrom(0, 0, 0, 2_000_000),
});

export function rowOf(id: string, given: typeof rowArbitrary extends fc.Arbitrary<infer T> ? T : never): ConnectionRow {
  const { second, confirmed, rttMs, page, ...rest } = given;
  return {
    ...base,
    ...rest,
    id,
    ...{ page, path: page, visitor: rest.user.startsWith('visitor:'), attended: rest.visible },
    connectedAt: `2026-11-28T18:00:${String(second).padStart(2, '0')}.000Z`,
    ...(confirmed === undefined ? {} : { confirmed }),
    ...(rttMs === undefined ? {} : { rttMs }),
    policyState: confirmed === undefined ? 'unsaid' : confirmed === 3 ? 'current' : 'old',
  };
}

export const filterArbitrary: fc.Arbitrary<ConnectionFilter> = fc.record(
  {
    user: fc.subarray(['ann', 'bob']),
    device: fc.subarray(['desktop', 'mobile']),
    page: fc.subarray(['/chat', 'default']),
    node: fc.subarray(['n1']),
    visible: fc.subarray(['attended', 'visible', 'hidden']),
    policy: fc.subarray(['old', 'current', '2', '<3']),
    rttMs: fc.integer({ min: 1, max: 300 }),
    olderMs: fc.integer({ min: 0, max: 59_000 }),
    behind: fc.boolean(),
    q: fc.constantFrom('', 'AN', 'shop'),
  },
  { requiredKeys: [] },
);

export const nowMs = Date.parse('2026-11-28T18:01:00.000Z');

/** What a browser does with what it gets. */
export class Looker {
  rows: (Record<string, unknown> & { id: string })[];
  numbers: Pick<ViewAnswer<ConnectionRow>, 'total' | 'people' | 'strangers' | 'fresh'>;
  facets: Record<string, unknown>;
  from: number;
  readonly size: number;

  constructor(answer: ViewAnswer<ConnectionRow>, size: number) {
    this.rows = answer.rows.map((row) => ({ ...row }));
    this.numbers = answer;
    this.facets = { ...answer.facets };
    this.from = answer.from;
    this.size = size;
  }

  take(delta: ViewDelta): void {
    const had = new Map(this.rows.map((row) => [row.id, row]));
    const placed = delta.put.flatMap(({ id, at }) => (at === undefined ? [] : [id]));
    const leaving = new Set([...delta.gone, ...delta.out, ...placed]);
    this.rows = this.rows.filter(({ id }) => !leaving.has(id));
    for (const { at, ...put } of delta.put) {
      const fields = Object.entries({ ...had.get(put.id), ...put }).filter(([, value]) => value !== null);
      const row = { ...Object.fromEntries(fields), id: put.id };
      if (at === undefined) this.rows = this.rows.map((each) => (each.id === put.id ? row : each));
      else this.rows.splice(at, 0, row);
    }
    this.rows = this.rows.slice(0, this.size);
    this.numbers = delta;
    this.facets = { ...this.facets, ...delta.facets };
    this.from = delta.from;
  }
}
