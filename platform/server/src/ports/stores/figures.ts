// How busy apps were, minute by minute, for charts of days. The last hour in finer steps is in memory:
// sessions/views/app-figures.ts. How much an app used up: usage.ts.

import type { AppId } from '../app-id.ts';

/** Who was there, on all nodes. Each is left out where it could not be asked. */
export interface FigureGauges {
  desktop?: number;
  mobile?: number;
  tablet?: number;
  users?: number;
}

export interface FigureCounts {
  messages: number;
  /** Events handed to connections. */
  events: number;
  /** Pushes by what became of them. */
  accepted: number;
  failed: number;
  withheld: number;
}

export interface ReasonFigure {
  /** A reason, and what it was at where that is known: `target_gone web`. */
  name: string;
  count: number;
}

/** The order of reasons, the same of every store: the most first, then by name. */
export function byCount(a: ReasonFigure, b: ReasonFigure): number {
  return b.count - a.count || (a.name < b.name ? -1 : 1);
}

/** Each name once, in the order of reasons. */
export function summed(figures: readonly ReasonFigure[]): ReasonFigure[] {
  const sums = new Map<string, number>();
  for (const { name, count } of figures) sums.set(name, (sums.get(name) ?? 0) + count);
  return Array.from(sums, ([name, count]) => ({ name, count })).sort(byCount);
}

/** Of one minute, as one process counted it. */
export interface FigureRow extends FigureGauges, FigureCounts {
  /** When the minute began, ms since the epoch. */
  at: number;
  /** The process: each that ever ran has its own. */
  source: string;
  reasons: readonly ReasonFigure[];
  /**
   * People, each for one message that may be pushed to them, and what became of it for them. Rows of before this was
   * counted have neither.
   */
  mayPush?: number;
  pushEnds?: readonly ReasonFigure[];
}

/** Of all processes: counts are sums, gauges are means. */
export interface FigureStep extends FigureGauges, FigureCounts {
  /** When the step began, ms since the epoch: a multiple of its length. */
  at: number;
}

export interface FigureQuery {
  /** Inclusive, ms since the epoch. */
  fromMs: number;
  /** Exclusive. */
  toMs: number;
  /** Whole minutes. */
  stepMs: number;
  /** At most so many reasons. */
  mostReasons: number;
}

export interface FigureHistory {
  /** The oldest first; none where nothing is kept. */
  steps: readonly FigureStep[];
  /** The most first, then by name. */
  reasons: readonly ReasonFigure[];
  /** The oldest minute that is kept of the app, whatever was asked for; left out where there is none. */
  sinceMs?: number;
  /** Left out where no row has it. */
  pushes?: PushFigures;
}

/** Of the rows that have it. */
export interface PushFigures {
  mayPush: number;
  /** The most first, then by name. */
  ends: readonly ReasonFigure[];
  /** The oldest minute that has it, whatever was asked for. */
  sinceMs: number;
}

/** Guarantees: a `put` is durable when resolved, and may be repeated. */
export interface FigureStore {
  /** Takes the place of what is kept of the same minute and source. */
  put(app: AppId, rows: readonly FigureRow[]): Promise<void>;
  read(app: AppId, query: FigureQuery): Promise<FigureHistory>;
  /** Deletes rows of minutes before `beforeMs`, the oldest first; the number deleted, at most `limit`. */
  prune(app: AppId, beforeMs: number, limit: number): Promise<number>;
}
