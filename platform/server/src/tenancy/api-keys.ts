// API keys: made, replaced, listed, taken back, and recognized. What a key may do once it is known:
// scopes.ts.
import { BelfryError } from '@belfry/protocol';
import { NearCache } from '../caching/near-cache.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import { readAllPages } from '../ports/stores/page.ts';
import type { ApiKeyRecord, TenancyStore } from '../ports/stores/tenancy.ts';
import type { Versioned } from '../ports/stores/versioned.ts';
import { apiKeyHash, apiKeyRecord, keyName, newApiKey, type NewApiKey } from './api-key-record.ts';
import { KeyUse } from './key-use.ts';
import { rotateKey } from './rotate-key.ts';

export interface AuthenticatedKey {
  app: AppId;
  keyId: string;
  scopes: readonly string[];
}

export interface ApiKeys {
  /**
   * The owner of the key; undefined for one that is unknown, taken back or run out. Rejects with
   * `unavailable` as the store does.
   */
  authenticate(key: string, address?: string): Promise<AuthenticatedKey | undefined>;
  /**
   * Makes a key, or takes the one given; a key of the same id is replaced. `key` is shown once and kept
   * nowhere.
   */
  create(app: AppId, key: NewApiKey): Promise<{ key: string; record: ApiKeyRecord }>;
  /**
   * Makes a key that takes over from this one, which is good for `overlapMs` more. Throws `not_found`, and
   * `conflict` for a key that ends already.
   */
  rotate(app: AppId, id: string, given: { overlapMs: number }): Promise<{ key: string; record: ApiKeyRecord }>;
  list(app: AppId): Promise<readonly ApiKeyRecord[]>;
  remove(app: AppId, id: string): Promise<boolean>;
}

/** Keys longer than this are refused before anything is computed. */
const maxKeyChars = 256;
/**
 * A key taken back on another node is refused here at the latest after this long, even when the bus lost the
 * message.
 */
const keepMs = 4000;
const keepAbsentMs = 1000;
const maxKept = 10_000;
/** A key is replaced by people: a caller that loses so often is no person. */
const maxTries = 5;

export function createApiKeys(deps: {
  store: Pick<TenancyStore, 'apiKeyByHash' | 'apiKeys' | 'putApiKey' | 'removeApiKey'>;
  bus: Pick<Bus, 'control'>;
  clock: Pick<Clock, 'now' | 'monotonic'>;
}): ApiKeys {
  const { store, bus, clock } = deps;
  const use = new KeyUse({ store, clock });
  const kept = new NearCache<ApiKeyRecord | undefined>({
    clock,
    maxSize: maxKept,
    maxAgeMs: (record) => (record === undefined ? keepAbsentMs : keepMs),
  });

  bus.control.on('api_keys_changed', ({ app }) => dropOf(app));

  function dropOf(app: AppId): void {
    kept.dropWhere((record) => record === undefined || record.app === app);
  }

  async function changed(app: AppId): Promise<void> {
    dropOf(app);
    await bus.control.publish({ type: 'api_keys_changed', app }).catch(() => undefined);
  }

  const list = (app: AppId): Promise<Versioned<ApiKeyRecord>[]> => readAllPages((page) => store.apiKeys(app, page));

  /** Throws `conflict` when others replace it all the time. */
  async function replace(record: ApiKeyRecord): Promise<void> {
    for (let tries = 0; tries < maxTries; tries += 1) {
      const before = (await list(record.app)).find(({ id }) => id === record.id);
      if (await store.putApiKey(record, before?.version ?? 0)) return;
    }
    throw new BelfryError('conflict');
  }

  return {
    async authenticate(key, address) {
      if (!key.startsWith('bk_') || key.length > maxKeyChars) return undefined;
      const hash = apiKeyHash(key);
      const record = await kept.get(hash, () => store.apiKeyByHash(hash));
      if (record === undefined || (record.expiresAt !== undefined && record.expiresAt <= clock.now())) return undefined;
      use.record(record, address);
      return { app: record.app, keyId: keyName(record), scopes: record.scopes };
    },
    async create(app, wanted) {
      const key = wanted.secret ?? newApiKey(wanted.id);
      const record = apiKeyRecord(app, { ...wanted, secret: key }, { managed: false, createdAt: clock.now() });
      await replace(record);
      await changed(app);
      return { key, record };
    },
    async rotate(app, id, given) {
      const made = await rotateKey({ app, id, ...given }, { store, replace, nowMs: clock.now() });
      await changed(app);
      return made;
    },
    list,
    async remove(app, id) {
      const removed = await store.removeApiKey(app, id);
      await changed(app);
      return removed;
    },
  };
}
