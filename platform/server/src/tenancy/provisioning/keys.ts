// Writes the API keys that a provision file names for an app. Keys that it does not name stay.
import type { AppId } from '../../ports/app-id.ts';
import type { TenancyStore } from '../../ports/stores/tenancy.ts';
import { apiKeyRecord } from '../api-keys.ts';
import type { PlannedApp } from './schema.ts';

export async function putApiKeys(
  app: AppId,
  planned: PlannedApp['apiKeys'],
  { tenancy, nowMs }: { tenancy: TenancyStore; nowMs: number },
): Promise<void> {
  const existing = new Map((await tenancy.apiKeys(app)).map((key) => [key.id, key]));
  for (const key of planned) {
    const before = existing.get(key.id);
    const record = apiKeyRecord(app, key, { managed: true, createdAt: before?.createdAt ?? nowMs });
    if (before !== undefined && text(record) === text(before)) continue;
    // A key under a new id, or two ids that swapped their keys: the same key can't be there twice.
    const holder = await tenancy.apiKeyByHash(record.hash);
    if (holder !== undefined && holder.id !== key.id) await tenancy.removeApiKey(app, holder.id);
    await tenancy.putApiKey(record);
  }
}

function text({ hash, scopes, managed }: { hash: string; scopes: readonly string[]; managed: boolean }): string {
  return JSON.stringify([hash, scopes, managed]);
}
