// Writes the API keys that a provision file names for an app. Keys that it does not name stay.
import type { AppId } from '../../ports/app-id.ts';
import { readAllPages } from '../../ports/stores/page.ts';
import type { TenancyStore } from '../../ports/stores/tenancy.ts';
import { apiKeyRecord } from '../api-key-record.ts';
import type { PlannedApp } from './schema.ts';
import { writeOnce } from './write-once.ts';

export async function putApiKeys(
  app: AppId,
  planned: PlannedApp['apiKeys'],
  { tenancy, nowMs }: { tenancy: TenancyStore; nowMs: number },
): Promise<void> {
  for (const key of planned) {
    await writeOnce(`the key ${key.id} of ${app}`, async () => {
      const existing = await readAllPages((page) => tenancy.apiKeys(app, page));
      const before = existing.find(({ id }) => id === key.id);
      const record = apiKeyRecord(app, key, { managed: true, createdAt: before?.createdAt ?? nowMs });
      if (before !== undefined && text(record) === text(before)) return true;
      // A key under a new id, or two ids that swapped their keys: the same key can't be there twice.
      const holder = await tenancy.apiKeyByHash(record.hash);
      if (holder !== undefined && holder.id !== key.id) await tenancy.removeApiKey(app, holder.id);
      const { lastUsedAt, lastAddress } = before ?? {};
      const use = {
        ...(lastUsedAt !== undefined && { lastUsedAt }),
        ...(lastAddress !== undefined && { lastAddress }),
      };
      return await tenancy.putApiKey({ ...record, ...use }, before?.version ?? 0);
    });
  }
}

function text({ hash, scopes, managed }: { hash: string; scopes: readonly string[]; managed: boolean }): string {
  return JSON.stringify([hash, scopes, managed]);
}
