// Figures of minutes as documents, added up by the database. Not what is counted.

import type { AppId } from '../../../ports/app-id.ts';
import { byCount } from '../../../ports/stores/figures.ts';
import type {
  FigureCounts,
  FigureGauges,
  FigureHistory,
  FigureQuery,
  FigureRow,
  FigureStep,
  FigureStore,
  ReasonFigure,
} from '../../../ports/stores/index.ts';
import { figureCounts, figureGauges } from '../figure-columns.ts';
import { Collection, trusted } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import { removeFirst } from './limited-removal.ts';

export interface FigureDocument extends FigureRow {
  app: string;
}

export const figures = declareCollection<FigureDocument>(
  'figures',
  {
    ...{ app: String, at: Number, source: String, reasons: [{ _id: false, name: String, count: Number }] },
    ...{ desktop: Number, mobile: Number, tablet: Number, users: Number },
    ...{ messages: Number, events: Number, accepted: Number, failed: Number, withheld: Number },
    ...{ mayPush: Number, pushEnds: [{ _id: false, name: String, count: Number }] },
  },
  [{ key: { app: 1, at: 1, source: 1 }, unique: true }],
);

/** A mean of nothing is null. */
type Grouped = FigureCounts & { [G in keyof FigureGauges]?: number | null } & { _id: number };

export class MongoFigures implements FigureStore {
  readonly #figures: Collection<FigureDocument>;

  constructor(connection: MongoConnection) {
    this.#figures = new Collection(connection, figures);
  }

  async put(app: AppId, rows: readonly FigureRow[]): Promise<void> {
    await this.#figures.batch(
      rows.map(({ at, source, ...rest }) => {
        const document = { app, at, source, ...rest };
        return { replaceOne: { filter: { app, at, source }, replacement: document, upsert: true } };
      }),
    );
  }

  async read(app: AppId, query: FigureQuery): Promise<FigureHistory> {
    const oldestOf = (filter: { mayPush?: unknown }) =>
      this.#figures.findOne({ app, ...filter } as Partial<FigureDocument>, { sort: { at: 1 }, only: ['at'] });
    const [steps, reasons, ends, mayPush, oldest, oldestPushes] = await Promise.all([
      this.#steps(app, query),
      this.#summed('reasons', app, query),
      this.#summed('pushEnds', app, query),
      this.#mayPush(app, query),
      oldestOf({}),
      oldestOf({ mayPush: trusted({ $exists: true }) }),
    ]);
    return {
      ...{ steps, reasons: reasons.slice(0, query.mostReasons) },
      ...(oldest !== undefined && { sinceMs: oldest.at }),
      ...(oldestPushes !== undefined && { pushes: { mayPush, ends, sinceMs: oldestPushes.at } }),
    };
  }

  prune(app: AppId, beforeMs: number, limit: number): Promise<number> {
    return removeFirst(this.#figures, { filter: { app, at: trusted({ $lt: beforeMs }) }, sort: { at: 1 }, limit });
  }

  async #steps(app: AppId, { fromMs, toMs, stepMs }: FigureQuery): Promise<FigureStep[]> {
    const found = await this.#figures.aggregate<Grouped>([
      { $match: { app, at: { $gte: fromMs, $lt: toMs } } },
      {
        $group: {
          _id: { $subtract: ['$at', { $mod: ['$at', stepMs] }] },
          ...Object.fromEntries(figureGauges.map((name) => [name, { $avg: `$${name}` }])),
          ...Object.fromEntries(figureCounts.map((name) => [name, { $sum: `$${name}` }])),
        },
      },
    ]);
    return found.map(stepOf).sort((a, b) => a.at - b.at);
  }

  async #summed(list: 'reasons' | 'pushEnds', app: AppId, { fromMs, toMs }: FigureQuery): Promise<ReasonFigure[]> {
    const found = await this.#figures.aggregate<{ _id: string; count: number }>([
      { $match: { app, at: { $gte: fromMs, $lt: toMs } } },
      { $unwind: `$${list}` },
      { $group: { _id: `$${list}.name`, count: { $sum: `$${list}.count` } } },
    ]);
    return found.map(({ _id, count }) => ({ name: _id, count })).sort(byCount);
  }

  async #mayPush(app: AppId, { fromMs, toMs }: FigureQuery): Promise<number> {
    const [found] = await this.#figures.aggregate<{ count: number }>([
      { $match: { app, at: { $gte: fromMs, $lt: toMs } } },
      { $group: { _id: null, count: { $sum: '$mayPush' } } },
    ]);
    return found?.count ?? 0;
  }
}

function stepOf({ _id, ...values }: Grouped): FigureStep {
  const known = Object.entries(values).filter(([, value]) => value !== null);
  return { at: _id, ...Object.fromEntries(known) } as unknown as FigureStep;
}
