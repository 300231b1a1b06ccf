// The contract of user profiles and of push targets: each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { Stores } from '../../../src/ports/stores/index.ts';
import { newApp, sampleDevice } from '../../support/samples.ts';

export function usersContract(stores: () => Stores): void {
  describe('users', () => {
    test('a merge changes what is given and keeps the rest', async () => {
      const app = newApp();
      await stores().users.merge(app, [{ userId: 'alice', name: 'Alice', roles: ['doctor'] }, { userId: 'bob' }]);
      await stores().users.merge(app, [{ userId: 'alice', avatar: 'a.png' }]);
      const users = await stores().users.get(app, ['alice', 'bob', 'none']);
      expect(users.get('alice')).toEqual({ userId: 'alice', name: 'Alice', avatar: 'a.png', roles: ['doctor'] });
      expect(users.get('bob')).toEqual({ userId: 'bob' });
      expect(users.has('none')).toBe(false);
    });

    test('the sign-out mark and the last time seen only grow', async () => {
      const app = newApp();
      await stores().users.merge(app, [{ userId: 'alice', signedOutAt: 50, lastSeenAt: 10 }]);
      await stores().users.merge(app, [{ userId: 'alice', signedOutAt: 40, lastSeenAt: 20 }]);
      await stores().users.merge(app, [{ userId: 'alice', name: 'Alice' }]);
      expect((await stores().users.get(app, ['alice'])).get('alice')).toEqual({
        userId: 'alice',
        name: 'Alice',
        signedOutAt: 50,
        lastSeenAt: 20,
      });
    });
  });

  describe('devices', () => {
    test('a device is read back whole, with and without locale and time zone', async () => {
      const app = newApp();
      const plain = sampleDevice();
      const full = sampleDevice({ targetHash: 'h2', locale: 'de-AT', timeZone: 'Europe/Vienna', deviceType: 'tablet' });
      for (const device of [plain, full]) expect(await stores().devices.register(app, device)).toEqual(device);
      expect(await stores().devices.get(app, plain.id)).toEqual(plain);
      expect(await stores().devices.get(app, full.id)).toEqual(full);
    });

    test('the same target again is the same device, with what was said last', async () => {
      const app = newApp();
      const first = sampleDevice({ locale: 'de', createdAt: 1 });
      await stores().devices.register(app, first);
      const again = sampleDevice({ createdAt: 9, updatedAt: 9, timeZone: 'UTC' });
      expect(await stores().devices.register(app, again)).toEqual({ ...again, id: first.id, createdAt: 1 });
      expect(await stores().devices.get(app, again.id)).toBeUndefined();
    });

    test('a device is given another target under its id, but for one that another device has', async () => {
      const app = newApp();
      const [mine, other] = [sampleDevice(), sampleDevice({ userId: 'bob', targetHash: 'hash-other' })];
      for (const device of [mine, other]) await stores().devices.register(app, device);
      const change = { target: { token: 'new' }, targetHash: 'hash-new', updatedAt: 5000 };
      expect(await stores().devices.retarget(app, mine.id, change)).toEqual({ ...mine, ...change });
      expect(await stores().devices.get(app, mine.id)).toEqual({ ...mine, ...change });
      // It may be said again.
      expect(await stores().devices.retarget(app, mine.id, change)).toEqual({ ...mine, ...change });
      const taken = { ...change, targetHash: other.targetHash };
      expect(await stores().devices.retarget(app, mine.id, taken)).toBeUndefined();
      expect(await stores().devices.retarget(app, 'unknown', change)).toBeUndefined();
      expect(await stores().devices.get(app, other.id)).toEqual(other);
      expect((await stores().devices.register(app, sampleDevice({ targetHash: 'hash-new' }))).id).toBe(mine.id);
    });

    test('a target that another user registers moves to that user', async () => {
      const app = newApp();
      await stores().devices.register(app, sampleDevice({ userId: 'alice' }));
      await stores().devices.register(app, sampleDevice({ userId: 'bob' }));
      const devices = await stores().devices.ofUsers(app, ['alice', 'bob']);
      expect(devices.has('alice')).toBe(false);
      expect(devices.get('bob')).toHaveLength(1);
    });

    test('a target that moves says whose it was, and is stored without that', async () => {
      const app = newApp();
      const { id, createdAt } = await stores().devices.register(app, sampleDevice({ userId: 'alice' }));
      const moved = sampleDevice({ userId: 'bob', locale: 'de' });
      const stored = { ...moved, id, createdAt };
      expect(await stores().devices.register(app, moved)).toEqual({ ...stored, formerUserId: 'alice' });
      expect(await stores().devices.get(app, id)).toEqual(stored);
      expect(await stores().devices.register(app, moved)).toEqual(stored);
    });

    test('a target that keeps its owner is the owner’s as it was, and anybody’s who registers it first', async () => {
      const app = newApp();
      const options = { keepsOwner: true };
      const first = await stores().devices.register(app, sampleDevice({ userId: 'alice' }), options);
      expect(await stores().devices.register(app, sampleDevice({ userId: 'bob', locale: 'de' }), options)).toEqual(
        first,
      );
      expect(await stores().devices.get(app, first.id)).toEqual(first);
      const own = sampleDevice({ userId: 'alice', locale: 'fr' });
      expect(await stores().devices.register(app, own, options)).toEqual({
        ...own,
        id: first.id,
        createdAt: first.createdAt,
      });
      const userIds = Array.from({ length: 10 }, (_, i) => `u${i}`);
      const answers = await Promise.all(
        userIds.map((userId) => stores().devices.register(app, sampleDevice({ userId, targetHash: 'h9' }), options)),
      );
      expect(new Set(answers.map(({ userId, id }) => `${userId} ${id}`)).size).toBe(1);
    });

    test('a target that two users register at once belongs to one of them', async () => {
      const app = newApp();
      const userIds = Array.from({ length: 10 }, (_, i) => `u${i}`);
      await Promise.all(userIds.map((userId) => stores().devices.register(app, sampleDevice({ userId }))));
      const devices = await stores().devices.ofUsers(app, userIds);
      expect([...devices.values()].flat()).toHaveLength(1);
    });

    test('devices are listed by user, in the order they were made', async () => {
      const app = newApp();
      for (const [id, createdAt] of [
        ['d3', 30],
        ['d1', 10],
        ['d2b', 20],
        ['d2a', 20],
      ] as const) {
        await stores().devices.register(app, sampleDevice({ id, createdAt, targetHash: `h-${id}` }));
      }
      const devices = await stores().devices.ofUsers(app, ['alice', 'nobody']);
      expect(devices.get('alice')?.map(({ id }) => id)).toEqual(['d1', 'd2a', 'd2b', 'd3']);
      expect(devices.has('nobody')).toBe(false);
      expect(await stores().devices.remove(app, 'd1')).toBe(true);
      expect(await stores().devices.remove(app, 'd1')).toBe(false);
    });
  });
}
