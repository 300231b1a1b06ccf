// The apps of this installation, by public key: looked up on every connection and request, so remembered. Not
// their keys (api-keys.ts) nor their pages.
import { appKeySchema, BelfryError, notFound } from '@belfry/protocol';
import { controlTopic } from '../caching/control-topic.ts';
import { NearCache } from '../caching/near-cache.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import { readAllPages } from '../ports/stores/page.ts';
import type { AppRecord, TenancyStore } from '../ports/stores/tenancy.ts';
import type { Versioned } from '../ports/stores/versioned.ts';

export interface Apps {
  /**
   * By public key, any string. Remembered for a few seconds; that there is none, for one. Rejects with
   * `unavailable` as the store does.
   */
  find(key: string): Promise<Versioned<AppRecord> | undefined>;
  /** @throws BelfryError `not_found` */
  get(app: AppId): Promise<Versioned<AppRecord>>;
  /**
   * Stores it when `ifVersion` is the version that is there, 0 for none, and publishes the change. Throws
   * `conflict` when another was faster.
   */
  put(record: AppRecord, ifVersion: number): Promise<void>;
  /** What is kept of it was taken away before. */
  remove(app: AppId): Promise<void>;
  /** All apps, or a tenant's; straight from the store. */
  list(tenantId?: string): Promise<readonly Versioned<AppRecord>[]>;
  /** Called after a change here, and when another node reports one. */
  onChange(listen: (app: AppId) => void): void;
}

/**
 * The bus carries hints that may be lost: after this long a change is seen in any case. Within the 5 s in
 * which a user or app is to be shut out.
 */
const keepMs = 4000;
const keepAbsentMs = 1000;
/** Keys come from whoever opens a socket, so the number that is remembered is bounded. */
const maxKept = 10_000;

export function createApps(deps: {
  store: Pick<TenancyStore, 'app' | 'apps' | 'putApp' | 'removeApp'>;
  bus: Pick<Bus, 'control'>;
  clock: Pick<Clock, 'monotonic'>;
}): Apps {
  const { store, bus, clock } = deps;
  const kept = new NearCache<Versioned<AppRecord> | undefined, { app: AppId }>({
    clock,
    maxSize: maxKept,
    maxAgeMs: (record) => (record === undefined ? keepAbsentMs : keepMs),
    changes: { topic: controlTopic(bus, 'app_changed'), keyOf: ({ app }) => app },
  });
  const latest = new Map<string, { record: Versioned<AppRecord>; text: string }>();
  const listeners: ((app: AppId) => void)[] = [];

  function report(app: AppId): void {
    for (const listen of listeners) listen(app);
  }

  kept.onHeard(({ app }) => report(app));

  async function find(key: string): Promise<Versioned<AppRecord> | undefined> {
    if (!appKeySchema.safeParse(key).success) return undefined;
    return kept.get(key, async () => same(await store.app(key)));
  }

  /**
   * An unchanged app stays the same object, so that results that were worked out from it (verified tokens)
   * stay good.
   */
  function same(record: Versioned<AppRecord> | undefined): Versioned<AppRecord> | undefined {
    if (record === undefined) return undefined;
    const text = JSON.stringify(record);
    const before = latest.get(record.app);
    if (before?.text === text) return before.record;
    latest.set(record.app, { record, text });
    return record;
  }

  return {
    find,
    async get(app) {
      const record = await find(app);
      if (record === undefined) throw notFound('app');
      return record;
    },
    async put(record, ifVersion) {
      if (!(await store.putApp(record, ifVersion))) throw new BelfryError('conflict');
      const published = kept.changed({ app: record.app });
      report(record.app);
      await published;
    },
    async remove(app) {
      await store.removeApp(app);
      latest.delete(app);
      const published = kept.changed({ app });
      report(app);
      await published;
    },
    list: (tenantId) => readAllPages((page) => store.apps({ ...page, tenantId })),
    onChange: (listen) => void listeners.push(listen),
  };
}
