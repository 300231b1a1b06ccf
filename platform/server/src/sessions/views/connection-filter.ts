// Which connections a list has, in which order, and what it counts beside them. Keeping a list up to date:
// view.ts.

import type { ConnectionRow } from './connection-row.ts';
import type { Compare, Place, SortKey, Test, ViewShape } from './view-shape.ts';

/** Of several values of one field any will do; all fields must fit. */
export interface ConnectionFilter {
  user?: readonly string[] | undefined;
  device?: readonly string[] | undefined;
  /** Patterns. */
  page?: readonly string[] | undefined;
  type?: readonly string[] | undefined;
  node?: readonly string[] | undefined;
  visible?: readonly string[] | undefined;
  /** `current`, `old`, `unsaid`; or the version that the client says: `7`, `<8`. */
  policy?: readonly string[] | undefined;
  /** Connected for at least so long. */
  olderMs?: number | undefined;
  /** A round trip of at least so long; of whom it is not known it is none. */
  rttMs?: number | undefined;
  /** Only those that have not taken all that was sent. */
  behind?: boolean | undefined;
  /** Stands in the id or name of the user, the path, or begins an id. */
  q?: string | undefined;
}

export const connectionSorts = ['connectedAt', 'user', 'device', 'page', 'rtt', 'node', 'policy', 'behind'] as const;
export type ConnectionSort = (typeof connectionSorts)[number];

/** What is counted by value. */
const facets: ReadonlyMap<string, (row: ConnectionRow) => string> = new Map([
  ['device', ({ device }: ConnectionRow) => device],
  ['page', ({ page }: ConnectionRow) => page],
  ['policy', ({ policyState }: ConnectionRow) => policyState],
  ['visible', attentionOf],
  ['type', ({ type }: ConnectionRow) => type],
  ['node', ({ node }: ConnectionRow) => node],
]);

/** Visitors are nobody: each connection is another. */
export const connectionShape: ViewShape<ConnectionRow> = {
  facets,
  personOf: ({ visitor, user }) => (visitor ? undefined : user),
};

function attentionOf({ visible, attended }: ConnectionRow): string {
  if (!visible) return 'hidden';
  return attended ? 'attended' : 'visible';
}

/** `nowMs`: the age of connections is as of this moment. */
export function connectionTests(filter: ConnectionFilter, nowMs: number): Test<ConnectionRow>[] {
  const { user, device, page, type, node, visible, policy, olderMs, rttMs, behind, q } = filter;
  const tests: Test<ConnectionRow>[] = [];
  const one = (field: string, values: readonly string[] | undefined, of: (row: ConnectionRow) => string): void => {
    if (values === undefined || values.length === 0) return;
    const wanted = new Set(values);
    tests.push({ field, passes: (row) => wanted.has(of(row)) });
  };
  one('user', user, (row) => row.user);
  one('device', device, (row) => row.device);
  one('page', page, (row) => row.page);
  one('type', type, (row) => row.type);
  one('node', node, (row) => row.node);
  if (visible !== undefined && visible.length > 0) tests.push(attentionTest(visible));
  if (policy !== undefined && policy.length > 0) tests.push(policyTest(policy));
  if (olderMs !== undefined) {
    const before = new Date(nowMs - olderMs).toISOString();
    tests.push({ field: 'older', passes: ({ connectedAt }) => connectedAt <= before });
  }
  if (rttMs !== undefined) tests.push({ field: 'rtt', passes: (row) => (row.rttMs ?? -1) >= rttMs });
  if (behind === true) tests.push({ field: 'behind', passes: ({ behindBytes }) => behindBytes > 0 });
  if (q !== undefined && q !== '') tests.push(textTest(q.toLowerCase()));
  return tests;
}

/** `visible` is all that are, whether somebody sits there or not. */
function attentionTest(values: readonly string[]): Test<ConnectionRow> {
  const wanted = new Set(values);
  return {
    field: 'visible',
    passes: (row) => wanted.has(attentionOf(row)) || (row.visible && wanted.has('visible')),
  };
}

function policyTest(values: readonly string[]): Test<ConnectionRow> {
  const states = new Set(values);
  const versions = new Set(values.filter((value) => /^\d+$/.test(value)).map(Number));
  const below = Math.max(-1, ...values.filter((value) => /^<\d+$/.test(value)).map((value) => Number(value.slice(1))));
  return {
    field: 'policy',
    passes: ({ policyState, confirmed }) =>
      states.has(policyState) || (confirmed !== undefined && (versions.has(confirmed) || confirmed < below)),
  };
}

function textTest(text: string): Test<ConnectionRow> {
  return {
    field: 'q',
    passes: ({ id, user, name, path, deviceId }) =>
      user.toLowerCase().includes(text) ||
      name?.toLowerCase().includes(text) === true ||
      path.toLowerCase().includes(text) ||
      id.startsWith(text) ||
      deviceId.toLowerCase().startsWith(text),
  };
}

const keys: { [S in ConnectionSort]: (row: ConnectionRow) => SortKey } = {
  connectedAt: ({ connectedAt }) => connectedAt,
  user: ({ user }) => user,
  device: ({ device }) => device,
  page: ({ page }) => page,
  rtt: ({ rttMs }) => rttMs,
  node: ({ node }) => node,
  policy: ({ confirmed }) => confirmed,
  behind: ({ behindBytes }) => behindBytes,
};

export function connectionKey(sort: ConnectionSort): (row: ConnectionRow) => SortKey {
  return keys[sort];
}

/** Rows without a value come last, whichever the direction; among equals the order is that of the ids. */
export function placeOrder(isDescending: boolean): Compare<Place> {
  const sign = isDescending ? -1 : 1;
  return (a, b) => {
    if (a.key !== b.key) {
      if (a.key === undefined) return 1;
      if (b.key === undefined) return -1;
      return a.key < b.key ? -sign : sign;
    }
    return a.id < b.id ? -sign : a.id > b.id ? sign : 0;
  };
}

export function connectionOrder(sort: ConnectionSort, isDescending: boolean): Compare<ConnectionRow> {
  const key = keys[sort];
  const compare = placeOrder(isDescending);
  return (a, b) => compare({ id: a.id, key: key(a) }, { id: b.id, key: key(b) });
}
