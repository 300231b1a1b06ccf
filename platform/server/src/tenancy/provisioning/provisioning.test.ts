import { beforeEach, describe, expect, test } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../../../test/support/virtual-clock.ts';
import { TestBusHub } from '../../../test/support/test-bus.ts';
import { createMemoryStores, type MemoryStores } from '../../drivers/stores/memory/create-memory-stores.ts';
import { asAppId, type AppId } from '../../ports/app-id.ts';
import type { ProviderRecord } from '../../ports/stores/settings.ts';
import { createApiKeys } from '../api-keys.ts';
import { openSigningSecret } from '../tokens/app-signing.ts';
import { applyProvisioning } from './apply.ts';
import type { AddressGuard } from './addresses.ts';
import { clinic, planOf } from './provisioning.fixture.ts';
import { emptyPlan, type ProvisioningPlan } from './schema.ts';
import type { HookHost } from './hooks.ts';
import type { WebhookHost } from './webhooks.ts';
import type { FeatureHost } from './features.ts';
import type { ProviderHost } from './providers.ts';
import { createVault } from '../vault.ts';

const demo = asAppId('demo');
const vault = createVault('s');

describe('applying the provision file', () => {
  let clock: VirtualClock;
  let stores: MemoryStores;
  let host: ProviderHost & FeatureHost & { configured: string[] };
  let hooks: HookHost & WebhookHost & { done: string[]; owners: Map<string, AppId> };

  beforeEach(() => {
    clock = createVirtualClock();
    stores = createMemoryStores();
    const configured: string[] = [];
    const done: string[] = [];
    const owners = new Map<string, AppId>();
    hooks = {
      done,
      owners,
      checkMapping: async (mapping) => (mapping === '(' ? 'is not closed' : undefined),
      ownerOf: async (id) => owners.get(id),
      put: async (app: AppId, { id }: { id: string }) => void done.push(`put ${app}/${id}`),
      release: async (app, named) => void done.push(`release ${app} but ${[...named].join()}`),
    };
    host = {
      configured,
      messageTypes: () => [{ feature: 'screen_dance' }, {}],
      list: () => [
        { id: 'webhook', kind: 'notification-provider', state: 'on' },
        { id: 'broken', kind: 'notification-provider', state: 'off', reason: 'it throws' },
        { id: 'text', kind: 'message-type', state: 'on' },
      ],
      checkConfig: ({ config }) => (config['url'] === undefined ? [{ path: ['url'], reason: 'is needed' }] : []),
      async configure(app, input) {
        configured.push(`${app}/${input.id}`);
        const record: ProviderRecord = { ...input, config: { sealed: true }, updatedAt: clock.now() };
        const before = await stores.providers.get(app, input.id);
        await stores.providers.put(app, record, before?.version ?? 0);
        return { ok: true };
      },
    };
  });

  /** Of a guard that refuses these texts, and these once it has resolved their names. */
  const guard = (texts: readonly string[] = [], names: readonly string[] = []): AddressGuard => {
    const verdict = (url: string, all: readonly string[]) =>
      all.some((part) => url.includes(part)) ? { ok: false as const, reason: 'is refused' } : { ok: true as const };
    return {
      checkUrlText: (url) => verdict(url, texts),
      checkUrl: async (url) => verdict(url, [...texts, ...names]),
      checkAddresses: async ({ config }) => {
        const found = verdict(String(config['url']), [...texts, ...names]);
        return found.ok ? [] : [{ path: ['url'], reason: found.reason }];
      },
    };
  };
  const apply = (plan: ProvisioningPlan, addresses = guard()) =>
    applyProvisioning({ plan, stores, vault, clock, providers: host, addresses, hooks, webhooks: hooks });

  test('refuses a key set that can never be fetched, and warns of one whose name leads nowhere good now', async () => {
    const plan = planOf('tenants: [{ id: t, apps: [{ key: a, jwksUrl: "https://10.0.0.1/j" }] }]');
    expect(await apply(plan, guard(['10.0.0.1']))).toEqual({
      ok: false,
      problems: [{ path: 'tenants[0].apps[0].jwksUrl', reason: 'is refused' }],
    });
    expect((await stores.tenancy.apps({ limit: 9 })).items).toEqual([]);
    const warned = await apply(plan, guard([], ['10.0.0.1']));
    expect(warned).toMatchObject({ ok: true, warnings: [{ path: 'tenants[0].apps[0].jwksUrl' }] });
  });

  test('stores a provider whose address is refused, and warns of it', async () => {
    const plan = planOf(`
      tenants: [{ id: t, apps: [{ key: a, jwksUrl: "https://l.example/j", providers:
        [{ id: p, plugin: webhook, config: { url: "http://127.0.0.1/" } },
         { id: q, plugin: webhook, enabled: false, config: { url: "http://127.0.0.1/" } }] }] }]`);
    const applied = await apply(plan, guard(['127.0.0.1']));
    expect(applied).toMatchObject({ ok: true, warnings: [{ path: 'tenants[0].apps[0].providers[0].config.url' }] });
    expect(host.configured).toEqual(['a/p', 'a/q']);
  });

  test('refuses a mapping that does not compile, and the id of a hook that another app has, and writes nothing', async () => {
    const app = (key: string, hook: string): string =>
      `{ key: ${key}, jwksUrl: "https://l.example/j", hooks: [{ secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, ${hook} }] }`;
    hooks.owners.set('lab', asAppId('stranger')).set('own', asAppId('c'));
    const apps = [app('a', 'id: x, mapping: "("'), app('b', 'id: lab, mapping: a'), app('c', 'id: own, mapping: a')];
    expect(await apply(planOf(`tenants: [{ id: t, apps: [${apps.join(', ')}] }]`))).toEqual({
      ok: false,
      problems: [
        { path: 'tenants[0].apps[0].hooks[0].mapping', reason: 'is not closed' },
        { path: 'tenants[0].apps[1].hooks[0].id', reason: expect.stringContaining('stranger') },
      ],
    });
    expect(hooks.done).toEqual([]);
    expect((await stores.tenancy.apps({ limit: 9 })).items).toEqual([]);
  });

  test('makes all that the file names, and reports what it manages', async () => {
    const applied = await apply(planOf(clinic));
    if (!applied.ok) throw new Error(JSON.stringify(applied.problems));
    expect(applied.managed.get(demo)).toEqual({
      patterns: new Set(['/chat', '/login']),
      kinds: new Set(['lab_result']),
      providers: new Set(['hook']),
      keys: new Set(['backend']),
      hooks: new Set(['lab']),
      webhooks: new Set(['crm']),
    });
    expect(hooks.done).toEqual(['put demo/lab', 'put demo/crm', 'release demo but lab', 'release demo but crm']);
    const record = await stores.tenancy.app('demo');
    expect(record).toMatchObject({
      tenantId: 'clinic',
      allowedOrigins: ['*'],
      settings: { waitMs: 3000, deliveredMeans: 'any', retentionMs: 0 },
      managed: true,
    });
    expect(JSON.stringify(record)).not.toContain('at-least-32-bytes');
    expect(record?.signingSecrets.map((sealed) => openSigningSecret('demo', sealed, vault))).toEqual([
      'at-least-32-bytes-of-text-and-some-more',
    ]);
    const bus = new TestBusHub().connect('n');
    const keys = createApiKeys({ store: stores.tenancy, bus, clock });
    expect(await keys.authenticate('bk_backend_0123456789abcdef0123456789abcdef')).toMatchObject({ keyId: 'backend' });
    expect(await page(stores, '/chat')).toMatchObject({ version: 1, updatedBy: 'provision file' });
    expect(await stores.kinds.list(demo)).toMatchObject([{ kind: 'lab_result' }]);
    expect(host.configured).toEqual(['demo/hook']);
  });

  test('a second time changes nothing at all', async () => {
    await apply(planOf(clinic));
    const everything = async () => ({
      tenants: (await stores.tenancy.tenants({ limit: 9 })).items,
      apps: (await stores.tenancy.apps({ limit: 9 })).items,
      keys: (await stores.tenancy.apiKeys(demo, { limit: 9 })).items,
      pages: await stores.pages.list(demo),
      kinds: await stores.kinds.list(demo),
    });
    const before = structuredClone(await everything());
    await clock.advance(60_000);
    await apply(planOf(clinic));
    expect(await everything()).toEqual(before);
  });

  test('a change of the file is a new version, and what it says no more of stays', async () => {
    await apply(planOf(clinic));
    await clock.advance(1000);
    const changed = clinic
      .replace('pattern: /chat, enabled: true', 'pattern: /chat, enabled: false')
      .replace('          - { pattern: /login, enabled: false }\n', '')
      .replace('        allowedOrigins: ["*"]\n', '')
      .replace(/ +apiKeys:.*\n/, '')
      .replace('bytes-of-text-and-some-more', 'bytes-of-quite-another-text');
    const applied = await apply(planOf(changed));
    expect(applied).toMatchObject({ ok: true });
    expect(await page(stores, '/chat')).toMatchObject({ version: 2, enabled: false });
    expect(await page(stores, '/login')).toMatchObject({ version: 1 });
    const record = await stores.tenancy.app('demo');
    expect(record).toMatchObject({ allowedOrigins: ['*'], updatedAt: clock.now(), createdAt: clock.now() - 1000 });
    expect(record?.signingSecrets).toHaveLength(1);
    expect((await stores.tenancy.apiKeys(demo, { limit: 9 })).items).toMatchObject([{ id: 'backend', managed: false }]);
  });

  test('an app that is being erased stays off until it is, whatever the file says of it', async () => {
    await apply(planOf(clinic));
    const found = await stores.tenancy.app(demo);
    if (found === undefined) throw new Error('it is not there');
    const { version, ...record } = found;
    await stores.tenancy.putApp({ ...record, managed: false, disabled: true, erasingSince: 7 }, version);
    await apply(planOf(clinic.replace('name: Demo', 'name: Again')));
    expect(await stores.tenancy.app(demo)).toMatchObject({ name: 'Again', disabled: true, erasingSince: 7 });
  });

  test('without a file, or with another one, all of it is given back and works on', async () => {
    await apply(planOf(clinic));
    expect(await apply(emptyPlan)).toMatchObject({ ok: true, warnings: [] });
    expect((await stores.tenancy.tenants({ limit: 9 })).items).toMatchObject([{ id: 'clinic', managed: false }]);
    expect(await stores.tenancy.app('demo')).toMatchObject({ managed: false });
    expect((await stores.tenancy.apiKeys(demo, { limit: 9 })).items).toMatchObject([{ managed: false }]);
    expect(await stores.providers.list(demo)).toMatchObject([{ id: 'hook', managed: false }]);
  });

  test('keys that change their ids or swap them end as the file says', async () => {
    const [a, b] = ['bk_a_0123456789abcdef0123456789abcdef', 'bk_b_0123456789abcdef0123456789abcdef'];
    const file = (keys: string) =>
      planOf(`tenants: [{ id: t, apps: [{ key: demo, jwksUrl: "https://l.example/j", apiKeys: [${keys}] }] }]`);
    const ids = async () => {
      const bus = new TestBusHub().connect('n');
      const keys = createApiKeys({ store: stores.tenancy, bus, clock });
      return [(await keys.authenticate(a))?.keyId, (await keys.authenticate(b))?.keyId];
    };
    const key = (id: string, secret: string) => `{ id: ${id}, secret: ${secret}, scopes: ["*"] }`;
    await apply(file(`${key('one', a)}, ${key('two', b)}`));
    await apply(file(`${key('one', b)}, ${key('two', a)}`));
    expect(await ids()).toEqual(['two', 'one']);
    await apply(file(key('three', a)));
    expect(await ids()).toEqual(['three', 'one']);
  });

  test("nothing is written when a provider is wrong, an app is another tenant's, or a key is another app's", async () => {
    await apply(planOf(clinic));
    await apply(emptyPlan);
    const before = structuredClone((await stores.tenancy.apps({ limit: 9 })).items);
    const wrong = planOf(`
tenants:
  - id: other
    apps:
      - key: demo
        jwksUrl: https://l.example/j
        pages: [{ pattern: /new, enabled: true }]
        providers: [{ id: a, plugin: webhook }, { id: b, plugin: nowhere }, { id: c, plugin: text }]
      - key: second
        jwksUrl: https://l.example/j
        apiKeys: [{ id: k, secret: bk_backend_0123456789abcdef0123456789abcdef, scopes: ["*"] }]
`);
    const applied = await apply(wrong);
    expect(applied.ok ? [] : applied.problems.map(({ path }) => path)).toEqual([
      'tenants[0].apps[0].providers[0].config.url',
      'tenants[0].apps[0].providers[1].plugin',
      'tenants[0].apps[0].providers[2].plugin',
      'tenants[0].apps[0].key',
      'tenants[0].apps[1].apiKeys[0].secret',
    ]);
    expect((await stores.tenancy.apps({ limit: 9 })).items).toEqual(before);
    expect(await page(stores, '/new')).toBeUndefined();
  });

  test('a provider whose plugin is broken is a warning, and the rest is done', async () => {
    const applied = await apply(planOf(clinic.replace('plugin: webhook', 'plugin: broken')));
    expect(applied).toMatchObject({
      ok: true,
      warnings: [{ path: 'tenants[0].apps[0].providers[0].plugin', reason: expect.stringContaining('it throws') }],
    });
    expect(host.configured).toEqual([]);
    expect(await stores.pages.list(demo)).toHaveLength(2);
  });
});

async function page({ pages }: MemoryStores, pattern: string) {
  return (await pages.list(demo)).find((policy) => policy.pattern === pattern);
}
