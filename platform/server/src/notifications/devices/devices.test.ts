import { beforeEach, describe, expect, it } from 'vitest';
import { RecordedFacts } from '../../../test/support/recorded-facts.ts';
import { asAppId } from '../../ports/app-id.ts';
import type { DeviceStore } from '../../ports/stores/index.ts';
import { createMemoryStores } from '../../drivers/stores/memory/create-memory-stores.ts';
import { RecordedLog } from '../../sessions/test/sessions.fixture.ts';
import { hashTarget } from './check-target.ts';
import { createDevices, type Devices } from './devices.ts';

const app = asAppId('demo');
const draft = { userId: 'bob', provider: 'hook', target: { id: 'phone-1' }, deviceType: 'mobile' as const };

describe('devices', () => {
  let devices: Devices;
  let facts: RecordedFacts;
  let signedOutAt: [string, number][];
  let store: DeviceStore;
  let log: RecordedLog;
  let nowMs = 0;
  beforeEach(() => {
    facts = new RecordedFacts();
    signedOutAt = [];
    nowMs = 0;
    store = createMemoryStores().devices;
    log = new RecordedLog();
    devices = createDevices({
      facts,
      log,
      limits: { devicesPerUser: 2, deviceTargetBytes: 100 },
      store,
      renewals: { credentialOf: (_app, { id }) => `renew ${id}` },
      users: { get: async () => new Map(signedOutAt.map(([userId, at]) => [userId, { userId, signedOutAt: at }])) },
      clock: { now: () => nowMs, monotonic: () => 0, after: () => ({ cancel: () => undefined }) },
      provider: async (_app, id) =>
        id === 'hook' || id === 'secret'
          ? {
              targetsAreSecret: id === 'secret',
              parseTarget: (target) =>
                typeof target === 'object' && target !== null && 'id' in target
                  ? { ok: true, value: target }
                  : { ok: false, path: ['id'], detail: 'id is needed' },
            }
          : undefined,
    });
  });

  it('are registered once however often a target is, and do not give the target out', async () => {
    const first = await devices.register(app, { ...draft, locale: 'zh-CN', timeZone: 'Asia/Shanghai' });
    const again = await devices.register(app, draft);
    expect(again.deviceId).toBe(first.deviceId);
    expect(first).toMatchObject({ userId: 'bob', locale: 'zh-CN', timeZone: 'Asia/Shanghai' });
    expect(first).not.toHaveProperty('target');
    expect(await devices.list(app, 'bob')).toHaveLength(1);
  });

  it('count as registered after the sign-out also where the wall clock was set back since', async () => {
    signedOutAt.push(['bob', 5000]);
    const { deviceId } = await devices.register(app, draft);
    expect((await store.get(app, deviceId))?.updatedAt).toBe(5001);
  });

  it.each([
    ['secret', 'user', 'moves'],
    ['secret', 'backEnd', 'moves'],
    ['hook', 'user', 'stays'],
    ['hook', undefined, 'stays'],
    ['hook', 'backEnd', 'moves'],
  ] as const)('with a target of the provider %s that another user has, registered by %s: it %s', async (...row) => {
    const [provider, by, outcome] = row;
    const { deviceId } = await devices.register(app, { ...draft, provider });
    facts.taken();
    const device = { atMs: 0, deviceId, provider, userId: 'bob' };
    const taking = devices.register(app, { ...draft, provider, userId: 'carol', deviceType: 'tablet' }, by);
    if (outcome === 'stays') {
      await expect(taking).rejects.toMatchObject({ code: 'conflict', path: ['target'] });
      expect(await devices.list(app, 'carol')).toEqual([]);
      expect(await devices.list(app, 'bob')).toMatchObject([{ deviceId, deviceType: 'mobile' }]);
      expect(facts.taken()).toEqual([{ type: 'device.claimed', ...device, by: 'carol' }]);
      expect(log.lines).toMatchObject([
        { level: 'info', msg: 'push target refused', fields: { ownerId: 'bob', userId: 'carol', deviceId } },
      ]);
      return;
    }
    expect(await taking).toMatchObject({ deviceId, userId: 'carol' });
    expect(await devices.list(app, 'bob')).toEqual([]);
    expect(await devices.list(app, 'carol')).toHaveLength(1);
    await expect(devices.get(app, deviceId, 'bob')).rejects.toMatchObject({ code: 'not_found' });
    expect(facts.taken()).toMatchObject([
      { type: 'device.gone', ...device, because: 'moved' },
      { type: 'device.registered', ...device, userId: 'carol', isNew: false },
    ]);
    expect(log.lines).toMatchObject([
      { level: 'info', msg: 'push target moved', fields: { formerUserId: 'bob', userId: 'carol', deviceId } },
    ]);
    expect(JSON.stringify(log.lines)).not.toContain('phone-1');
  });

  it('of one user stay that user’s, whatever the targets of the provider are', async () => {
    for (const provider of ['secret', 'hook']) {
      const { deviceId } = await devices.register(app, { ...draft, provider });
      expect(await devices.register(app, { ...draft, provider })).toMatchObject({ deviceId });
    }
    expect(log.lines).toEqual([]);
  });

  it('are of one app: the same target in another app is nobody’s there', async () => {
    await devices.register(app, draft);
    expect(await devices.register(asAppId('other'), { ...draft, userId: 'carol' })).toMatchObject({ userId: 'carol' });
  });

  it('are refused for a provider that the app has not, a target it does not take, or a zone that is none', async () => {
    await expect(devices.register(app, { ...draft, provider: 'nope' })).rejects.toMatchObject({
      code: 'unknown_provider',
    });
    await expect(devices.register(app, { ...draft, target: {} })).rejects.toMatchObject({
      code: 'invalid_target',
      path: ['target', 'id'],
    });
    await expect(devices.register(app, { ...draft, timeZone: 'Mars/Olympus' })).rejects.toMatchObject({
      code: 'invalid_body',
      path: ['timeZone'],
    });
  });

  it('are facts when they are registered, registered again, and removed, and not when that fails', async () => {
    const { deviceId } = await devices.register(app, draft);
    const device = { atMs: 0, deviceId, userId: 'bob', provider: 'hook' };
    const registered = { type: 'device.registered', ...device, deviceType: draft.deviceType };
    expect(facts.taken()).toEqual([{ ...registered, isNew: true }]);
    await devices.register(app, { ...draft, userId: 'carol' }, 'backEnd');
    expect(facts.taken()).toEqual([
      { type: 'device.gone', ...device, because: 'moved' },
      { ...registered, userId: 'carol', isNew: false },
    ]);
    await expect(devices.register(app, { ...draft, target: {} })).rejects.toThrow();
    await expect(devices.remove(app, deviceId, 'mallory')).rejects.toThrow();
    expect(facts.taken()).toEqual([]);
    await devices.remove(app, deviceId, 'carol');
    expect(facts.taken()).toEqual([{ type: 'device.gone', ...device, userId: 'carol', because: 'removed' }]);
  });

  it('above the most that a user may have take the place of the one that was registered longest ago', async () => {
    const of = (id: string, userId = 'bob') => devices.register(app, { ...draft, userId, target: { id } });
    const [one, two] = [await of('1'), await of('2')];
    nowMs = 1;
    await of('1');
    facts.taken();
    const three = await of('3');
    expect((await devices.list(app, 'bob')).map(({ deviceId }) => deviceId)).toEqual([one.deviceId, three.deviceId]);
    expect(facts.taken()).toMatchObject([
      { type: 'device.registered' },
      { type: 'device.gone', deviceId: two.deviceId, userId: 'bob', because: 'replaced' },
    ]);
    // One that moves here counts as well.
    await of('4', 'carol');
    await devices.register(app, { ...draft, target: { id: '4' } }, 'backEnd');
    expect(await devices.list(app, 'bob')).toHaveLength(2);
  });

  it('are refused with a target that is too large', async () => {
    await expect(devices.register(app, { ...draft, target: { id: 'x'.repeat(100) } })).rejects.toMatchObject({
      code: 'too_large',
      path: ['target'],
    });
  });

  it("are not found by who they don't belong to", async () => {
    const { deviceId } = await devices.register(app, draft);
    await expect(devices.get(app, deviceId, 'mallory')).rejects.toMatchObject({ code: 'not_found' });
    await expect(devices.remove(app, deviceId, 'mallory')).rejects.toMatchObject({ code: 'not_found' });
    await devices.remove(app, deviceId, 'bob');
    await expect(devices.get(app, deviceId)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the hash of a target', () => {
  it('depends on provider and content, not on the order of members', () => {
    expect(hashTarget('a', { x: 1, y: { p: 1, q: [1] } })).toBe(hashTarget('a', { y: { q: [1], p: 1 }, x: 1 }));
    expect(hashTarget('a', { x: 1 })).not.toBe(hashTarget('b', { x: 1 }));
    expect(hashTarget('a', { x: [1, 2] })).not.toBe(hashTarget('a', { x: [2, 1] }));
  });
});
