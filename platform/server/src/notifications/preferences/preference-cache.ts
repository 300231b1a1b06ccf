// The preferences of users who are written to again and again, kept at hand per node. A store like the one
// behind it; forgets on a hint.

import { controlTopic } from '../../caching/control-topic.ts';
import { NearCache } from '../../caching/near-cache.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { Bus } from '../../ports/bus.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PreferenceRecord, PreferenceStore } from '../../ports/stores/index.ts';

/** Most have none, and cost 100 bytes. */
const maxUsers = 100_000;
/** A lost hint is forgiven after this long. What is sent is checked against what the store says. */
const maxAgeMs = 10_000;

export function createPreferenceCache(deps: {
  store: PreferenceStore;
  bus: Pick<Bus, 'control'>;
  clock: Pick<Clock, 'monotonic'>;
}): PreferenceStore {
  const { store, bus, clock } = deps;
  const cache = new NearCache<PreferenceRecord | undefined, { app: AppId; userId: string }>({
    clock,
    maxAgeMs,
    maxSize: maxUsers,
    changes: { topic: controlTopic(bus, 'preferences_changed'), keyOf: ({ app, userId }) => keyOf(app, userId) },
  });

  return {
    async put(app, record) {
      const { userId } = record;
      const stored = await store.put(app, record);
      // A change that was not stored because another was faster is old here as well.
      if (stored) await cache.changed({ app, userId });
      else cache.drop(keyOf(app, userId));
      return stored;
    },
    async remove(app, userId) {
      const removed = await store.remove(app, userId);
      await cache.changed({ app, userId });
      return removed;
    },
    async ofUsers(app, userIds) {
      const found = await cache.getMany(userIds, {
        keyOf: (userId) => keyOf(app, userId),
        load: (unknown) => store.ofUsers(app, unknown),
        absent: undefined,
      });
      // Users without any are not in it.
      return found as ReadonlyMap<string, PreferenceRecord>;
    },
  };
}

function keyOf(app: AppId, userId: string): string {
  return `${app} ${userId}`;
}
