import { beforeEach, expect, test } from 'vitest';
import { TestBusHub } from '../../test/support/test-bus.ts';
import { createMemoryStores, type MemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import { asAppId } from '../ports/app-id.ts';
import type { AppRecord } from '../ports/stores/tenancy.ts';
import { createVirtualClock, type VirtualClock } from '../../test/support/virtual-clock.ts';
import { defaultAppLimits, defaultSettings } from './app-defaults.ts';
import { createApps, type Apps } from './apps.ts';

const demo = asAppId('demo');
const record: AppRecord = {
  app: demo,
  tenantId: 'clinic',
  name: 'Demo',
  disabled: false,
  allowedOrigins: [],
  signingSecrets: [],
  settings: defaultSettings,
  limits: defaultAppLimits,
  managed: false,
  createdAt: 0,
  updatedAt: 0,
};

let clock: VirtualClock;
let hub: TestBusHub;
let stores: MemoryStores;
let asked: string[];

beforeEach(() => {
  clock = createVirtualClock();
  hub = new TestBusHub({ clock });
  stores = createMemoryStores();
  asked = [];
});

async function node(name: string): Promise<Apps> {
  const bus = hub.connect(name);
  const { tenancy } = stores;
  const app = (key: string) => {
    asked.push(key);
    return tenancy.app(key);
  };
  return createApps({ store: { ...tenancy, app }, bus, clock });
}

test('an app is found by its key, one that is not there is not', async () => {
  const apps = await node('n1');
  await apps.put(record, 0);
  expect(await apps.find('demo')).toEqual({ ...record, version: 1 });
  expect(await apps.get(demo)).toEqual({ ...record, version: 1 });
  expect(await apps.list('clinic')).toEqual([{ ...record, version: 1 }]);
  expect(await apps.find('gone')).toBeUndefined();
  await expect(apps.get(asAppId('gone'))).rejects.toMatchObject({ code: 'not_found' });
});

test('the store is asked once for many look-ups, of what is there and of what is not', async () => {
  const apps = await node('n1');
  await apps.put(record, 0);
  await Promise.all([apps.find('demo'), apps.find('demo'), apps.find('gone')]);
  await Promise.all([apps.find('demo'), apps.find('gone')]);
  expect(asked).toEqual(['demo', 'gone']);
});

test('a text that can be no key is not asked for', async () => {
  const apps = await node('n1');
  for (const key of ['', 'a b', '../demo', 'x'.repeat(65), '__proto__\0']) expect(await apps.find(key)).toBeUndefined();
  expect(asked).toEqual([]);
});

test('a change is seen at once where it was made and where the bus brings it', async () => {
  const [here, there] = [await node('n1'), await node('n2')];
  await here.put(record, 0);
  await there.find('demo');
  const reported: string[] = [];
  there.onChange((app) => reported.push(app));
  await here.put({ ...record, disabled: true }, 1);
  await clock.advance(0);
  expect(await here.find('demo')).toMatchObject({ disabled: true });
  expect(await there.find('demo')).toMatchObject({ disabled: true });
  expect(reported).toEqual(['demo']);
});

test('a change that the bus lost is seen within 5 s, and a new app within one', async () => {
  const [here, there] = [await node('n1'), await node('n2')];
  expect(await there.find('demo')).toBeUndefined();
  hub.down();
  await here.put(record, 0);
  await clock.advance(1000);
  expect(await there.find('demo')).toEqual({ ...record, version: 1 });
  await here.put({ ...record, disabled: true }, 1);
  await clock.advance(5000);
  expect(await there.find('demo')).toMatchObject({ disabled: true });
});

test('an unchanged app stays the same object when it is read again', async () => {
  const apps = await node('n1');
  await apps.put(record, 0);
  const before = await apps.find('demo');
  await clock.advance(5000);
  expect(await apps.find('demo')).toBe(before);
  expect(asked).toHaveLength(2);
});

test('a store that is away is not remembered as "there is none"', async () => {
  const apps = await node('n1');
  await apps.put(record, 0);
  stores.fail('tenancy.app');
  await expect(apps.find('demo')).rejects.toMatchObject({ code: 'unavailable' });
  stores.fail(undefined);
  expect(await apps.find('demo')).toEqual({ ...record, version: 1 });
});

test('of two changes that were made from one reading the second is refused', async () => {
  const [here, there] = [await node('n1'), await node('n2')];
  await here.put(record, 0);
  await here.put({ ...record, name: 'first' }, 1);
  await expect(there.put({ ...record, name: 'second' }, 1)).rejects.toMatchObject({ code: 'conflict' });
  expect(await there.find('demo')).toMatchObject({ name: 'first', version: 2 });
});

test('more apps than a page holds are listed', async () => {
  const apps = await node('n1');
  const names = Array.from({ length: 1001 }, (_, i) => `app-${String(i).padStart(4, '0')}`);
  await Promise.all(names.map((app) => stores.tenancy.putApp({ ...record, app: asAppId(app) }, 0)));
  expect((await apps.list('clinic')).map(({ app }) => app)).toEqual(names);
});
