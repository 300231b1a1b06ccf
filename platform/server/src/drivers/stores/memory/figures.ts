// Figures of minutes in memory. Not what is counted.

import { summed } from '../../../ports/stores/figures.ts';
import type { FigureRow, FigureStep, FigureStore } from '../../../ports/stores/index.ts';
import { figureCounts, figureGauges } from '../figure-columns.ts';
import type { Synchronous } from '../synchronous.ts';

export function memoryFigures(): Synchronous<FigureStore> {
  /** By app, then by minute and source. */
  const apps = new Map<string, Map<string, FigureRow>>();
  const of = (app: string): Map<string, FigureRow> => {
    const found = apps.get(app) ?? new Map<string, FigureRow>();
    apps.set(app, found);
    return found;
  };
  const oldestFirst = (app: string) => [...of(app).values()].toSorted((a, b) => a.at - b.at);
  return {
    put(app, rows) {
      for (const row of rows) of(app).set(`${row.at} ${row.source}`, structuredClone(row));
    },
    read(app, { fromMs, toMs, stepMs, mostReasons }) {
      const all = oldestFirst(app);
      const rows = all.filter(({ at }) => fromMs <= at && at < toMs);
      const steps = Map.groupBy(rows, ({ at }) => at - (at % stepMs));
      const [oldest] = all;
      const first = all.find(({ mayPush }) => mayPush !== undefined);
      return {
        steps: Array.from(steps, ([at, ofStep]) => stepOf(at, ofStep)),
        reasons: summed(rows.flatMap(({ reasons }) => reasons)).slice(0, mostReasons),
        ...(oldest !== undefined && { sinceMs: oldest.at }),
        ...(first !== undefined && { pushes: { ...pushesOf(rows), sinceMs: first.at } }),
      };
    },
    prune(app, beforeMs, limit) {
      const gone = oldestFirst(app)
        .filter(({ at }) => at < beforeMs)
        .slice(0, limit);
      for (const { at, source } of gone) of(app).delete(`${at} ${source}`);
      return gone.length;
    },
  };
}

function stepOf(at: number, rows: readonly FigureRow[]): FigureStep {
  const step: FigureStep = { at, messages: 0, events: 0, accepted: 0, failed: 0, withheld: 0 };
  for (const name of figureCounts) step[name] = rows.reduce((sum, row) => sum + row[name], 0);
  for (const name of figureGauges) {
    const said = rows.flatMap((row) => row[name] ?? []);
    if (said.length > 0) step[name] = said.reduce((sum, value) => sum + value, 0) / said.length;
  }
  return step;
}

function pushesOf(rows: readonly FigureRow[]) {
  return {
    mayPush: rows.reduce((sum, { mayPush = 0 }) => sum + mayPush, 0),
    ends: summed(rows.flatMap(({ pushEnds = [] }) => pushEnds)),
  };
}
