// What every driver of tenants, apps, keys and the installation's facts must do.

import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { AppId } from '../../../src/ports/app-id.ts';
import type { ApiKeyRecord, AppRecord, Stores } from '../../../src/ports/stores/index.ts';
import { newApp } from '../../support/samples.ts';

export function tenancyContract(stores: () => Stores): void {
  const appRecord = (app: AppId, tenantId: string): AppRecord => ({
    app,
    tenantId,
    name: 'Demo',
    disabled: false,
    allowedOrigins: ['*'],
    signingSecrets: [{ kid: 'k1', secret: 'sealed', createdAt: 1 }],
    settings: { waitMs: 5000, deliveredMeans: 'visible', retentionMs: 0, journeyRetentionMs: 1000 },
    limits: { connections: 100, requestsPerMinute: 600 },
    managed: false,
    createdAt: 1,
    updatedAt: 1,
  });
  const apiKey = (app: AppId, id: string): ApiKeyRecord => ({
    app,
    id,
    hash: `hash-${randomUUID()}`,
    hint: 'bk_a',
    scopes: ['*'],
    managed: false,
    createdAt: 1,
  });

  describe('tenancy', () => {
    test('tenants and apps are put, put anew and read; apps by key and by tenant', async () => {
      const tenantId = `tenant-${randomUUID()}`;
      const [a, b] = [newApp(), newApp()];
      const tenant = { id: tenantId, name: 'Clinic', managed: true, createdAt: 1 };
      await stores().tenancy.putTenant({ ...tenant, name: 'old' });
      await stores().tenancy.putTenant(tenant);
      expect((await stores().tenancy.tenants()).filter(({ id }) => id === tenantId)).toEqual([tenant]);
      await stores().tenancy.putApp(appRecord(a, tenantId));
      await stores().tenancy.putApp(appRecord(b, 'another'));
      await stores().tenancy.putApp({ ...appRecord(a, tenantId), disabled: true, jwksUrl: 'https://example.com/jwks' });
      expect(await stores().tenancy.app(a)).toEqual({
        ...appRecord(a, tenantId),
        disabled: true,
        jwksUrl: 'https://example.com/jwks',
      });
      expect(await stores().tenancy.app(newApp())).toBeUndefined();
      expect((await stores().tenancy.apps(tenantId)).map(({ app }) => app)).toEqual([a]);
      expect((await stores().tenancy.apps()).map(({ app }) => app)).toEqual(expect.arrayContaining([a, b]));
    });

    test('an API key is found by its hash as long as it is there', async () => {
      const [app, other] = [newApp(), newApp()];
      const [key, same] = [apiKey(app, 'backend'), apiKey(other, 'backend')];
      await stores().tenancy.putApiKey(key);
      await stores().tenancy.putApiKey(same);
      expect(await stores().tenancy.apiKeyByHash(key.hash)).toEqual(key);
      expect(await stores().tenancy.apiKeys(app)).toEqual([key]);
      const rotated = { ...key, hash: `hash-${randomUUID()}`, expiresAt: 9 };
      await stores().tenancy.putApiKey(rotated);
      expect(await stores().tenancy.apiKeyByHash(key.hash)).toBeUndefined();
      expect(await stores().tenancy.apiKeyByHash(rotated.hash)).toEqual(rotated);
      expect(await stores().tenancy.removeApiKey(app, 'backend')).toBe(true);
      expect(await stores().tenancy.removeApiKey(app, 'backend')).toBe(false);
      expect(await stores().tenancy.apiKeyByHash(rotated.hash)).toBeUndefined();
      expect(await stores().tenancy.apiKeys(other)).toEqual([same]);
    });
  });

  describe('installation', () => {
    test('a fact that is set once stays, also when many set it at once', async () => {
      const name = `fact-${randomUUID()}`;
      const values = ['a', 'b', 'c', 'd'];
      const told = await Promise.all(values.map((value) => stores().installation.setOnce(name, value)));
      expect(new Set(told).size).toBe(1);
      expect(await stores().installation.get(name)).toBe(told[0]);
      await stores().installation.set(name, 'changed');
      expect(await stores().installation.get(name)).toBe('changed');
      expect(await stores().installation.get(`none-${name}`)).toBeUndefined();
    });
  });
}
