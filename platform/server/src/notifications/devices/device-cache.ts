// The push targets of users who are written to again and again, kept at hand per node. A store like the one behind it; forgets on a hint.

import { LRUCache } from 'lru-cache';
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
  changes: number;
  /** Monotonic. */
  untilMs: number;
  found: ReadonlyMap<string, readonly Device[]>;
}

export function createDeviceCache(deps: {
  store: DeviceStore;
  bus: Pick<Bus, 'control'>;
  clock: Pick<Clock, 'monotonic'>;
}): DeviceStore {
  const { store, bus, clock } = deps;
  const cache = new LRUCache<string, readonly Device[]>({ max: maxUsers, ttl: maxAgeMs });
  /** Of a long list of users that is asked for again and again, as the same array: that of a large conversation. */
  const lists = new WeakMap<readonly string[], KnownList>();
  /** Grows with every change: what was read from the store across a change is not kept. */
  let changes = 0;
  bus.control.on('devices_changed', ({ app, userId }) => forget(app, userId));

  return {
    async register(app, device) {
      const stored = await store.register(app, device);
      // A target may have moved here from anybody. Whose it was is not told: decisions for him are wrong for `maxAgeMs`, and what is sent is read fresh.
      await tell(app, stored.userId);
      return stored;
    },
    async remove(app, deviceId) {
      const device = await store.get(app, deviceId);
      const removed = await store.remove(app, deviceId);
      await tell(app, device?.userId);
      return removed;
    },
    get: (app, deviceId) => store.get(app, deviceId),
    async ofUsers(app, userIds) {
      const list = lists.get(userIds);
      if (list?.app === app && list.changes === changes && clock.monotonic() < list.untilMs) return list.found;
      const readAtMs = clock.monotonic();
      const changesBefore = changes;
      const found = await look(app, userIds);
      if (userIds.length >= longList && changes === changesBefore)
        lists.set(userIds, { app, changes, untilMs: readAtMs + maxAgeMs, found });
      return found;
    },
  };

  async function look(app: AppId, userIds: readonly string[]): Promise<ReadonlyMap<string, readonly Device[]>> {
    const found = new Map<string, readonly Device[]>();
    const unknown: string[] = [];
    for (const userId of userIds) {
      const known = cache.get(keyOf(app, userId));
      if (known === undefined) unknown.push(userId);
      else if (known.length > 0) found.set(userId, known);
    }
    if (unknown.length === 0) return found;
    const changesBefore = changes;
    const read = await store.ofUsers(app, unknown);
    for (const userId of unknown) {
      const devices = read.get(userId) ?? none;
      if (changes === changesBefore) cache.set(keyOf(app, userId), devices);
      if (devices.length > 0) found.set(userId, devices);
    }
    return found;
  }

  async function tell(app: AppId, userId: string | undefined): Promise<void> {
    if (userId === undefined) return;
    forget(app, userId);
    await bus.control.publish({ type: 'devices_changed', app, userId }).catch(() => undefined);
  }

  function forget(app: AppId, userId: string): void {
    changes += 1;
    cache.delete(keyOf(app, userId));
  }
}

function keyOf(app: AppId, userId: string): string {
  return `${app} ${userId}`;
}
