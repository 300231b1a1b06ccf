// Tenants, apps and API keys as JSON under their keys. Not who may see them: tenancy decides.

import type { AppId } from '../../../ports/app-id.ts';
import type {
  ApiKeyRecord,
  AppRecord,
  Page,
  PageRequest,
  Tenant,
  TenancyStore,
  Versioned,
} from '../../../ports/stores/index.ts';
import { bodyOf, pageOf, type WithBody } from './body.ts';
import { Collection } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import { putVersioned, type VersionedDocument } from './versioned-put.ts';

interface TenantDocument extends WithBody {
  id: string;
}

interface AppDocument extends WithBody, VersionedDocument {
  app: string;
  tenantId: string;
}

interface ApiKeyDocument extends WithBody, VersionedDocument {
  app: string;
  id: string;
  hash: string;
}

const versioned = { version: Number, putId: String, body: String };

export const tenants = declareCollection<TenantDocument>('tenants', { id: String, body: String }, [
  { key: { id: 1 }, unique: true },
]);

export const apps = declareCollection<AppDocument>('apps', { app: String, tenantId: String, ...versioned }, [
  { key: { app: 1 }, unique: true },
  { key: { tenantId: 1, app: 1 } },
]);

export const apiKeys = declareCollection<ApiKeyDocument>(
  'api_keys',
  { app: String, id: String, hash: String, ...versioned },
  [
    { key: { app: 1, id: 1 }, unique: true },
    // Asked before the app is known. Keys are random: no two have one hash.
    { key: { hash: 1 } },
  ],
);

export class MongoTenancy implements TenancyStore {
  readonly #tenants: Collection<TenantDocument>;
  readonly #apps: Collection<AppDocument>;
  readonly #keys: Collection<ApiKeyDocument>;

  constructor(connection: MongoConnection) {
    this.#tenants = new Collection(connection, tenants);
    this.#apps = new Collection(connection, apps);
    this.#keys = new Collection(connection, apiKeys);
  }

  tenants(page: PageRequest): Promise<Page<Tenant>> {
    return pageOf(this.#tenants, { filter: {}, by: 'id', page });
  }

  async tenant(id: string): Promise<Tenant | undefined> {
    const found = await this.#tenants.findOne({ id });
    return found && bodyOf(found);
  }

  async removeTenant(id: string): Promise<boolean> {
    return (await this.#tenants.remove({ id })) > 0;
  }

  async putTenant(tenant: Tenant): Promise<void> {
    await this.#tenants.update({ id: tenant.id }, { $set: { body: JSON.stringify(tenant) } }, { upsert: true });
  }

  apps({ tenantId, ...page }: PageRequest & { tenantId?: string | undefined }): Promise<Page<Versioned<AppRecord>>> {
    return pageOf(this.#apps, { filter: tenantId === undefined ? {} : { tenantId }, by: 'app', page });
  }

  async app(key: string): Promise<Versioned<AppRecord> | undefined> {
    const found = await this.#apps.findOne({ app: key });
    return found && bodyOf(found);
  }

  putApp(record: AppRecord, ifVersion: number): Promise<boolean> {
    const { app, tenantId } = record;
    const body = JSON.stringify({ ...record, version: ifVersion + 1 });
    return putVersioned(this.#apps, { key: { app }, fields: { tenantId, body }, ifVersion });
  }

  async removeApp(app: AppId): Promise<boolean> {
    return (await this.#apps.remove({ app })) > 0;
  }

  async apiKeyByHash(hash: string): Promise<Versioned<ApiKeyRecord> | undefined> {
    const found = await this.#keys.findOne({ hash });
    return found && bodyOf(found);
  }

  apiKeys(app: AppId, page: PageRequest): Promise<Page<Versioned<ApiKeyRecord>>> {
    return pageOf(this.#keys, { filter: { app }, by: 'id', page });
  }

  putApiKey(record: ApiKeyRecord, ifVersion: number): Promise<boolean> {
    const { app, id, hash } = record;
    const body = JSON.stringify({ ...record, version: ifVersion + 1 });
    return putVersioned(this.#keys, { key: { app, id }, fields: { hash, body }, ifVersion });
  }

  async removeApiKey(app: AppId, id: string): Promise<boolean> {
    return (await this.#keys.remove({ app, id })) > 0;
  }
}
