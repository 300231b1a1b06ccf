// The preferences of users who are written to again and again, kept at hand per node. A store like the one behind it; forgets on a hint.

import { LRUCache } from 'lru-cache';
import type { AppId } from '../../ports/app-id.ts';
import type { Bus } from '../../ports/bus.ts';
import type { PreferenceRecord, PreferenceStore } from '../../ports/stores/index.ts';

/** Most have none, and cost 100 bytes. */
const maxUsers = 100_000;
/** A lost hint is forgiven after this long. What is sent is judged by what the store says. */
const maxAgeMs = 10_000;

/** That a user has none is worth remembering too. */
interface Known {
  record: PreferenceRecord | undefined;
}

export function createPreferenceCache(store: PreferenceStore, bus: Pick<Bus, 'control'>): PreferenceStore {
  const cache = new LRUCache<string, Known>({ max: maxUsers, ttl: maxAgeMs });
  /** Grows with every change: what was read from the store across a change is not kept. */
  let changes = 0;
  bus.control.on('preferences_changed', ({ app, userId }) => forget(app, userId));

  return {
    async put(app, record) {
      const stored = await store.put(app, record);
      forget(app, record.userId);
      if (stored)
        await bus.control.publish({ type: 'preferences_changed', app, userId: record.userId }).catch(() => undefined);
      return stored;
    },
    async ofUsers(app, userIds) {
      const found = new Map<string, PreferenceRecord>();
      const unknown: string[] = [];
      for (const userId of userIds) {
        const known = cache.get(keyOf(app, userId));
        if (known === undefined) unknown.push(userId);
        else if (known.record !== undefined) found.set(userId, known.record);
      }
      if (unknown.length === 0) return found;
      const changesBefore = changes;
      const read = await store.ofUsers(app, unknown);
      for (const userId of unknown) {
        const record = read.get(userId);
        if (changes === changesBefore) cache.set(keyOf(app, userId), { record });
        if (record !== undefined) found.set(userId, record);
      }
      return found;
    },
  };

  function forget(app: AppId, userId: string): void {
    changes += 1;
    cache.delete(keyOf(app, userId));
  }
}

function keyOf(app: AppId, userId: string): string {
  return `${app} ${userId}`;
}
