import { beforeEach, describe, expect, it } from 'vitest';
import { RecordedFacts } from '../../../test/support/recorded-facts.ts';
import { asAppId } from '../../ports/app-id.ts';
import type { Device, DeviceStore } from '../../ports/stores/index.ts';
import { createDevices, hashTarget, type Devices } from './devices.ts';

const app = asAppId('demo');
const draft = { userId: 'bob', provider: 'hook', target: { id: 'phone-1' }, deviceType: 'mobile' as const };

function memoryStore(): DeviceStore {
  let devices: Device[] = [];
  return {
    async register(_app, device) {
      const old = devices.find(({ targetHash }) => targetHash === device.targetHash);
      const stored = old === undefined ? device : { ...device, id: old.id, createdAt: old.createdAt };
      devices = [...devices.filter((each) => each !== old), stored];
      return stored;
    },
    get: async (_app, id) => devices.find((device) => device.id === id),
    ofUsers: async (_app, userIds) =>
      new Map(userIds.map((userId) => [userId, devices.filter((device) => device.userId === userId)])),
    async remove(_app, id) {
      const before = devices.length;
      devices = devices.filter((device) => device.id !== id);
      return devices.length < before;
    },
  };
}

describe('devices', () => {
  let devices: Devices;
  let facts: RecordedFacts;
  let signedOutAt: [string, number][];
  let store: DeviceStore;
  beforeEach(() => {
    facts = new RecordedFacts();
    signedOutAt = [];
    store = memoryStore();
    devices = createDevices({
      facts,
      store,
      users: { get: async () => new Map(signedOutAt.map(([userId, at]) => [userId, { userId, signedOutAt: at }])) },
      clock: { now: () => 0, monotonic: () => 0, after: () => ({ cancel: () => undefined }) },
      provider: async (_app, id) =>
        id === 'hook'
          ? {
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

  it('move with their target to the user who registered it last', async () => {
    await devices.register(app, draft);
    await devices.register(app, { ...draft, userId: 'carol' });
    expect(await devices.list(app, 'bob')).toEqual([]);
    expect(await devices.list(app, 'carol')).toHaveLength(1);
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
    await devices.register(app, { ...draft, userId: 'carol' });
    expect(facts.taken()).toEqual([{ ...registered, userId: 'carol', isNew: false }]);
    await expect(devices.register(app, { ...draft, target: {} })).rejects.toThrow();
    await expect(devices.remove(app, deviceId, 'mallory')).rejects.toThrow();
    expect(facts.taken()).toEqual([]);
    await devices.remove(app, deviceId, 'carol');
    expect(facts.taken()).toEqual([{ type: 'device.gone', ...device, userId: 'carol', because: 'removed' }]);
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
