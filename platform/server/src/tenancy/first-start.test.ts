import { resolvePage } from '@belfry/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { TestBusHub } from '../../test/support/test-bus.ts';
import { createMemoryStores, type MemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import { asAppId } from '../ports/app-id.ts';
import { createApiKeys } from './api-keys.ts';
import { createApps } from './apps.ts';
import { createFirstStart } from './first-start.ts';
import { Tokens } from './tokens/tokens.ts';
import { createVault } from './vault.ts';

const demo = asAppId('demo');
const clock = createVirtualClock();
const vault = createVault('s');
let stores: MemoryStores;
beforeEach(() => {
  stores = createMemoryStores();
});

const firstStart = () => createFirstStart({ stores, vault, clock });

test('a fresh installation gets a tenant, an app with pages, and a key that works', async () => {
  const made = await firstStart();
  if (!made.made) throw new Error('not made');
  expect((await stores.tenancy.tenants({ limit: 9 })).items).toMatchObject([{ id: 'default' }]);
  expect((await stores.tenancy.apps({ limit: 9 })).items).toMatchObject([
    { app: 'demo', tenantId: 'default', managed: false },
  ]);
  const bus = new TestBusHub().connect('n');
  const keys = createApiKeys({ store: stores.tenancy, bus, clock });
  expect(await keys.authenticate(made.apiKey)).toMatchObject({ app: 'demo', scopes: ['*'] });
  const apps = createApps({ store: stores.tenancy, bus, clock });
  const tokens = new Tokens({ apps, vault, users: stores.users, clock, fetchJwks: async () => ({}) });
  const { token } = await tokens.sign(demo, { userId: 'alice' });
  expect(await tokens.verify(demo, token)).toMatchObject({ ok: true });
});

describe('the pages of a fresh installation', () => {
  test.each([
    ['/login', false, []],
    ['/chat', true, ['messaging', 'voice_note']],
    ['/doctor/chat', true, ['typing_indicator']],
    ['/customer/chat', true, ['read_receipts']],
    ['/consultant/chat', true, ['file_upload']],
    ['/admin', true, ['system_notifications', 'user_monitoring', 'real_time_stats', 'presence']],
    ['/test-websocket', true, ['messaging', 'testing', 'debug', 'screen_share']],
    ['/anywhere/else', false, []],
  ])('%s', async (path, enabled, features) => {
    await firstStart();
    const { policy } = resolvePage(await stores.pages.list(demo), path);
    expect(policy).toMatchObject({ enabled, version: 1, features: expect.arrayContaining(features) });
    if (enabled) expect(policy).toMatchObject({ requireAuth: true, autoConnect: true });
  });
});

test('a second start makes nothing, and neither does one where apps are already', async () => {
  await firstStart();
  const before = (await stores.tenancy.apps({ limit: 9 })).items;
  expect(await firstStart()).toEqual({ made: false });
  expect((await stores.tenancy.apps({ limit: 9 })).items).toEqual(before);

  stores = createMemoryStores();
  for (const record of before) await stores.tenancy.putApp({ ...record, app: asAppId('mine') }, 0);
  expect(await firstStart()).toEqual({ made: false });
  expect((await stores.tenancy.apps({ limit: 9 })).items).toHaveLength(1);
});

test('a first start that was cut off is done again, whole', async () => {
  stores.fail('pages.put');
  await expect(firstStart()).rejects.toThrow();
  stores.fail(undefined);
  expect(await firstStart()).toMatchObject({ made: true, app: 'demo' });
  expect(await stores.pages.list(demo)).toHaveLength(8);
  expect((await stores.tenancy.apiKeys(demo, { limit: 9 })).items).toHaveLength(1);
});

test('a first start whose key could not be handed over is done again', async () => {
  const keepKey = (): Promise<void> => Promise.reject(new Error('disk full'));
  await expect(createFirstStart({ stores, vault, clock, keepKey })).rejects.toThrow('disk full');
  const kept: string[] = [];
  const made = await createFirstStart({ stores, vault, clock, keepKey: async ({ apiKey }) => kept.push(apiKey) });
  expect(made).toMatchObject({ made: true, apiKey: kept[0] });
});
