// The contract of hooks, their ids and their deliveries: each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { HookDelivery, Stores } from '../../../src/ports/stores/index.ts';
import { newApp, sampleHook, sampleHookDelivery } from '../../support/samples.ts';

export function hooksContract(stores: () => Stores): void {
  describe('hooks', () => {
    test('a hook is put, changed, read, listed and removed; each version once', async () => {
      const app = newApp();
      expect(await stores().hooks.put(app, sampleHook({ version: 2 }))).toBe(false);
      expect(await stores().hooks.put(app, sampleHook())).toBe(true);
      expect(await stores().hooks.put(app, sampleHook({ mapping: 'lost' }))).toBe(false);
      const changed = sampleHook({
        version: 2,
        enabled: false,
        secrets: [{ secret: 's', createdAt: 1, expiresAt: 9 }],
      });
      expect(await stores().hooks.put(app, changed)).toBe(true);
      await stores().hooks.put(app, sampleHook({ id: 'a' }));
      expect(await stores().hooks.get(app, 'lab')).toEqual(changed);
      expect((await stores().hooks.list(app)).map(({ id }) => id)).toEqual(['a', 'lab']);
      expect(await stores().hooks.remove(app, 'lab')).toBe(true);
      expect(await stores().hooks.remove(app, 'lab')).toBe(false);
      expect(await stores().hooks.get(app, 'lab')).toBeUndefined();
      expect(await stores().hooks.put(app, sampleHook())).toBe(true);
    });

    test('of many that put one version at once exactly one does', async () => {
      const app = newApp();
      const puts = Array.from({ length: 10 }, () => stores().hooks.put(app, sampleHook()));
      expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
    });

    test('an id belongs to the first app that claims it, until that app lets it go', async () => {
      const [first, second] = [newApp(), newApp()];
      const id = `lab-${first}`;
      const claims = await Promise.all([
        stores().hookDirectory.claim(id, first),
        stores().hookDirectory.claim(id, second),
      ]);
      expect(new Set(claims).size).toBe(1);
      const [owner] = claims;
      const stranger = owner === first ? second : first;
      await stores().hookDirectory.release(id, stranger);
      expect(await stores().hookDirectory.appOf(id)).toBe(owner);
      await stores().hookDirectory.release(id, owner);
      expect(await stores().hookDirectory.appOf(id)).toBeUndefined();
      expect(await stores().hookDirectory.claim(id, stranger)).toBe(stranger);
    });
  });

  describe('hook deliveries', () => {
    const ids = (deliveries: readonly HookDelivery[]): string[] => deliveries.map(({ id }) => id);

    test('a delivery is kept whole and replaced whole', async () => {
      const app = newApp();
      const first = sampleHookDelivery({ outcome: 'refused', reason: { code: 'x', detail: 'y', path: ['a', 0] } });
      await stores().hookDeliveries.put(app, first);
      expect(await stores().hookDeliveries.get(app, 'lab', first.id)).toEqual(first);
      const { payload: _dropped, reason: _mended, ...rest } = first;
      const second: HookDelivery = { ...rest, outcome: 'accepted', broadcast: { id: 'b', recipients: 2 } };
      await stores().hookDeliveries.put(app, second);
      expect(await stores().hookDeliveries.get(app, 'lab', first.id)).toEqual(second);
      expect(await stores().hookDeliveries.get(app, 'other', first.id)).toBeUndefined();
    });

    test('a list is of one hook, newest first, in pages, by outcome when asked, and without payloads', async () => {
      const app = newApp();
      const put = (id: string, given: Partial<HookDelivery> = {}): Promise<void> =>
        stores().hookDeliveries.put(app, sampleHookDelivery({ id, ...given }));
      await put('3', { outcome: 'refused' });
      await put('1');
      await put('2');
      await put('9', { hookId: 'other' });
      const list = (...args: Parameters<Stores['hookDeliveries']['list']>) => stores().hookDeliveries.list(...args);
      expect(ids(await list(app, 'lab', { limit: 10 }))).toEqual(['3', '2', '1']);
      expect(ids(await list(app, 'lab', { limit: 1, before: '3' }))).toEqual(['2']);
      expect(ids(await list(app, 'lab', { limit: 10, outcome: 'refused' }))).toEqual(['3']);
      expect((await list(app, 'lab', { limit: 10 })).some((delivery) => 'payload' in delivery)).toBe(false);
    });

    test('trimming leaves the newest of an app, whichever hooks they are of', async () => {
      const app = newApp();
      for (const [id, hookId, receivedAt] of [
        ['d1', 'lab', 1],
        ['d2', 'other', 2],
        ['d3', 'lab', 3],
      ] as const) {
        await stores().hookDeliveries.put(app, sampleHookDelivery({ id, hookId, receivedAt }));
      }
      expect(await stores().hookDeliveries.trim(app, 1, 1)).toBe(1);
      expect(ids(await stores().hookDeliveries.list(app, 'lab', { limit: 9 }))).toEqual(['d3']);
      expect(await stores().hookDeliveries.trim(app, 1, 9)).toBe(1);
      expect(await stores().hookDeliveries.trim(app, 1, 9)).toBe(0);
      expect(ids(await stores().hookDeliveries.list(app, 'other', { limit: 9 }))).toEqual([]);
    });

    test('pruning takes the oldest first, at most so many, and removing takes a hook with all of its own', async () => {
      const app = newApp();
      for (const receivedAt of [3, 1, 2]) {
        await stores().hookDeliveries.put(app, sampleHookDelivery({ id: `d${receivedAt}`, receivedAt }));
      }
      await stores().hookDeliveries.put(app, sampleHookDelivery({ id: 'd9', hookId: 'other', receivedAt: 9 }));
      expect(await stores().hookDeliveries.prune(app, 3, 1)).toBe(1);
      expect(ids(await stores().hookDeliveries.list(app, 'lab', { limit: 9 }))).toEqual(['d3', 'd2']);
      expect(await stores().hookDeliveries.prune(app, 3, 9)).toBe(1);
      expect(await stores().hookDeliveries.removeOf(app, 'lab', 9)).toBe(1);
      expect(await stores().hookDeliveries.removeOf(app, 'lab', 9)).toBe(0);
      expect(ids(await stores().hookDeliveries.list(app, 'other', { limit: 9 }))).toEqual(['d9']);
    });
  });
}
