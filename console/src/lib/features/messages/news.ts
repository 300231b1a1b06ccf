// Joins the rows of a list that were read before with the newest ones: what is known changes in place, what is new
// waits until it is let in.
import type { JourneyRow } from '#lib/api/shapes.ts';

interface Place {
  at: string;
  id: string;
}

export interface News {
  /** With those that wait; the newest first. */
  all: JourneyRow[];
  rows: JourneyRow[];
  waiting: number;
  /** Between the newest and those of before there may be more. */
  hasGap: boolean;
}

/** `fresh`: the newest page as it is now. `letIn`: the newest row that may be shown. */
export function withNews(known: readonly JourneyRow[], fresh: readonly JourneyRow[], letIn: Place | undefined): News {
  const byId = new Map([...known, ...fresh].map((row) => [row.id, row]));
  const all = [...byId.values()].sort(newestFirst);
  const rows = letIn === undefined ? all : all.filter((row) => newestFirst(letIn, row) <= 0);
  const [newest] = known;
  const oldestFresh = fresh.at(-1);
  const hasGap = newest !== undefined && oldestFresh !== undefined && newestFirst(oldestFresh, newest) < 0;
  return { all, rows, waiting: all.length - rows.length, hasGap };
}

function newestFirst(a: Place, b: Place): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1;
  return a.id === b.id ? 0 : a.id < b.id ? 1 : -1;
}
