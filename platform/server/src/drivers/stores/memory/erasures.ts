// The records of persons who were erased, in memory. Not what is done to them.

import type { ErasureRecord, ErasureStore } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { beginsWith, keyOf } from './key.ts';

export function memoryErasures(): Synchronous<ErasureStore> {
  const records = new Map<string, ErasureRecord>();
  return {
    begin(app, record) {
      const key = keyOf(app, record.key);
      const before = records.get(key);
      if (before?.state === 'running') return before;
      records.set(key, record);
      return record;
    },
    get: (app, key) => records.get(keyOf(app, key)),
    put(app, record) {
      const key = keyOf(app, record.key);
      if (records.get(key)?.id !== record.id) return false;
      records.set(key, record);
      return true;
    },
    unfinished: (app, { after = '', limit }) =>
      [...records]
        .filter(([key, { finishedAt }]) => beginsWith(key, app) && finishedAt === undefined)
        .map(([, record]) => record)
        .filter(({ key }) => key > after)
        .toSorted((a, b) => (a.key < b.key ? -1 : 1))
        .slice(0, limit),
    prune(app, beforeMs, limit) {
      const old = [...records]
        .filter(([key, { finishedAt = Infinity }]) => beginsWith(key, app) && finishedAt < beforeMs)
        .sort(([, a], [, b]) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0))
        .slice(0, limit);
      for (const [key] of old) records.delete(key);
      return old.length;
    },
  };
}
