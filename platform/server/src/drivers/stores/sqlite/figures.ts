// Figures of minutes as rows, added up by the database. Not what is counted.

import type { DatabaseSync } from 'node:sqlite';
import type { FigureCounts, FigureGauges, FigureStore } from '../../../ports/stores/index.ts';
import { figureCounts as counts, figureGauges as gauges } from '../figure-columns.ts';
import type { Synchronous } from '../synchronous.ts';
import { number, optionalNumber, text, type Row } from './row.ts';

const columns = ['app', 'at', 'source', ...gauges, ...counts, 'reasons'];
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
  const reasons = db.prepare(
    `SELECT value ->> 'name' AS name, sum(value ->> 'count') AS count
     FROM (SELECT value FROM (SELECT reasons ${inTime}), json_each(reasons))
     GROUP BY name ORDER BY count DESC, name LIMIT $most`,
  );
  const since = db.prepare('SELECT min(at) AS at FROM figures WHERE app = ?');
  const prune = db.prepare(
    `DELETE FROM figures WHERE app = ?1 AND (at, source) IN
       (SELECT at, source FROM figures WHERE app = ?1 AND at < ?2 ORDER BY at LIMIT ?3)`,
  );
  return {
    put(app, rows) {
      for (const row of rows) {
        const values = [...gauges.map((name) => row[name] ?? null), ...counts.map((name) => row[name])];
        put.run(app, row.at, row.source, ...values, JSON.stringify(row.reasons));
      }
    },
    read(app, { fromMs, toMs, stepMs, mostReasons }) {
      const time = { app, from: fromMs, to: toMs };
      const sinceMs = optionalNumber(since.get(app) ?? { at: null }, 'at');
      return {
        steps: read.all({ ...time, step: stepMs }).map((row) => ({ at: number(row, 'began'), ...figuresOf(row) })),
        reasons: reasons
          .all({ ...time, most: mostReasons })
          .map((row) => ({ name: text(row, 'name'), count: number(row, 'count') })),
        ...(sinceMs !== undefined && { sinceMs }),
      };
    },
    prune: (app, beforeMs, limit) => Number(prune.run(app, beforeMs, limit).changes),
  };
}

function figuresOf(row: Row): FigureGauges & FigureCounts {
  const said = gauges.map((name): [string, number | undefined] => [name, optionalNumber(row, name)]);
  const counted = counts.map((name): [string, number] => [name, number(row, name)]);
  const known = [...said.filter(([, value]) => value !== undefined), ...counted];
  return Object.fromEntries(known) as unknown as FigureGauges & FigureCounts;
}
