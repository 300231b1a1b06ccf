// Takes a bounded number of things that several apps have, the same of each as far as they reach, and puts
// them one app after the other. Where they are is the caller's.

import type { Served } from '../../concurrency/served.ts';

export interface TakenFrom<T> {
  /** The apps that have some. */
  apps: readonly string[];
  /** At most so many; they are not there any more. */
  take: (app: string, limit: number) => readonly T[];
  /**
   * The app that was served least recently is first, and is served where there are more apps than `limit`.
   */
  served: Served;
}

export function takeInTurns<T>({ apps, take, served }: TakenFrom<T>, limit: number): T[] {
  const order: string[] = [];
  const rest = new Set(apps);
  while (order.length < limit) {
    const next = served.first(rest, (app) => app);
    if (next === undefined) break;
    rest.delete(next);
    served.record(next);
    order.push(next);
  }
  const taken = order.map((app): { app: string; items: T[]; isEmpty: boolean } => ({ app, items: [], isEmpty: false }));
  let left = limit;
  for (let able = taken; left > 0 && able.length > 0; able = able.filter(({ isEmpty }) => !isEmpty)) {
    const each = Math.max(1, Math.floor(left / able.length));
    for (const one of able) {
      const share = Math.min(each, left);
      const items = take(one.app, share);
      one.items.push(...items);
      one.isEmpty = items.length < share || share === 0;
      left -= items.length;
    }
  }
  const longest = Math.max(0, ...taken.map(({ items }) => items.length));
  return Array.from({ length: longest }, (_, at) => taken.flatMap(({ items }) => items.slice(at, at + 1))).flat();
}
