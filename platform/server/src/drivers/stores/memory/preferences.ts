// Users' preferences for pushes, and counters of use, in memory. Not what they mean.

import type { PreferenceRecord, PreferenceStore, UsageStore } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { keyOf } from './key.ts';

export function memoryPreferences(): Synchronous<PreferenceStore> {
  const records = new Map<string, PreferenceRecord>();
  return {
    ofUsers: (app, userIds) =>
      new Map(
        userIds.flatMap((userId) => {
          const record = records.get(keyOf(app, userId));
          return record === undefined ? [] : [[userId, record] as const];
        }),
      ),
    put(app, record) {
      const key = keyOf(app, record.userId);
      if (record.version !== (records.get(key)?.version ?? 0) + 1) return false;
      records.set(key, record);
      return true;
    },
    remove: (app, userId) => records.delete(keyOf(app, userId)),
  };
}

export function memoryUsage(): Synchronous<UsageStore> {
  /** By app, then by day and name. */
  const apps = new Map<string, Map<string, { day: string; name: string; count: number }>>();
  return {
    add(app, counts, forgetBefore) {
      const kept = [...(apps.get(app) ?? [])].filter(([, { day }]) => day >= forgetBefore);
      const counters = new Map(kept);
      apps.set(app, counters);
      return counts.map(({ day, name, count }) => {
        const total = (counters.get(keyOf(day, name))?.count ?? 0) + count;
        counters.set(keyOf(day, name), { day, name, count: total });
        return total;
      });
    },
    read: (app, day) =>
      new Map(
        [...(apps.get(app)?.values() ?? [])].filter((each) => each.day === day).map(({ name, count }) => [name, count]),
      ),
  };
}
