// What a change of a list that lives does to the rows that are here. Asking for the list: live-view.svelte.ts.

export interface Row {
  id: string;
}

export interface Facet {
  value: string;
  count: number;
}

export interface Numbers {
  total: number;
  people: number;
  strangers: number;
  /** New ones that wait until the list is refreshed. */
  fresh: number;
  /** Nodes of the server that do not answer: what they have is missing. */
  silent?: string[];
}

/** As the server says it, in `view_delta`. */
export interface Delta extends Numbers {
  view: string;
  n: number;
  from: number;
  put: readonly ({ id: string; at?: number } & Record<string, unknown>)[];
  gone: readonly string[];
  out: readonly string[];
  facets?: Record<string, Facet[]>;
}

/** The rows leave that go or get another place; then each that came or changed is put in, in the order given. */
export function applyDelta<R extends Row>(rows: readonly R[], { put, gone, out }: Delta, size: number): R[] {
  const had = new Map(rows.map((row) => [row.id, row]));
  const placed = put.filter(({ at }) => at !== undefined).map(({ id }) => id);
  const leaving = new Set([...gone, ...out, ...placed]);
  const changed = new Map(put.filter(({ at }) => at === undefined).map((each) => [each.id, each]));
  const next = rows
    .filter(({ id }) => !leaving.has(id))
    .map((row) => {
      const change = changed.get(row.id);
      return change === undefined ? row : merged(row, change);
    });
  for (const { at, ...change } of put) if (at !== undefined) next.splice(at, 0, merged(had.get(change.id), change));
  return next.slice(0, size);
}

/** A row that went and is shown for a moment more, behind the row that it stood behind; undefined: at the head. */
export interface Gone<R> {
  row: R;
  behind: string | undefined;
}

/** Where rows that leave stood among those that stay. */
export function goneOf<R extends Row>(rows: readonly R[], { gone }: Pick<Delta, 'gone'>): Gone<R>[] {
  const going = new Set(gone);
  const left: Gone<R>[] = [];
  let behind: string | undefined;
  for (const row of rows) {
    if (going.has(row.id)) left.push({ row, behind });
    else behind = row.id;
  }
  return left;
}

/** Those whose neighbour went too are not shown any more. */
export function withGone<R extends Row>(rows: readonly R[], gone: readonly Gone<R>[]): R[] {
  if (gone.length === 0) return [...rows];
  const here = new Set(rows.map(({ id }) => id));
  const at = (id: string | undefined): R[] =>
    gone.filter(({ behind, row }) => behind === id && !here.has(row.id)).map(({ row }) => row);
  return [...at(undefined), ...rows.flatMap((row) => [row, ...at(row.id)])];
}

/** A field that is null is gone. What the server puts is a row, whole or changed. */
function merged<R extends Row>(row: R | undefined, change: Record<string, unknown>): R {
  return Object.fromEntries(
    Object.entries<unknown>({ ...row, ...change }).filter(([, value]) => value !== null),
  ) as unknown as R;
}
