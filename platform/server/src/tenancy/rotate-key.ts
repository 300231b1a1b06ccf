// One API key takes over from another, which is good for a while more. Between the two writes both are good,
// so that no back end is ever without. The other things that happen to keys: api-keys.ts.

import { BelfryError, notFound } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import { readAllPages } from '../ports/stores/page.ts';
import type { ApiKeyRecord, TenancyStore } from '../ports/stores/tenancy.ts';
import type { Versioned } from '../ports/stores/versioned.ts';
import { apiKeyRecord, keyName, newApiKey } from './api-key-record.ts';

interface Rotation {
  app: AppId;
  id: string;
  overlapMs: number;
}

interface RotationDeps {
  store: Pick<TenancyStore, 'apiKeys' | 'putApiKey' | 'removeApiKey'>;
  replace: (record: ApiKeyRecord) => Promise<void>;
  nowMs: number;
}

/** Its use is recorded at any moment; more often than this it is no coincidence. */
const maxTries = 5;

export async function rotateKey(
  { app, id, overlapMs }: Rotation,
  { store, replace, nowMs }: RotationDeps,
): Promise<{ key: string; record: ApiKeyRecord }> {
  const all = await readAllPages((page) => store.apiKeys(app, page));
  const before = rotatable(all.find((each) => each.id === id));
  const name = keyName(before);
  const key = newApiKey(name);
  const facts = { managed: false, createdAt: nowMs };
  const fresh = apiKeyRecord(app, { id: name, secret: key, scopes: before.scopes }, facts);
  // Under an id that nobody can choose.
  const record = { ...fresh, id: `${name}~${fresh.hash.slice(0, 8)}`, of: name };
  await replace(record);
  if (overlapMs === 0) await store.removeApiKey(app, id);
  else await endAt(before, nowMs + overlapMs, store);
  const isOver = ({ expiresAt }: ApiKeyRecord): boolean => expiresAt !== undefined && expiresAt <= nowMs;
  for (const each of all) if (keyName(each) === name && isOver(each)) await store.removeApiKey(app, each.id);
  return { key, record };
}

function rotatable(key: Versioned<ApiKeyRecord> | undefined): Versioned<ApiKeyRecord> {
  if (key === undefined) throw notFound('API key');
  if (key.managed) throw new BelfryError('managed_by_file');
  if (key.expiresAt === undefined) return key;
  throw new BelfryError('conflict', { message: 'The key ends already: another has taken over from it.' });
}

async function endAt(
  key: Versioned<ApiKeyRecord>,
  expiresAt: number,
  store: Pick<TenancyStore, 'apiKeys' | 'putApiKey'>,
): Promise<void> {
  let found: Versioned<ApiKeyRecord> | undefined = key;
  for (let tries = 0; tries < maxTries; tries += 1) {
    // Taken back meanwhile: it has ended.
    if (found === undefined) return;
    const { version, ...record } = found;
    if (await store.putApiKey({ ...record, expiresAt }, version)) return;
    found = (await readAllPages((page) => store.apiKeys(key.app, page))).find(({ id }) => id === key.id);
  }
  throw new BelfryError('conflict');
}
