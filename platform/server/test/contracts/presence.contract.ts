// The contract of presence: each driver must keep it.

import { afterEach, describe, expect, test, vi } from 'vitest';
import type { AppId } from '../../src/ports/app-id.ts';
import type { PresenceDriver, PresenceRange } from '../../src/ports/presence.ts';
import { newApp, sampleConnection } from '../support/samples.ts';

export interface PresenceUnderTest {
  connect(node: string): Promise<PresenceDriver>;
  /** Ends a node as kill -9 does, and lets its lease run out. */
  kill(node: string): Promise<void>;
  /** The directory loses all it has, and goes on. */
  loseEverything(): Promise<void>;
  dispose(): Promise<void>;
}

const noConnections = { connections: 0, elsewhere: 0, users: 0, byDeviceType: {}, byPattern: {} };

const everyone = (node: PresenceDriver, app: AppId) => node.page(app, { limit: 100 });

export function presenceContract(name: string, create: () => Promise<PresenceUnderTest>): void {
  describe(`presence: ${name}`, () => {
    let made: { directory: PresenceUnderTest; nodes: PresenceDriver[] }[] = [];
    const start = async (): Promise<{ n1: PresenceDriver; n2: PresenceDriver; directory: PresenceUnderTest }> => {
      const directory = await create();
      const [n1, n2] = [await directory.connect('n1'), await directory.connect('n2')];
      made.push({ directory, nodes: [n1, n2] });
      return { n1, n2, directory };
    };
    afterEach(async () => {
      for (const { directory, nodes } of made) {
        for (const node of nodes) await node.close();
        await directory.dispose();
      }
      made = [];
    });

    test('a record is readable from every node when join resolves', async () => {
      const { n1, n2 } = await start();
      const app = newApp();
      const record = sampleConnection({ node: 'n1' });
      await n1.join(app, record);
      for (const node of [n1, n2]) {
        expect(await node.byId(app, record.connectionId)).toEqual(record);
        expect(await everyone(node, app)).toEqual([record]);
        expect([...(await node.ofUsers(app, ['alice', 'bob'])).entries()]).toEqual([['alice', [record]]]);
      }
    });

    test('a user with several connections on several nodes has them all', async () => {
      const { n1, n2 } = await start();
      const app = newApp();
      const [first, second] = [
        sampleConnection({ node: 'n1' }),
        sampleConnection({ node: 'n2', deviceType: 'mobile' }),
      ];
      await n1.join(app, first);
      await n2.join(app, second);
      const found = (await n1.ofUsers(app, ['alice'])).get('alice');
      expect(new Set(found?.map(({ connectionId }) => connectionId))).toEqual(
        new Set([first.connectionId, second.connectionId]),
      );
    });

    test('the connections of some users on other nodes are given without those of this node', async () => {
      const { n1, n2 } = await start();
      const app = newApp();
      const [mine, theirs] = [sampleConnection({ node: 'n1' }), sampleConnection({ node: 'n2' })];
      const bobs = sampleConnection({ node: 'n2', userId: 'bob' });
      await n1.join(app, mine);
      expect(await n1.elsewhere(app, ['alice'])).toEqual([]);
      expect(await n2.elsewhere(app, ['alice'])).toEqual([mine]);
      await n2.join(app, theirs);
      await n2.join(app, bobs);
      expect(await n1.elsewhere(app, ['alice', 'carol'])).toEqual([theirs]);
      expect(new Set(await n1.elsewhere(app, ['alice', 'bob']))).toEqual(new Set([theirs, bobs]));
      await n1.leave(app, mine.connectionId);
      expect(await n2.elsewhere(app, ['alice', 'bob'])).toEqual([]);
    });

    test('the nodes with connections of some users are given once each', async () => {
      const { n1, n2 } = await start();
      const app = newApp();
      for (const node of [n1, n1]) await node.join(app, sampleConnection({ node: 'n1' }));
      const bobs = sampleConnection({ node: 'n2', userId: 'bob' });
      await n2.join(app, bobs);
      expect(await n1.nodesOf(app, ['alice', 'nobody'])).toEqual(['n1']);
      expect((await n2.nodesOf(app, ['alice', 'bob'])).toSorted()).toEqual(['n1', 'n2']);
      await n2.leave(app, bobs.connectionId);
      expect(await n1.nodesOf(app, ['bob'])).toEqual([]);
      expect(await n1.nodesOf(newApp(), ['alice'])).toEqual([]);
    });

    test('connections are counted as they come, change and go', async () => {
      const { n1, n2, directory } = await start();
      const app = newApp();
      expect(await n1.count(app)).toEqual(noConnections);
      const phone = sampleConnection({ node: 'n1', deviceType: 'mobile' });
      const visitor = sampleConnection({ node: 'n2', userId: 'visitor:018f0000-0000-7000-8000-000000000001' });
      await n1.join(app, sampleConnection({ node: 'n1' }));
      await n1.join(app, phone);
      await n2.join(app, visitor);
      const { pattern } = visitor;
      const counts = { connections: 3, users: 1, byDeviceType: { desktop: 2, mobile: 1 }, byPattern: { [pattern]: 3 } };
      expect(await n1.count(app)).toEqual({ ...counts, elsewhere: 1 });
      expect(await n2.count(app)).toEqual({ ...counts, elsewhere: 2 });
      await n1.change(app, phone.connectionId, { page: '/admin', pattern: '/admin' });
      await n1.join(app, { ...phone, pattern: '/admin' });
      expect((await n1.count(app)).byPattern).toEqual({ [pattern]: 2, '/admin': 1 });
      await n2.leave(app, visitor.connectionId);
      expect(await n2.count(app)).toMatchObject({
        connections: 2,
        elsewhere: 2,
        users: 1,
        byDeviceType: { desktop: 1 },
      });
      expect(await n1.count(newApp())).toEqual(noConnections);
      await directory.kill('n1');
      const gone = async () => expect(await n2.count(app)).toEqual(noConnections);
      await vi.waitFor(gone, { timeout: 10_000, interval: 5 });
    });

    test('pages are in the order of ids, and what comes and goes between two moves no other record', async () => {
      const { n1, n2 } = await start();
      const app = newApp();
      const ids = ['1', '2', '3', '4', '5', '6'].map((n) => `018f0000-0000-7000-8000-00000000000${n}`);
      const [first, second, third, fourth, fifth, last] = ids.map((connectionId) => sampleConnection({ connectionId }));
      for (const record of [fifth, second, fourth, third]) if (record !== undefined) await n1.join(app, record);
      expect(await n2.page(app, { limit: 2 })).toEqual([second, third]);
      if (first === undefined || second === undefined || last === undefined) throw new Error('six were made');
      await n2.join(app, first);
      await n2.join(app, last);
      await n1.leave(app, second.connectionId);
      expect(await n2.page(app, { after: third?.connectionId, limit: 2 })).toEqual([fourth, fifth]);
      expect(await n1.page(app, { after: fifth?.connectionId, limit: 2 })).toEqual([last]);
      expect(await n1.page(app, { after: last.connectionId, limit: 2 })).toEqual([]);
      expect(await n1.page(app, { limit: 2, elsewhere: true })).toEqual([first, last]);
      expect(await n2.page(app, { limit: 2, elsewhere: true })).toEqual([third, fourth]);
    });

    test('who is shown in a topic is found by it, in pages in the order of ids, until they are shown no more', async () => {
      const { n1, n2, directory } = await start();
      const app = newApp();
      const ids = ['1', '2', '3', '4'].map((n) => `018f0000-0000-7000-8000-00000000000${n}`);
      const [first, second, third, last] = ids.map((connectionId) =>
        sampleConnection({ connectionId, topics: ['ward-7', 'a.b:c@d_e'] }),
      );
      if (!first || !second || !third || !last) throw new Error('four were made');
      const shown = (node: PresenceDriver, range: Partial<PresenceRange> = {}, topic = 'ward-7') =>
        node.ofTopic(app, topic, { limit: 10, ...range });
      for (const record of [third, first]) await n1.join(app, record);
      for (const record of [last, second]) await n2.join(app, record);
      await n1.join(app, sampleConnection({}));
      expect(await shown(n1)).toEqual([first, second, third, last]);
      expect(await shown(n2, { limit: 2 }, 'a.b:c@d_e')).toEqual([first, second]);
      expect(await shown(n2, { limit: 2, after: second.connectionId })).toEqual([third, last]);
      expect(await shown(n1, {}, 'ward')).toEqual([]);
      expect(await n1.ofTopic(newApp(), 'ward-7', { limit: 10 })).toEqual([]);

      await n1.change(app, first.connectionId, { visible: false });
      await n1.change(app, third.connectionId, { topics: ['other'] });
      await n2.leave(app, second.connectionId);
      expect((await shown(n2)).map(({ connectionId }) => connectionId)).toEqual([ids[0], ids[3]]);
      expect(await shown(n2, {}, 'other')).toEqual([{ ...third, topics: ['other'] }]);
      await n1.change(app, third.connectionId, { topics: [] });
      expect(await shown(n2, {}, 'other')).toEqual([]);
      await n1.change(app, third.connectionId, { topics: ['ward-7'] });
      await directory.kill('n2');
      const isGone = async () =>
        expect((await shown(n1)).map(({ connectionId }) => connectionId)).toEqual([ids[0], ids[2]]);
      await vi.waitFor(isGone, { timeout: 10_000, interval: 5 });
    });

    test('a directory that has lost everything gets back what each node has then', async () => {
      const { n1, n2, directory } = await start();
      const app = newApp();
      const kept = sampleConnection({ node: 'n1', topics: ['ward-7'] });
      const gone = sampleConnection({ node: 'n1', topics: ['ward-7'] });
      const bobs = sampleConnection({ node: 'n2', userId: 'bob' });
      const has = new Set([kept, gone]);
      await n1.connect({ own: () => [...has].map((record) => ({ app, record })) });
      await n2.connect({ own: () => [{ app, record: bobs }] });
      for (const record of has) await n1.join(app, record);
      await n2.join(app, bobs);
      has.delete(gone);
      await directory.loseEverything();
      const isBack = async () => {
        expect((await n2.ofUsers(app, ['alice'])).get('alice')).toEqual([kept]);
        expect((await n1.ofUsers(app, ['bob'])).get('bob')).toEqual([bobs]);
        expect(await n2.ofTopic(app, 'ward-7', { limit: 5 })).toEqual([kept]);
        expect(await n1.count(app)).toMatchObject({ connections: 2, elsewhere: 1 });
      };
      await vi.waitFor(isBack, { timeout: 10_000, interval: 5 });
      // They are owned as before.
      await n1.leave(app, kept.connectionId);
      await directory.kill('n2');
      const isEmpty = async () => expect(await n1.count(app)).toEqual(noConnections);
      await vi.waitFor(isEmpty, { timeout: 10_000, interval: 5 });
    });

    test('a change is seen everywhere and leaves the rest; what was handed out before stays as it was', async () => {
      const { n1, n2 } = await start();
      const app = newApp();
      const record = sampleConnection({ node: 'n1' });
      await n1.join(app, record);
      const before = await n2.byId(app, record.connectionId);
      const change = { page: '/admin', pattern: '/admin', features: ['presence'], visible: false, attended: false };
      await n1.change(app, record.connectionId, change);
      expect(await n2.byId(app, record.connectionId)).toEqual({ ...record, ...change });
      expect((await n2.ofUsers(app, ['alice'])).get('alice')).toEqual([{ ...record, ...change }]);
      expect(await everyone(n2, app)).toEqual([{ ...record, ...change }]);
      expect(before).toEqual(record);
    });

    test('a connection that leaves is gone, and a user without a connection is not in the map', async () => {
      const { n1, n2 } = await start();
      const app = newApp();
      const [first, second] = [sampleConnection({ node: 'n1' }), sampleConnection({ node: 'n1' })];
      await n1.join(app, first);
      await n1.join(app, second);
      await n1.leave(app, first.connectionId);
      expect((await n2.ofUsers(app, ['alice'])).get('alice')).toEqual([second]);
      await n1.leave(app, second.connectionId);
      expect((await n2.ofUsers(app, ['alice'])).has('alice')).toBe(false);
      expect(await everyone(n2, app)).toEqual([]);
      expect(await n2.byId(app, first.connectionId)).toBeUndefined();
    });

    test('changing or leaving an unknown connection does nothing', async () => {
      const { n1 } = await start();
      const app = newApp();
      const record = sampleConnection({ node: 'n1' });
      await n1.join(app, record);
      await n1.change(app, 'unknown', { visible: false });
      await n1.leave(app, 'unknown');
      expect(await everyone(n1, app)).toEqual([record]);
      await n1.leave(app, record.connectionId);
      await n1.change(app, record.connectionId, { visible: true });
      expect(await everyone(n1, app)).toEqual([]);
    });

    test('apps do not see each other, not even under one connection id', async () => {
      const { n1 } = await start();
      const [app, other] = [newApp(), newApp()];
      const record = sampleConnection({ node: 'n1' });
      await n1.join(app, record);
      expect(await n1.byId(other, record.connectionId)).toBeUndefined();
      expect(await everyone(n1, other)).toEqual([]);
      expect((await n1.ofUsers(other, ['alice'])).size).toBe(0);
      await n1.change(other, record.connectionId, { visible: false });
      await n1.leave(other, record.connectionId);
      expect(await everyone(n1, app)).toEqual([record]);
    });

    test('the records of a node that was killed vanish, those of the others stay', async () => {
      const { n1, n2, directory } = await start();
      const app = newApp();
      const [lost, kept] = [sampleConnection({ node: 'n1' }), sampleConnection({ node: 'n2' })];
      await n1.join(app, lost);
      await n2.join(app, kept);
      await directory.kill('n1');
      await vi.waitFor(async () => expect(await everyone(n2, app)).toEqual([kept]), { timeout: 10_000, interval: 5 });
      expect((await n2.ofUsers(app, ['alice'])).get('alice')).toEqual([kept]);
      expect(await n2.byId(app, lost.connectionId)).toBeUndefined();
    });

    test('the other nodes are told that a node is gone, when its records are', async () => {
      const { n1, n2, directory } = await start();
      const app = newApp();
      let seen: Promise<readonly unknown[]> | undefined;
      await n2.connect({ own: () => [], nodeGone: () => void (seen ??= everyone(n2, app)) });
      await n1.join(app, sampleConnection());
      await directory.kill('n1');
      // Whoever reads meanwhile may be the first to find out.
      const isTold = async () => {
        await n2.ofUsers(app, ['alice']);
        expect(seen).toBeDefined();
      };
      await vi.waitFor(isTold, { timeout: 10_000, interval: 5 });
      expect(await seen).toEqual([]);
    });

    test('a node is told when readers see its records again, which the directory had lost', async () => {
      const { n1, n2, directory } = await start();
      const app = newApp();
      const record = sampleConnection({ node: 'n1' });
      let seen: Promise<readonly unknown[]> | undefined;
      await n1.connect({
        own: () => [{ app, record }],
        seenAgain: () => void (seen ??= everyone(n2, app)),
      });
      await n1.join(app, record);
      expect(seen).toBeUndefined();
      await directory.loseEverything();
      await vi.waitFor(() => expect(seen).toBeDefined(), { timeout: 10_000, interval: 5 });
      expect(await seen).toEqual([record]);
    });

    test('of a node that was killed, another is told once of each user who was there', async () => {
      const { n1, n2, directory } = await start();
      const [app, other] = [newApp(), newApp()];
      const names = new Map([
        [app, 'app'],
        [other, 'other'],
      ]);
      const told: string[] = [];
      await n2.connect({
        own: () => [],
        lost(of, records) {
          // Nodes of other tests may have died there, too.
          const label = names.get(of);
          if (label !== undefined) told.push(...records.map(({ userId, node }) => `${label} ${userId} ${node}`));
        },
      });
      for (const userId of ['alice', 'alice', 'bob']) await n1.join(app, sampleConnection({ node: 'n1', userId }));
      await n1.join(other, sampleConnection({ node: 'n1', userId: 'alice' }));
      await n2.join(app, sampleConnection({ node: 'n2', userId: 'carol' }));
      await directory.kill('n1');
      await vi.waitFor(() => expect(told).toHaveLength(3), { timeout: 10_000, interval: 5 });
      expect(told.toSorted()).toEqual(['app alice n1', 'app bob n1', 'other alice n1']);
      expect((await n2.ofUsers(app, ['alice', 'bob'])).size).toBe(0);
    });

    test('a node that closes takes its records along', async () => {
      const { n1, n2 } = await start();
      const app = newApp();
      await n1.join(app, sampleConnection({ node: 'n1' }));
      await n1.close();
      await n1.close();
      await vi.waitFor(async () => expect(await everyone(n2, app)).toEqual([]), { timeout: 10_000, interval: 5 });
    });
  });
}
