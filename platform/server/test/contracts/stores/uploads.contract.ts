// The contract of the store of uploads: each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { AppId } from '../../../src/ports/app-id.ts';
import type { Stores } from '../../../src/ports/stores/index.ts';
import { newApp } from '../../support/samples.ts';

export function uploadsContract(stores: () => Stores): void {
  const arrived = {
    userId: 'alice',
    name: '报告.pdf',
    type: 'application/pdf',
    bytes: 40,
    digest: 'ab12',
    quotaBytes: 100,
    unusedPerUser: 50,
  };
  const arrive = async (app: AppId, id: string, createdAt = 1000): Promise<string> => {
    await stores().uploads.begin(app, { id, createdAt });
    return await stores().uploads.complete(app, id, arrived);
  };
  const idle = (app: AppId, before: number, limit = 10): Promise<readonly string[]> =>
    stores().uploads.claimIdle(app, { arrivingBeforeMs: before, unusedBeforeMs: before, limit });
  const use = (app: AppId, messageId: string, ...uploadIds: string[]): Promise<boolean> =>
    stores().uploads.setUses(app, messageId, { uploadIds, streams: ['c:c1'], at: 2000 });

  describe('uploads', () => {
    test('an upload that arrives is not there, and does not count, before it is complete', async () => {
      const app = newApp();
      await stores().uploads.begin(app, { id: 'u1', createdAt: 1000 });
      expect(await stores().uploads.get(app, 'u1')).toBeUndefined();
      expect(await use(app, 'm1', 'u1')).toBe(false);
      expect(await stores().uploads.claim(app, 'u1', { evenIfUsed: true })).toBe('missing');
      expect(await stores().uploads.usage(app)).toEqual({ count: 0, bytes: 0 });
      expect(await stores().uploads.complete(app, 'u1', arrived)).toBe('stored');
      const { quotaBytes: _, unusedPerUser: _most, ...kept } = arrived;
      expect(await stores().uploads.get(app, 'u1')).toEqual({
        id: 'u1',
        ...kept,
        createdAt: 1000,
        unusedSince: 1000,
      });
      expect(await stores().uploads.usage(app)).toEqual({ count: 1, bytes: 40 });
      expect(await stores().uploads.complete(app, 'u1', arrived)).toBe('gone');
    });

    test('of many that are completed at once no more are stored than the quota holds', async () => {
      const app = newApp();
      const ended = await Promise.all(Array.from({ length: 10 }, (_, n) => arrive(app, `u${n}`)));
      expect(ended.filter((end) => end === 'stored')).toHaveLength(2);
      expect(ended.filter((end) => end === 'quota')).toHaveLength(8);
      expect(await stores().uploads.usage(app)).toEqual({ count: 2, bytes: 80 });
    });

    test('of one user no more are stored than may be unused; those that a message uses do not count', async () => {
      const app = newApp();
      const of = async (userId: string, id: string) => {
        await stores().uploads.begin(app, { id, createdAt: 1000 });
        return await stores().uploads.complete(app, id, { ...arrived, userId, bytes: 1, unusedPerUser: 2 });
      };
      expect([await of('alice', 'u1'), await of('alice', 'u2'), await of('alice', 'u3')]).toEqual([
        'stored',
        'stored',
        'unused',
      ]);
      expect(await of('bob', 'u4')).toBe('stored');
      expect(await use(app, 'm1', 'u1')).toBe(true);
      expect(await of('alice', 'u5')).toBe('stored');
      expect(await stores().uploads.claim(app, 'u2', { evenIfUsed: false })).toBe('claimed');
      expect([await of('alice', 'u6'), await of('alice', 'u7')]).toEqual(['stored', 'unused']);
    });

    test('an upload that is forgotten frees its bytes; one that never arrived has none', async () => {
      const app = newApp();
      await arrive(app, 'u1');
      await stores().uploads.begin(app, { id: 'u2', createdAt: 1000 });
      await stores().uploads.forget(app, ['u1', 'u2', 'u3']);
      await stores().uploads.forget(app, ['u1']);
      expect(await stores().uploads.usage(app)).toEqual({ count: 0, bytes: 0 });
      expect(await stores().uploads.get(app, 'u1')).toBeUndefined();
    });

    test('an upload that a message uses is not idle, whatever its age, and is refused to a claim', async () => {
      const app = newApp();
      await arrive(app, 'u1');
      expect(await use(app, 'm1', 'u1')).toBe(true);
      expect((await stores().uploads.get(app, 'u1'))?.unusedSince).toBeUndefined();
      expect(await idle(app, 1_000_000)).toEqual([]);
      expect(await stores().uploads.claim(app, 'u1', { evenIfUsed: false })).toBe('used');
      expect(await stores().uploads.claim(app, 'u1', { evenIfUsed: true })).toBe('claimed');
      expect(await stores().uploads.get(app, 'u1')).toBeUndefined();
    });

    test('an upload that was claimed can be used no more, and is found again until it is forgotten', async () => {
      const app = newApp();
      await arrive(app, 'u1', 1000);
      await arrive(app, 'u2', 5000);
      await stores().uploads.begin(app, { id: 'u3', createdAt: 900 });
      expect(await idle(app, 3000)).toEqual(['u3', 'u1']);
      expect(await use(app, 'm1', 'u1')).toBe(false);
      expect(await stores().uploads.complete(app, 'u3', arrived)).toBe('gone');
      expect(await idle(app, 0)).toEqual(['u3', 'u1']);
      expect(await idle(app, 0, 1)).toEqual(['u3']);
      await stores().uploads.forget(app, ['u3', 'u1']);
      expect(await idle(app, 3000)).toEqual([]);
      expect(await stores().uploads.get(app, 'u2')).toBeDefined();
    });

    test('a message that uses others, or none, lets go of those it used; the last one that does makes it idle', async () => {
      const app = newApp();
      await arrive(app, 'u1');
      await arrive(app, 'u2');
      await use(app, 'm1', 'u1');
      await use(app, 'm2', 'u1');
      expect(await stores().uploads.setUses(app, 'm1', { uploadIds: ['u2'], streams: ['c:c1'], at: 3000 })).toBe(true);
      expect((await stores().uploads.get(app, 'u1'))?.unusedSince).toBeUndefined();
      expect(await stores().uploads.setUses(app, 'm2', { uploadIds: [], streams: [], at: 4000 })).toBe(true);
      expect((await stores().uploads.get(app, 'u1'))?.unusedSince).toBe(4000);
      expect(await idle(app, 9000)).toEqual(['u1']);
    });

    test('uses of which one is not there change nothing', async () => {
      const app = newApp();
      await arrive(app, 'u1');
      expect(await use(app, 'm1', 'u1', 'nope')).toBe(false);
      expect((await stores().uploads.get(app, 'u1'))?.unusedSince).toBe(1000);
      expect(await stores().uploads.streams(app, 'u1', 'alice')).toEqual([]);
    });

    test('an upload has the streams of the messages that use it: conversations, and of inboxes the one asked for', async () => {
      const app = newApp();
      await arrive(app, 'u1');
      await stores().uploads.setUses(app, 'm1', { uploadIds: ['u1'], streams: ['c:c1', 'c:c2'], at: 1 });
      await stores().uploads.setUses(app, 'm2', { uploadIds: ['u1'], streams: ['c:c1', 'i:bob', 'i:carol'], at: 1 });
      expect((await stores().uploads.streams(app, 'u1', 'bob')).toSorted()).toEqual(['c:c1', 'c:c2', 'i:bob']);
      expect((await stores().uploads.streams(app, 'u1', 'eve')).toSorted()).toEqual(['c:c1', 'c:c2']);
    });

    test('old uses are dropped in portions, and what then has none is idle from that moment', async () => {
      const app = newApp();
      await arrive(app, 'u1');
      await stores().uploads.setUses(app, 'm1', { uploadIds: ['u1'], streams: ['c:c1', 'i:bob'], at: 2000 });
      const drop = (beforeMs: number) => stores().uploads.dropUses(app, { beforeMs, nowMs: 8000, limit: 1 });
      expect(await drop(2000)).toBe(0);
      expect(await drop(2001)).toBe(1);
      expect((await stores().uploads.get(app, 'u1'))?.unusedSince).toBeUndefined();
      expect(await drop(2001)).toBe(1);
      expect((await stores().uploads.get(app, 'u1'))?.unusedSince).toBe(8000);
    });

    test('of many of one user that are completed at once no more are stored than may be unused', async () => {
      const app = newApp();
      const ended = await Promise.all(
        Array.from({ length: 6 }, async (_, n) => {
          await stores().uploads.begin(app, { id: `u${n}`, createdAt: 1000 });
          return stores().uploads.complete(app, `u${n}`, { ...arrived, bytes: 1, unusedPerUser: 2 });
        }),
      );
      const stored = ended.filter((end) => end === 'stored').length;
      expect(stored).toBeLessThanOrEqual(2);
      expect(ended.filter((end) => end === 'unused')).toHaveLength(6 - stored);
      expect(await stores().uploads.usage(app)).toEqual({ count: stored, bytes: stored });
    });

    test('messages that begin and end to use an upload at once leave it used by those that are left', async () => {
      const app = newApp();
      await arrive(app, 'u1');
      const messages = Array.from({ length: 8 }, (_, n) => `m${n}`);
      const none = { uploadIds: [], streams: [], at: 3000 };
      for (let round = 0; round < 4; round += 1) {
        const isLast = round === 3;
        await Promise.all([
          use(app, 'stays', ...(isLast ? [] : ['u1'])),
          ...messages.map(async (id) => {
            expect(await use(app, id, 'u1')).toBe(true);
            expect(await stores().uploads.setUses(app, id, none)).toBe(true);
          }),
        ]);
        const { unusedSince } = (await stores().uploads.get(app, 'u1')) ?? {};
        expect(unusedSince === undefined).toBe(!isLast);
        expect(await stores().uploads.streams(app, 'u1', 'alice')).toEqual(isLast ? [] : ['c:c1']);
      }
    });

    test('of a claim and a use that meet exactly one succeeds', async () => {
      const app = newApp();
      const ids = Array.from({ length: 10 }, (_, n) => `u${n}`);
      for (const id of ids) {
        await stores().uploads.begin(app, { id, createdAt: 1000 });
        await stores().uploads.complete(app, id, { ...arrived, bytes: 1 });
      }
      for (const id of ids) {
        const [claim, isUsed] = await Promise.all([
          stores().uploads.claim(app, id, { evenIfUsed: false }),
          use(app, `m of ${id}`, id),
        ]);
        expect([claim, isUsed]).toEqual(isUsed ? ['used', true] : ['claimed', false]);
        expect(await stores().uploads.streams(app, id, 'alice')).toEqual(isUsed ? ['c:c1'] : []);
      }
    });
  });
}
