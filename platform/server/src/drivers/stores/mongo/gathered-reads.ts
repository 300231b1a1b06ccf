// Reads that many ask for at once, of one app: those who ask while some are under way are answered by the next.

import { GatheredByApp } from '../../../concurrency/gathered-by-app.ts';
import type { AppId } from '../../../ports/app-id.ts';

/** Of one app and kind. */
const readsAtOnce = 4;

/** `mostKeys`: of one read. */
export function gatheredReads<V>(
  mostKeys: number,
  read: (app: AppId, keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
): GatheredByApp<string, V> {
  return new GatheredByApp(read, { atOnce: readsAtOnce, mostKeys });
}
