// What every driver of presence must do.

import { afterEach, describe, expect, test, vi } from 'vitest';
import type { PresenceDriver } from '../../src/ports/presence.ts';
import { newApp, sampleConnection } from '../support/samples.ts';

export interface PresenceUnderTest {
  connect(node: string): Promise<PresenceDriver>;
  /** Ends a node as kill -9 does, and lets its lease run out. */
  kill(node: string): Promise<void>;
  dispose(): Promise<void>;
}

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
        expect(await node.all(app)).toEqual([record]);
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

    test('what other nodes have is told without what this one has', async () => {
      const { n1, n2 } = await start();
      const app = newApp();
      const [mine, theirs] = [sampleConnection({ node: 'n1' }), sampleConnection({ node: 'n2' })];
      const bobs = sampleConnection({ node: 'n2', userId: 'bob' });
      await n1.join(app, mine);
      expect(await n1.elsewhere(app, undefined)).toEqual([]);
      expect(await n2.elsewhere(app, ['alice'])).toEqual([mine]);
      await n2.join(app, theirs);
      await n2.join(app, bobs);
      expect(await n1.elsewhere(app, ['alice', 'carol'])).toEqual([theirs]);
      expect(new Set(await n1.elsewhere(app, undefined))).toEqual(new Set([theirs, bobs]));
      await n1.leave(app, mine.connectionId);
      expect(await n2.elsewhere(app, undefined)).toEqual([]);
    });

    test('a change is seen everywhere and leaves the rest; what was handed out before stays as it was', async () => {
      const { n1, n2 } = await start();
      const app = newApp();
      const record = sampleConnection({ node: 'n1' });
      await n1.join(app, record);
      const before = await n2.byId(app, record.connectionId);
      const change = { page: '/admin', pattern: '/admin', features: ['presence'], visible: false };
      await n1.change(app, record.connectionId, change);
      expect(await n2.byId(app, record.connectionId)).toEqual({ ...record, ...change });
      expect((await n2.ofUsers(app, ['alice'])).get('alice')).toEqual([{ ...record, ...change }]);
      expect(await n2.all(app)).toEqual([{ ...record, ...change }]);
      expect(before).toEqual(record);
    });

    test('who leaves is gone, and a user without a connection is not in the map', async () => {
      const { n1, n2 } = await start();
      const app = newApp();
      const [first, second] = [sampleConnection({ node: 'n1' }), sampleConnection({ node: 'n1' })];
      await n1.join(app, first);
      await n1.join(app, second);
      await n1.leave(app, first.connectionId);
      expect((await n2.ofUsers(app, ['alice'])).get('alice')).toEqual([second]);
      await n1.leave(app, second.connectionId);
      expect((await n2.ofUsers(app, ['alice'])).has('alice')).toBe(false);
      expect(await n2.all(app)).toEqual([]);
      expect(await n2.byId(app, first.connectionId)).toBeUndefined();
    });

    test('changing or leaving an unknown connection does nothing', async () => {
      const { n1 } = await start();
      const app = newApp();
      const record = sampleConnection({ node: 'n1' });
      await n1.join(app, record);
      await n1.change(app, 'unknown', { visible: false });
      await n1.leave(app, 'unknown');
      expect(await n1.all(app)).toEqual([record]);
      await n1.leave(app, record.connectionId);
      await n1.change(app, record.connectionId, { visible: true });
      expect(await n1.all(app)).toEqual([]);
    });

    test('apps do not see each other, not even under one connection id', async () => {
      const { n1 } = await start();
      const [app, other] = [newApp(), newApp()];
      const record = sampleConnection({ node: 'n1' });
      await n1.join(app, record);
      expect(await n1.byId(other, record.connectionId)).toBeUndefined();
      expect(await n1.all(other)).toEqual([]);
      expect((await n1.ofUsers(other, ['alice'])).size).toBe(0);
      await n1.change(other, record.connectionId, { visible: false });
      await n1.leave(other, record.connectionId);
      expect(await n1.all(app)).toEqual([record]);
    });

    test('the records of a node that was killed vanish, those of the others stay', async () => {
      const { n1, n2, directory } = await start();
      const app = newApp();
      const [lost, kept] = [sampleConnection({ node: 'n1' }), sampleConnection({ node: 'n2' })];
      await n1.join(app, lost);
      await n2.join(app, kept);
      await directory.kill('n1');
      await vi.waitFor(async () => expect(await n2.all(app)).toEqual([kept]), { timeout: 10_000, interval: 5 });
      expect((await n2.ofUsers(app, ['alice'])).get('alice')).toEqual([kept]);
      expect(await n2.byId(app, lost.connectionId)).toBeUndefined();
    });

    test('a node that closes takes its records along', async () => {
      const { n1, n2 } = await start();
      const app = newApp();
      await n1.join(app, sampleConnection({ node: 'n1' }));
      await n1.close();
      await n1.close();
      await vi.waitFor(async () => expect(await n2.all(app)).toEqual([]), { timeout: 10_000, interval: 5 });
    });
  });
}
