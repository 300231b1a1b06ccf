// Walks one table of an app in the order of an index, a part at a time, for those rows that may name a
// person. What is done to them is the stores' business.

import { inboxStream } from '@belfry/protocol/names';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { AppId } from '../../../ports/app-id.ts';
import type { Erased, EraseRequest } from '../../../ports/stores/index.ts';
import { withinJson } from '../erase-user.ts';
import { number } from './row.ts';
import type { Row } from './row.ts';

export interface ScannedTable {
  table: string;
  /** Of an index that begins with the app; with the smallest value of each. */
  order: readonly (readonly [column: string, first: SQLInputValue])[];
  /** What `change` has to know of a row. */
  columns: readonly string[];
  /**
   * An expression over the row and `$user`, `$inbox` and `$within` (the id within JSON): whether the row has to
   * be looked at.
   */
  hits: string;
}

export interface Scan {
  /** `change` says whether the row was taken away or changed. */
  erase(app: AppId, request: EraseRequest, change: (row: Row) => boolean): Erased;
  rows(app: AppId, request: Pick<EraseRequest, 'userId' | 'after' | 'limit'>): { rows: Row[]; next?: string };
}

/** Names are ours, never a caller's. */
export function erasingScan(db: DatabaseSync, { table, order, columns, hits }: ScannedTable): Scan {
  const place = order.map(([column]) => column).join(', ');
  const wanted = [...new Set([...order.map(([column]) => column), ...columns])];
  // The hit is found first: most rows are none, and are not carried over.
  const step = db.prepare(
    `SELECT ${place}, hit, ${wanted.map((column) => `CASE WHEN hit THEN ${column} END AS ${column}_`).join(', ')}
     FROM (SELECT ${wanted.join(', ')}, (${hits}) IS TRUE AS hit FROM ${table}
       WHERE app = $app AND (${place}) > (${order.map((_, at) => `$place${at}`).join(', ')})
       ORDER BY ${place} LIMIT $limit)
     ORDER BY ${place}`,
  );
  step.setAllowUnknownNamedParameters(true);

  const rows: Scan['rows'] = (app, { userId, after, limit }) => {
    const from = after === undefined ? order.map(([, first]) => first) : (JSON.parse(after) as SQLInputValue[]);
    const found = step.all({
      ...{ app, limit, user: userId, inbox: inboxStream(userId), within: withinJson(userId) },
      ...Object.fromEntries(from.map((value, at) => [`place${at}`, value])),
    });
    const last = found.length < limit ? undefined : found.at(-1);
    return {
      rows: found.filter((row) => number(row, 'hit') === 1).map((row) => hitOf(row, wanted)),
      ...(last === undefined
        ? {}
        : { next: JSON.stringify(order.map(([column]) => Reflect.get(last, column) as SQLInputValue)) }),
    };
  };
  return {
    rows,
    erase(app, request, change) {
      const { rows: found, next } = rows(app, request);
      const erased = found.filter((row) => change(row)).length;
      return { erased, ...(next === undefined ? {} : { next }) };
    },
  };
}

function hitOf(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[`${column}_`] ?? null]));
}
