// The contract of tenants, apps, keys and the installation's facts: each driver must keep it.

import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { AppId } from '../../../src/ports/app-id.ts';
import type { ApiKeyRecord, AppRecord, Page, PageRequest, Stores } from '../../../src/ports/stores/index.ts';
import { readAllPages } from '../../../src/ports/stores/page.ts';
import { newApp, sampleApp } from '../../support/samples.ts';

export function tenancyContract(stores: () => Stores): void {
  const appRecord = (app: AppId, tenantId: string): AppRecord => sampleApp({ app, tenantId });
  const apiKey = (app: AppId, id: string): ApiKeyRecord => ({
    app,
    id,
    hash: `hash-${randomUUID()}`,
    hint: 'bk_a',
    scopes: ['*'],
    managed: false,
    createdAt: 1,
  });

  const tenants = () => readAllPages((page) => stores().tenancy.tenants(page));
  const apps = (tenantId?: string) => readAllPages((page) => stores().tenancy.apps({ ...page, tenantId }));

  describe('tenancy', () => {
    test('tenants and apps are put, put anew and read; apps by key and by tenant', async () => {
      const tenantId = `tenant-${randomUUID()}`;
      const [a, b] = [newApp(), newApp()];
      const tenant = { id: tenantId, name: 'Clinic', managed: true, createdAt: 1 };
      await stores().tenancy.putTenant({ ...tenant, name: 'old' });
      await stores().tenancy.putTenant(tenant);
      expect((await tenants()).filter(({ id }) => id === tenantId)).toEqual([tenant]);
      expect(await stores().tenancy.tenant(tenantId)).toEqual(tenant);
      expect(await stores().tenancy.tenant(`no-${tenantId}`)).toBeUndefined();
      expect(await stores().tenancy.removeTenant(`no-${tenantId}`)).toBe(false);
      expect(await stores().tenancy.putApp(appRecord(a, tenantId), 0)).toBe(true);
      expect(await stores().tenancy.putApp(appRecord(b, 'another'), 0)).toBe(true);
      const changed = { ...appRecord(a, tenantId), disabled: true, jwksUrl: 'https://example.com/jwks' };
      expect(await stores().tenancy.putApp(changed, 1)).toBe(true);
      expect(await stores().tenancy.app(a)).toEqual({ ...changed, version: 2 });
      expect(await stores().tenancy.app(newApp())).toBeUndefined();
      expect((await apps(tenantId)).map(({ app }) => app)).toEqual([a]);
      expect((await apps()).map(({ app }) => app)).toEqual(expect.arrayContaining([a, b]));
      await stores().tenancy.putApp({ ...appRecord(a, 'another'), updatedAt: 2 }, 2);
      expect(await apps(tenantId)).toEqual([]);
      expect(await stores().tenancy.removeTenant(tenantId)).toBe(true);
      expect(await stores().tenancy.tenant(tenantId)).toBeUndefined();
    });

    test('lists are read page by page, each in the order of its keys', async () => {
      const tenantId = `tenant-${randomUUID()}`;
      const made = Array.from({ length: 5 }, () => newApp()).toSorted();
      for (const app of made.toReversed()) await stores().tenancy.putApp(appRecord(app, tenantId), 0);
      const [app = newApp()] = made;
      const ids = ['a', 'b', 'c', 'd', 'e'];
      for (const id of ids.toReversed()) await stores().tenancy.putApiKey(apiKey(app, id), 0);
      const pages = async <T>(read: (page: PageRequest) => Promise<Page<T>>) => {
        const seen: T[][] = [];
        let after: string | undefined;
        do {
          const { items, next } = await read({ after, limit: 2 });
          seen.push([...items]);
          after = next;
        } while (after !== undefined);
        return seen;
      };
      const ofTenant = await pages((page) => stores().tenancy.apps({ ...page, tenantId }));
      expect(ofTenant.map((page) => page.map((record) => record.app))).toEqual([
        made.slice(0, 2),
        made.slice(2, 4),
        made.slice(4),
      ]);
      const keys = await pages((page) => stores().tenancy.apiKeys(app, page));
      expect(keys.map((page) => page.map(({ id }) => id))).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
      // A page that is full to the last is the last.
      expect(await stores().tenancy.apiKeys(app, { limit: 5 })).not.toHaveProperty('next');
      for (const id of ['t1', 't2', 't3'])
        await stores().tenancy.putTenant({ id: `${tenantId}-${id}`, name: id, managed: false, createdAt: 1 });
      const first = await stores().tenancy.tenants({ after: `${tenantId}-`, limit: 2 });
      expect(first.items.map(({ name }) => name)).toEqual(['t1', 't2']);
      const second = await stores().tenancy.tenants({ after: first.next, limit: 1 });
      expect(second.items.map(({ name }) => name)).toEqual(['t3']);
    });

    test('of many that put one version of an app or a key at once exactly one does', async () => {
      const app = newApp();
      const { tenancy } = stores();
      for (const version of [0, 1]) {
        const puts = Array.from({ length: 10 }, (_, i) =>
          tenancy.putApp({ ...appRecord(app, 'tenant'), name: `by ${i}` }, version),
        );
        expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
        const keys = Array.from({ length: 10 }, () => tenancy.putApiKey(apiKey(app, 'backend'), version));
        expect((await Promise.all(keys)).filter(Boolean)).toHaveLength(1);
      }
      expect(await tenancy.putApp(appRecord(app, 'tenant'), 1)).toBe(false);
      expect(await tenancy.app(app)).toMatchObject({ version: 2 });
    });

    test('an API key is found by its hash as long as it is there', async () => {
      const [app, other] = [newApp(), newApp()];
      const [key, same] = [apiKey(app, 'backend'), apiKey(other, 'backend')];
      await stores().tenancy.putApiKey(key, 0);
      await stores().tenancy.putApiKey(same, 0);
      expect(await stores().tenancy.apiKeyByHash(key.hash)).toEqual({ ...key, version: 1 });
      expect(await stores().tenancy.apiKeys(app, { limit: 9 })).toEqual({ items: [{ ...key, version: 1 }] });
      const rotated = { ...key, hash: `hash-${randomUUID()}`, expiresAt: 9 };
      await stores().tenancy.putApiKey(rotated, 1);
      expect(await stores().tenancy.apiKeyByHash(key.hash)).toBeUndefined();
      expect(await stores().tenancy.apiKeyByHash(rotated.hash)).toEqual({ ...rotated, version: 2 });
      expect(await stores().tenancy.removeApiKey(app, 'backend')).toBe(true);
      expect(await stores().tenancy.removeApiKey(app, 'backend')).toBe(false);
      expect(await stores().tenancy.apiKeyByHash(rotated.hash)).toBeUndefined();
      expect(await stores().tenancy.apiKeys(other, { limit: 9 })).toEqual({ items: [{ ...same, version: 1 }] });
    });
  });

  describe('installation', () => {
    test('a fact that is set once stays, also when many set it at once', async () => {
      const name = `fact-${randomUUID()}`;
      const values = ['a', 'b', 'c', 'd'];
      const answers = await Promise.all(values.map((value) => stores().installation.setOnce(name, value)));
      expect(new Set(answers).size).toBe(1);
      expect(await stores().installation.get(name)).toBe(answers[0]);
      await stores().installation.set(name, 'changed');
      expect(await stores().installation.get(name)).toBe('changed');
      expect(await stores().installation.get(`none-${name}`)).toBeUndefined();
    });
  });
}
