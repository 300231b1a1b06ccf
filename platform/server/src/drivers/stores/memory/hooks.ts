// Inbound webhooks in memory: hooks, the installation's ids of them, and what came in. Not their meaning:
// hooks/.

import type { AppId } from '../../../ports/app-id.ts';
import type {
  HookDelivery,
  HookDeliveryStore,
  HookDirectory,
  HookRecord,
  HookStore,
} from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { saysUser } from '../erase-user.ts';
import { contentOf, withoutContent } from '../hook-content.ts';
import { keyOf } from './key.ts';

interface Kept<T> {
  app: AppId;
  value: T;
}

export function memoryHooks(): Synchronous<HookStore> {
  const hooks = new Map<string, Kept<HookRecord>>();
  return {
    list: (app) => valuesOf(hooks, app).sort((a, b) => (a.id < b.id ? -1 : 1)),
    get: (app, id) => hooks.get(keyOf(app, id))?.value,
    put(app, hook) {
      const key = keyOf(app, hook.id);
      if (hook.version !== (hooks.get(key)?.value.version ?? 0) + 1) return false;
      hooks.set(key, { app, value: hook });
      return true;
    },
    remove: (app, id) => hooks.delete(keyOf(app, id)),
  };
}

export function memoryHookDirectory(): Synchronous<HookDirectory> {
  const apps = new Map<string, AppId>();
  return {
    appOf: (id) => apps.get(id),
    claim(id, app) {
      const owner = apps.get(id) ?? app;
      apps.set(id, owner);
      return owner;
    },
    release(id, app) {
      if (apps.get(id) === app) apps.delete(id);
    },
  };
}

export function memoryHookDeliveries(): Synchronous<HookDeliveryStore> {
  const deliveries = new Map<string, Kept<HookDelivery>>();
  const keyOfOne = (app: AppId, { hookId, id }: HookDelivery): string => keyOf(app, hookId, id);
  const removeAll = (app: AppId, gone: readonly HookDelivery[]): number => {
    for (const delivery of gone) deliveries.delete(keyOfOne(app, delivery));
    return gone.length;
  };
  return {
    put: (app, delivery) => void deliveries.set(keyOfOne(app, delivery), { app, value: delivery }),
    get: (app, hookId, id) => deliveries.get(keyOf(app, hookId, id))?.value,
    list: (app, hookId, { before, outcome, limit }) =>
      valuesOf(deliveries, app)
        .filter((delivery) => delivery.hookId === hookId && (before === undefined || delivery.id < before))
        .filter((delivery) => outcome === undefined || delivery.outcome === outcome)
        .sort((a, b) => (a.id > b.id ? -1 : 1))
        .slice(0, limit)
        .map(({ payload: _left, ...delivery }) => delivery),
    removeOf: (app, hookId, limit) =>
      removeAll(
        app,
        valuesOf(deliveries, app)
          .filter((delivery) => delivery.hookId === hookId)
          .slice(0, limit),
      ),
    prune: (app, beforeMs, limit) =>
      removeAll(
        app,
        valuesOf(deliveries, app)
          .filter(({ receivedAt }) => receivedAt < beforeMs)
          .sort((a, b) => a.receivedAt - b.receivedAt)
          .slice(0, limit),
      ),
    trim(app, keep, limit) {
      const oldestFirst = valuesOf(deliveries, app).sort(
        (a, b) => a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1),
      );
      return removeAll(app, oldestFirst.slice(0, Math.max(0, Math.min(limit, oldestFirst.length - keep))));
    },
    erase(app, { userId }) {
      const about = valuesOf(deliveries, app).filter((delivery) =>
        contentOf(delivery).some((content) => saysUser(content, userId)),
      );
      for (const delivery of about) {
        deliveries.set(keyOfOne(app, delivery), { app, value: withoutContent(delivery) });
      }
      return { erased: about.length };
    },
  };
}

function valuesOf<T>(kept: ReadonlyMap<string, Kept<T>>, app: AppId): T[] {
  return [...kept.values()].filter((each) => each.app === app).map(({ value }) => value);
}
