// Figures of minutes as rows, added up by the database. Not what is counted.

import type { DatabaseSync } from 'node:sqlite';
import type { FigureCounts, FigureGauges, FigureStore, ReasonFigure } from '../../../ports/stores/index.ts';
import { figureCounts as counts, figureGauges as gauges } from '../figure-columns.ts';
import type { Synchronous } from '../synchronous.ts';
import { jsonOrNull, number, optionalNumber, text, type Row } from './row.ts';

const columns = ['app', 'at', 'source', ...gauges, ...counts, 'reasons', 'may_push', 'push_ends'];
const inTime = 'FROM figures WHERE app = $app AND at >= $from AND at < $to';

export function sqliteFigures(db: DatabaseSync): Synchronous<FigureStore> {
  const put = db.prepare(
    `INSERT OR REPLACE INTO figures (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  const read = db.prepare(
    `SELECT at - at % $step AS began, ${gauges.map((name) => `avg(${name}) AS ${name}`).join(', ')},
       ${counts.map((name) => `sum(${name}) AS ${name}`).join(', ')}
     ${inTime} GROUP BY began ORDER BY began`,
  );
  const counted = (column: 'reasons' | 'push_ends') => `SELECT value ->> 'name' AS name, sum(value ->> 'count') AS count
     FROM (SELECT value FROM (SELECT ${column} ${inTime}), json_each(${column}))
     GROUP BY name ORDER BY count DESC, name`;
  const reasons = db.prepare(`${counted('reasons')} LIMIT $most`);
  const ends = db.prepare(counted('push_ends'));
  const since = db.prepare('SELECT min(at) AS at FROM figures WHERE app = ?');
  const mayPush = db.prepare(`SELECT total(may_push) AS count ${inTime}`);
  const pushesSince = db.prepare('SELECT at FROM figures WHERE app = ? AND may_push IS NOT NULL ORDER BY at LIMIT 1');
  const prune = db.prepare(
    `DELETE FROM figures WHERE app = ?1 AND (at, source) IN
       (SELECT at, source FROM figures WHERE app = ?1 AND at < ?2 ORDER BY at LIMIT ?3)`,
  );
  return {
    put(app, rows) {
      for (const row of rows) {
        const values = [...gauges.map((name) => row[name] ?? null), ...counts.map((name) => row[name])];
        const { at, source, reasons: of, mayPush: may = null, pushEnds } = row;
        put.run(app, at, source, ...values, JSON.stringify(of), may, jsonOrNull(pushEnds));
      }
    },
    read(app, { fromMs, toMs, stepMs, mostReasons }) {
      const time = { app, from: fromMs, to: toMs };
      const sinceMs = optionalNumber(since.get(app) ?? { at: null }, 'at');
      const firstPushes = pushesSince.get(app);
      return {
        steps: read.all({ ...time, step: stepMs }).map((row) => ({ at: number(row, 'began'), ...figuresOf(row) })),
        reasons: reasons.all({ ...time, most: mostReasons }).map(figureOf),
        ...(sinceMs !== undefined && { sinceMs }),
        ...(firstPushes !== undefined && {
          pushes: {
            mayPush: number(mayPush.get(time) ?? {}, 'count'),
            ends: ends.all(time).map(figureOf),
            sinceMs: number(firstPushes, 'at'),
          },
        }),
      };
    },
    prune: (app, beforeMs, limit) => Number(prune.run(app, beforeMs, limit).changes),
  };
}

function figureOf(row: Row): ReasonFigure {
  return { name: text(row, 'name'), count: number(row, 'count') };
}

function figuresOf(row: Row): FigureGauges & FigureCounts {
  const said = gauges.map((name): [string, number | undefined] => [name, optionalNumber(row, name)]);
  const counted = counts.map((name): [string, number] => [name, number(row, name)]);
  const known = [...said.filter(([, value]) => value !== undefined), ...counted];
  return Object.fromEntries(known) as unknown as FigureGauges & FigureCounts;
}
