import { beforeEach, describe, expect, test } from 'vitest';
import { TestBusHub } from '../../test/support/test-bus.ts';
import { createMemoryStores, type MemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import { asAppId } from '../ports/app-id.ts';
import { createVirtualClock, type VirtualClock } from '../../test/support/virtual-clock.ts';
import { createApiKeys, type ApiKeys } from './api-keys.ts';
import { hasScope } from './scopes.ts';

const demo = asAppId('demo');
let clock: VirtualClock;
let hub: TestBusHub;
let stores: MemoryStores;
let keys: ApiKeys;

async function node(name: string): Promise<ApiKeys> {
  const bus = hub.connect(name);
  return createApiKeys({ store: stores.tenancy, bus, clock });
}

beforeEach(async () => {
  clock = createVirtualClock();
  hub = new TestBusHub({ clock });
  stores = createMemoryStores();
  keys = await node('n1');
});

test('a key that was made opens what its scopes say', async () => {
  const { key, record } = await keys.create(demo, { id: 'backend', scopes: ['messages:write'] });
  expect(key).toMatch(/^bk_backend_[0-9a-f]{48}$/);
  expect(await keys.list(demo)).toEqual([{ ...record, version: 1 }]);
  expect(await keys.authenticate(key)).toEqual({ app: demo, keyId: 'backend', scopes: ['messages:write'] });
});

test('neither the key nor most of it is kept', async () => {
  const { key, record } = await keys.create(demo, { id: 'backend', scopes: ['*'] });
  expect(JSON.stringify(record)).not.toContain(key.slice(16));
  expect(record.hint).toBe(key.slice(0, 'bk_backend_'.length + 4));
});

test('a key that is given is taken as it is', async () => {
  const secret = 'bk_backend_0123456789abcdef0123456789abcdef';
  expect((await keys.create(demo, { id: 'other', scopes: ['*'], secret })).key).toBe(secret);
  expect(await keys.authenticate(secret)).toMatchObject({ keyId: 'other' });
});

test.each(['', 'bk_', 'bk_backend_wrong', 'Bearer x', `bk_${'x'.repeat(10_000)}`])('%.20s is nobody', async (key) => {
  await keys.create(demo, { id: 'backend', scopes: ['*'] });
  expect(await keys.authenticate(key)).toBeUndefined();
});

test('a key is refused from the moment it runs out', async () => {
  const { key } = await keys.create(demo, { id: 'short', scopes: ['*'], expiresAt: clock.now() + 1000 });
  expect(await keys.authenticate(key)).toBeDefined();
  await clock.advance(1000);
  expect(await keys.authenticate(key)).toBeUndefined();
});

test('a key that is replaced or removed is refused at once, on other nodes too', async () => {
  const there = await node('n2');
  const { key: first } = await keys.create(demo, { id: 'backend', scopes: ['*'] });
  expect(await there.authenticate(first)).toBeDefined();
  const { key: second } = await keys.create(demo, { id: 'backend', scopes: ['*'] });
  await clock.advance(0);
  expect([await keys.authenticate(first), await there.authenticate(first)]).toEqual([undefined, undefined]);
  expect(await there.authenticate(second)).toBeDefined();
  expect(await keys.remove(demo, 'backend')).toBe(true);
  await clock.advance(0);
  expect([await keys.authenticate(second), await there.authenticate(second)]).toEqual([undefined, undefined]);
  expect(await keys.remove(demo, 'backend')).toBe(false);
});

test('a removal that the bus lost counts within 5 s', async () => {
  const there = await node('n2');
  const { key } = await keys.create(demo, { id: 'backend', scopes: ['*'] });
  expect(await there.authenticate(key)).toBeDefined();
  hub.down();
  await keys.remove(demo, 'backend');
  await clock.advance(5000);
  expect(await there.authenticate(key)).toBeUndefined();
});

describe('scopes', () => {
  test.each([
    [['*'], 'messages:write', true],
    [['messages:*'], 'messages:read', true],
    [['messages:write'], 'messages:write', true],
    [['messages:write'], 'messages:read', false],
    [['messages:read'], 'messages:write', false],
    [['messages:*'], 'message:read', false],
    [['users:*', 'pages:read'], 'pages:write', false],
    [[], 'pages:read', false],
  ])('%j for %s: %s', (scopes, needed, allowed) => {
    expect(hasScope(scopes, needed)).toBe(allowed);
  });
});

test('callers of a key that took over have the name of the one before it', async () => {
  const { key: old } = await keys.create(demo, { id: 'backend', scopes: ['messages:write'] });
  const { key, record } = await keys.rotate(demo, 'backend', { overlapMs: 60_000 });
  const caller = { app: demo, keyId: 'backend', scopes: ['messages:write'] };
  expect([await keys.authenticate(old), await keys.authenticate(key)]).toEqual([caller, caller]);
  expect(key).toMatch(/^bk_backend_/);
  await clock.advance(60_000);
  expect(await keys.authenticate(old)).toBeUndefined();
  // The next rotation takes away what is over.
  await keys.rotate(demo, record.id, { overlapMs: 0 });
  expect((await keys.list(demo)).map(({ of }) => of)).toEqual(['backend']);
});

test('a key that ends already, and one that is not there, cannot be rotated', async () => {
  await keys.create(demo, { id: 'backend', scopes: ['*'] });
  await keys.rotate(demo, 'backend', { overlapMs: 60_000 });
  await expect(keys.rotate(demo, 'backend', { overlapMs: 0 })).rejects.toMatchObject({ code: 'conflict' });
  await expect(keys.rotate(demo, 'none', { overlapMs: 0 })).rejects.toMatchObject({ code: 'not_found' });
});

test('when a key was used, and from where, is written once a minute', async () => {
  const { key } = await keys.create(demo, { id: 'backend', scopes: ['*'] });
  const used = async (): Promise<unknown[]> => {
    await clock.advance(0);
    const [record] = await keys.list(demo);
    return [record?.lastUsedAt, record?.lastAddress];
  };
  const first = clock.now();
  await keys.authenticate(key, '10.0.0.9');
  expect(await used()).toEqual([first, '10.0.0.9']);
  await clock.advance(59_000);
  await keys.authenticate(key, '10.0.0.10');
  expect(await used()).toEqual([first, '10.0.0.9']);
  await clock.advance(1000);
  await keys.authenticate(key, '10.0.0.10');
  expect(await used()).toEqual([clock.now(), '10.0.0.10']);
});

test('the use of a key that is taken back meanwhile does not bring it back', async () => {
  const { key } = await keys.create(demo, { id: 'backend', scopes: ['*'] });
  await Promise.all([keys.authenticate(key), keys.remove(demo, 'backend')]);
  await clock.advance(0);
  expect(await keys.list(demo)).toEqual([]);
});
