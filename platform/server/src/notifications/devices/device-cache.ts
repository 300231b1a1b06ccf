// The push targets of users who are written to again and again, kept at hand per node. A store like the one
// behind it; forgets on a hint.

import { controlTopic } from '../../caching/control-topic.ts';
import { NearCache } from '../../caching/near-cache.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { Bus } from '../../ports/bus.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Device, DeviceStore } from '../../ports/stores/index.ts';

/** At some 500 bytes each about 50 MB. */
const maxUsers = 100_000;
/** A lost hint is forgiven after this long. */
const maxAgeMs = 10_000;

const none: readonly Device[] = [];

/** Below it the look-ups one by one cost less. */
const longList = 32;

interface KnownList {
  app: AppId;
  changeCount: number;
  /** Monotonic. */
  untilMs: number;
  found: ReadonlyMap<string, readonly Device[]>;
}

export interface DeviceCache extends DeviceStore {
  /** The devices that this node keeps of the user are not true any more. */
  drop(app: AppId, userId: string): void;
}

export function createDeviceCache(deps: {
  store: DeviceStore;
  bus: Pick<Bus, 'control'>;
  clock: Pick<Clock, 'monotonic'>;
}): DeviceCache {
  const { store, bus, clock } = deps;
  const cache = new NearCache<readonly Device[], { app: AppId; userId: string }>({
    clock,
    maxAgeMs,
    maxSize: maxUsers,
    changes: { topic: controlTopic(bus, 'devices_changed'), keyOf: ({ app, userId }) => keyOf(app, userId) },
  });
  /**
   * Of a long list of users that is asked for again and again, as the same array: that of a large
   * conversation.
   */
  const lists = new WeakMap<readonly string[], KnownList>();

  return {
    async register(app, device, options) {
      const stored = await store.register(app, device, options);
      await cache.changed({ app, userId: stored.userId });
      // Of whom it moved away from, nothing that is kept is true any more either.
      if (stored.formerUserId !== undefined) await cache.changed({ app, userId: stored.formerUserId });
      return stored;
    },
    async retarget(app, deviceId, change) {
      const stored = await store.retarget(app, deviceId, change);
      if (stored !== undefined) await cache.changed({ app, userId: stored.userId });
      return stored;
    },
    async remove(app, deviceId) {
      const device = await store.get(app, deviceId);
      const removed = await store.remove(app, deviceId);
      if (device !== undefined) await cache.changed({ app, userId: device.userId });
      return removed;
    },
    // Plans do not ask what was shown, and who does reads the store.
    remember: (app, deviceId, shown) => store.remember(app, deviceId, shown),
    get: (app, deviceId) => store.get(app, deviceId),
    drop: (app, userId) => cache.drop(keyOf(app, userId)),
    async ofUsers(app, userIds) {
      const { changeCount } = cache;
      const list = lists.get(userIds);
      if (list?.app === app && list.changeCount === changeCount && clock.monotonic() < list.untilMs) return list.found;
      const readAtMs = clock.monotonic();
      const found = await look(app, userIds);
      // A list that was read across a change is not kept.
      if (userIds.length >= longList && cache.changeCount === changeCount)
        lists.set(userIds, { app, changeCount, untilMs: readAtMs + maxAgeMs, found });
      return found;
    },
  };

  function look(app: AppId, userIds: readonly string[]): Promise<ReadonlyMap<string, readonly Device[]>> {
    return cache.getMany(userIds, {
      keyOf: (userId) => keyOf(app, userId),
      load: (unknown) => store.ofUsers(app, unknown),
      absent: none,
    });
  }
}

function keyOf(app: AppId, userId: string): string {
  return `${app} ${userId}`;
}
