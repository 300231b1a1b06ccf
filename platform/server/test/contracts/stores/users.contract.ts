// The contract of user profiles and of push targets: each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { AppId } from '../../../src/ports/app-id.ts';
import type { Stores } from '../../../src/ports/stores/index.ts';
import { mostShown } from '../../../src/ports/stores/users.ts';
import { readAllPages } from '../../../src/ports/stores/page.ts';
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

    test('what the app sets of a user goes before what tokens say, which comes back when it is taken away', async () => {
      const app = newApp();
      const profile = async () => (await stores().users.get(app, ['alice'])).get('alice');
      await stores().users.merge(app, [{ userId: 'alice', name: 'Alice', avatar: 'token.png', lastSeenAt: 5 }]);
      const details = {
        name: 'Dr. Alice',
        locale: 'de',
        timeZone: 'Europe/Vienna',
        metadata: { plan: 'pro', seats: [1] },
      };
      expect(await stores().users.putDetails(app, 'alice', { details, ifVersion: 0 })).toBe(true);
      await stores().users.merge(app, [{ userId: 'alice', name: 'Alice Smith', lastSeenAt: 6 }]);
      const seen = { userId: 'alice', avatar: 'token.png', lastSeenAt: 6 };
      expect(await profile()).toEqual({ ...seen, name: 'Dr. Alice', details: { ...details, version: 1 } });
      expect(await stores().users.putDetails(app, 'alice', { details: {}, ifVersion: 1 })).toBe(true);
      expect(await profile()).toEqual({ ...seen, name: 'Alice Smith', details: { version: 2 } });
    });

    test('of several who set the details of one version at once exactly one is stored', async () => {
      const app = newApp();
      const put = (ifVersion: number) =>
        Array.from({ length: 5 }, (_, i) =>
          stores().users.putDetails(app, 'alice', { details: { name: `n${i}` }, ifVersion }),
        );
      expect((await Promise.all(put(0))).filter(Boolean)).toHaveLength(1);
      expect((await Promise.all(put(1))).filter(Boolean)).toHaveLength(1);
      expect((await Promise.all(put(1))).filter(Boolean)).toHaveLength(0);
      expect((await stores().users.get(app, ['alice'])).get('alice')?.details?.version).toBe(2);
    });

    test('users are listed by id, page by page, and by the beginnings of the words of id and name', async () => {
      const app = newApp();
      await stores().users.merge(app, [
        { userId: 'auth0|77', name: 'Ann Smith' },
        { userId: 'smith.b@example.com', name: 'Bob' },
        { userId: 'carol', name: 'Élise Smithers-Smith' },
        { userId: 'dave', name: '王小明' },
        { userId: 'smilla' },
      ]);
      const found = async (q?: string) => (await pagesOf(app, { q, limit: 2 })).map(({ userId }) => userId);
      expect(await found()).toEqual(['auth0|77', 'carol', 'dave', 'smilla', 'smith.b@example.com']);
      expect(await found('SMITH')).toEqual(['auth0|77', 'carol', 'smith.b@example.com']);
      expect(await found('smi')).toEqual(['smilla', 'auth0|77', 'carol', 'smith.b@example.com']);
      expect(await found('elise')).toEqual(['carol']);
      expect(await found('ann sm')).toEqual(['auth0|77']);
      expect(await found('小明')).toEqual(['dave']);
      expect(await found('77')).toEqual(['auth0|77']);
      expect(await found('@Example')).toEqual(['smith.b@example.com']);
      expect(await found('mith')).toEqual([]);
    });

    test('users are counted as they are listed and found, each once, no further than asked', async () => {
      const app = newApp();
      await stores().users.merge(app, [
        { userId: 'smith', name: 'Ann Smith-Smithers' },
        { userId: 'bob', name: 'Bob Smith' },
        { userId: 'carol' },
        // Nothing but a sign-out is known of them.
        { userId: 'smithy', signedOutAt: 5 },
      ]);
      const count = (q: string | undefined, most = 9) => stores().users.count(app, { q, most });
      expect([await count(undefined), await count(''), await count(undefined, 2)]).toEqual([3, 3, 2]);
      expect([await count('SMI'), await count('smi', 1), await count('nobody')]).toEqual([2, 1, 0]);
    });

    test('who has another name is found by it, and no longer by the one before', async () => {
      const app = newApp();
      const found = async (q: string) =>
        (await stores().users.list(app, { q, limit: 5 })).items.map(({ name }) => name);
      await stores().users.merge(app, [{ userId: 'u1', name: 'Miller' }]);
      await stores().users.putDetails(app, 'u1', { details: { name: 'Taylor' }, ifVersion: 0 });
      expect([await found('mill'), await found('tay')]).toEqual([[], ['Taylor']]);
      await stores().users.putDetails(app, 'u1', { details: {}, ifVersion: 1 });
      await stores().users.merge(app, [{ userId: 'u1', name: 'Moore' }]);
      expect([await found('mill'), await found('tay'), await found('moo')]).toEqual([[], [], ['Moore']]);
    });

    test('a user who is removed is not found any more, and stays signed out where that is kept', async () => {
      const app = newApp();
      const lists = async () => [
        (await stores().users.list(app, { limit: 5 })).items,
        (await stores().users.list(app, { q: 'ali', limit: 5 })).items,
      ];
      await stores().users.merge(app, [{ userId: 'alice', name: 'Alice', signedOutAt: 50 }, { userId: 'bob' }]);
      await stores().users.putDetails(app, 'alice', { details: { locale: 'de' }, ifVersion: 0 });
      expect(await stores().users.remove(app, 'alice', { keepSignOut: true })).toBe(true);
      expect((await stores().users.get(app, ['alice'])).get('alice')).toEqual({ userId: 'alice', signedOutAt: 50 });
      expect(await lists()).toEqual([[{ userId: 'bob' }], []]);
      // Who comes back is found again.
      await stores().users.merge(app, [{ userId: 'alice', lastSeenAt: 60 }]);
      expect((await lists())[1]).toEqual([{ userId: 'alice', lastSeenAt: 60, signedOutAt: 50 }]);
      expect(await stores().users.putDetails(app, 'alice', { details: {}, ifVersion: 0 })).toBe(true);
      expect(await stores().users.remove(app, 'alice', { keepSignOut: false })).toBe(true);
      expect(await stores().users.remove(app, 'alice', { keepSignOut: true })).toBe(false);
      expect(await stores().users.get(app, ['alice'])).toEqual(new Map());
      expect(await stores().users.remove(app, 'bob', { keepSignOut: true })).toBe(true);
      expect(await lists()).toEqual([[], []]);
    });

    test('of names, visits and sign-outs that meet, the name that stands is found and no stamp is lost', async () => {
      const app = newApp();
      const names = Array.from({ length: 8 }, (_, i) => `Name${i}`);
      await stores().users.merge(app, [{ userId: 'u1', name: 'Before' }]);
      await Promise.all([
        ...names.map((name) => stores().users.merge(app, [{ userId: 'u1', name }])),
        ...names.map((_, i) => stores().users.merge(app, [{ userId: 'u1', lastSeenAt: i, signedOutAt: 100 - i }])),
        stores().users.putDetails(app, 'u1', { details: { locale: 'de' }, ifVersion: 0 }),
      ]);
      const profile = (await stores().users.get(app, ['u1'])).get('u1');
      expect(profile).toMatchObject({ lastSeenAt: 7, signedOutAt: 100, details: { locale: 'de', version: 1 } });
      const found = async (q: string) => (await stores().users.list(app, { q, limit: 9 })).items;
      for (const name of names) expect(await found(name)).toEqual(name === profile?.name ? [profile] : []);
    });

    async function pagesOf(app: AppId, { q, limit }: { q: string | undefined; limit: number }) {
      return await readAllPages(({ after }) => stores().users.list(app, { q, after, limit }));
    }
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

    test('what a device was shown is kept by collapse key, the newest last and the oldest gone, until it is taken back', async () => {
      const app = newApp();
      const device = sampleDevice();
      await stores().devices.register(app, device);
      const shown = async () => (await stores().devices.get(app, device.id))?.shown;
      const remember = (collapseKey: string, messageId?: string) =>
        stores().devices.remember(app, device.id, { collapseKey, ...(messageId === undefined ? {} : { messageId }) });
      expect(await shown()).toBeUndefined();
      await remember('c1', 'm1');
      await remember('c2', 'm2');
      await remember('c1', 'm3');
      const both = [
        { collapseKey: 'c2', messageId: 'm2' },
        { collapseKey: 'c1', messageId: 'm3' },
      ];
      expect(await stores().devices.get(app, device.id)).toEqual({ ...device, shown: both });
      expect((await stores().devices.ofUsers(app, ['alice'])).get('alice')).toEqual([{ ...device, shown: both }]);
      await remember('c1');
      await remember('unknown');
      expect(await shown()).toEqual(both.slice(0, 1));
      await remember('c2');
      expect(await stores().devices.get(app, device.id)).toEqual(device);
      for (let key = 0; key < mostShown + 2; key += 1) await remember(`k${key}`, `m${key}`);
      expect(await shown()).toHaveLength(mostShown);
      expect((await shown())?.[0]).toEqual({ collapseKey: 'k2', messageId: 'm2' });
      await stores().devices.remember(app, 'none', { collapseKey: 'c1', messageId: 'm1' });
      expect(await stores().devices.get(app, 'none')).toBeUndefined();
    });

    test('what is remembered of one device at once is all kept', async () => {
      const app = newApp();
      const { id } = await stores().devices.register(app, sampleDevice());
      const keys = Array.from({ length: 8 }, (_, i) => `k${i}`);
      await Promise.all(keys.map((collapseKey) => stores().devices.remember(app, id, { collapseKey, messageId: 'm' })));
      const shown = (await stores().devices.get(app, id))?.shown ?? [];
      expect(shown.map(({ collapseKey }) => collapseKey).toSorted()).toEqual(keys);
    });

    test('what a device was shown stays with its owner, and is not the next one’s', async () => {
      const app = newApp();
      const { id } = await stores().devices.register(app, sampleDevice({ userId: 'alice' }));
      const shown = [{ collapseKey: 'c1', messageId: 'm1' }];
      await stores().devices.remember(app, id, { collapseKey: 'c1', messageId: 'm1' });
      expect(await stores().devices.register(app, sampleDevice({ userId: 'alice', locale: 'de' }))).toMatchObject({
        shown,
      });
      const change = { target: { token: 'new' }, targetHash: 'hash-new', updatedAt: 5000 };
      expect(await stores().devices.retarget(app, id, change)).toMatchObject({ shown });
      const moved = await stores().devices.register(app, sampleDevice({ userId: 'bob', targetHash: 'hash-new' }));
      expect(moved).toMatchObject({ id, formerUserId: 'alice' });
      expect(moved.shown).toBeUndefined();
      expect((await stores().devices.get(app, id))?.shown).toBeUndefined();
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
