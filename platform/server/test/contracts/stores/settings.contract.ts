// The contract of page policies, kinds and provider configurations: each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { AppId } from '../../../src/ports/app-id.ts';
import type { ProviderRecord, Stores } from '../../../src/ports/stores/index.ts';
import { newApp, samplePage } from '../../support/samples.ts';

export function settingsContract(stores: () => Stores): void {
  describe('pages', () => {
    test('versions of a pattern are 1, 2, 3; any other number changes nothing', async () => {
      const app = newApp();
      expect(await stores().pages.put(app, samplePage('/chat', 2))).toBe(false);
      expect(await stores().pages.put(app, samplePage('/chat', 1))).toBe(true);
      expect(await stores().pages.put(app, samplePage('/chat', 1))).toBe(false);
      expect(await stores().pages.put(app, samplePage('/chat', 3))).toBe(false);
      expect(await stores().pages.put(app, samplePage('/chat', 2))).toBe(true);
      expect(await stores().pages.list(app)).toEqual([samplePage('/chat', 2).policy]);
    });

    test('of many that put one version at once exactly one does', async () => {
      const app = newApp();
      const puts = Array.from({ length: 10 }, () => stores().pages.put(app, samplePage('/chat', 1)));
      expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
    });

    test('a removed page is not listed, keeps its history, and comes back with the next version', async () => {
      const app = newApp();
      await stores().pages.put(app, samplePage('/a', 1));
      await stores().pages.put(app, samplePage('/b', 1));
      await stores().pages.put(app, samplePage('/a', 2, true));
      expect(await stores().pages.list(app)).toEqual([samplePage('/b', 1).policy]);
      expect(await stores().pages.put(app, samplePage('/a', 1))).toBe(false);
      expect(await stores().pages.put(app, samplePage('/a', 3))).toBe(true);
      expect((await stores().pages.list(app)).map(({ pattern }) => pattern)).toEqual(['/a', '/b']);
      expect(await stores().pages.history(app, '/a', { limit: 2 })).toEqual([
        samplePage('/a', 3),
        samplePage('/a', 2, true),
      ]);
      expect(await stores().pages.history(app, '/a', { beforeVersion: 2, limit: 5 })).toEqual([samplePage('/a', 1)]);
    });
  });

  describe('several pages', () => {
    const patterns = async (app: AppId) =>
      (await stores().pages.list(app)).map(({ pattern, version }) => `${pattern} ${version}`);

    test('are put all together, or none of them where one has another version by now', async () => {
      const app = newApp();
      await stores().pages.put(app, samplePage('/a', 1));
      expect(await stores().pages.putAll(app, [samplePage('/a', 2), samplePage('/b', 1)])).toBe(true);
      expect(await patterns(app)).toEqual(['/a 2', '/b 1']);
      expect(await stores().pages.putAll(app, [samplePage('/c', 1), samplePage('/a', 2)])).toBe(false);
      expect(await stores().pages.putAll(app, [samplePage('/b', 2), samplePage('/c', 2)])).toBe(false);
      expect(await patterns(app)).toEqual(['/a 2', '/b 1']);
      expect(await stores().pages.history(app, '/c', { limit: 9 })).toEqual([]);
      expect(await stores().pages.putAll(app, [samplePage('/a', 3, true), samplePage('/c', 1)])).toBe(true);
      expect(await patterns(app)).toEqual(['/b 1', '/c 1']);
      expect(await stores().pages.put(app, samplePage('/a', 4))).toBe(true);
      expect(await patterns(app)).toEqual(['/a 4', '/b 1', '/c 1']);
    });

    test('of many that are put at once exactly one is, and nobody reads a part of it', async () => {
      const app = newApp();
      const names = ['/a', '/b', '/c', '/d'];
      const looks = (async () => {
        const seen: number[] = [];
        while (seen.length < 50) seen.push((await stores().pages.list(app)).length);
        return seen;
      })();
      const all = names.map((name) => samplePage(name, 1));
      const puts = Array.from({ length: 6 }, () => stores().pages.putAll(app, all));
      expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
      expect((await looks).filter((length) => length !== 0 && length !== names.length)).toEqual([]);
    });

    test('keep what is to be kept of each', async () => {
      const app = newApp();
      const keep = { versions: 1, removed: 0 };
      await stores().pages.putAll(app, [samplePage('/a', 1), samplePage('/b', 1)], keep);
      await stores().pages.putAll(app, [samplePage('/a', 2), samplePage('/b', 2, true)], keep);
      expect(await stores().pages.history(app, '/a', { limit: 9 })).toEqual([samplePage('/a', 2)]);
      expect(await stores().pages.history(app, '/b', { limit: 9 })).toEqual([]);
    });
  });

  describe('the history of all pages', () => {
    test('has every version of every pattern, the newest first, with who, how and why', async () => {
      const app = newApp();
      const at = (pattern: string, version: number, second: number) => {
        const page = samplePage(pattern, version, pattern === '/b' && version === 2);
        return { ...page, policy: { ...page.policy, updatedAt: `2026-01-01T00:00:0${second}.000Z` } };
      };
      const noted = { ...at('/a', 2, 3), via: 'console' as const, note: 'maintenance' };
      const all = [at('/a', 1, 1), at('/b', 1, 1), at('/b', 2, 2)];
      for (const version of all) await stores().pages.put(app, version);
      await stores().pages.putAll(app, [noted]);
      const expected = [noted, at('/b', 2, 2), at('/b', 1, 1), at('/a', 1, 1)];
      expect(await stores().pages.historyOfAll(app, { limit: 9 })).toEqual(expected);
      const before = { at: '2026-01-01T00:00:02.000Z', pattern: '/b', version: 2 };
      expect(await stores().pages.historyOfAll(app, { before, limit: 1 })).toEqual(expected.slice(2, 3));
      expect(await stores().pages.historyOfAll(newApp(), { limit: 9 })).toEqual([]);
    });
  });

  describe('what is kept of pages', () => {
    test('is the newest versions of a pattern; the next one counts on', async () => {
      const app = newApp();
      const keep = { versions: 2, removed: 9 };
      for (const version of [1, 2, 3]) await stores().pages.put(app, samplePage('/a', version), keep);
      const history = await stores().pages.history(app, '/a', { limit: 9 });
      expect(history.map(({ policy }) => policy.version)).toEqual([3, 2]);
      expect(await stores().pages.put(app, samplePage('/a', 3), keep)).toBe(false);
      expect(await stores().pages.put(app, samplePage('/a', 4), keep)).toBe(true);
    });

    test('is, of those taken away, what went last; the others begin anew', async () => {
      const app = newApp();
      const keep = { versions: 9, removed: 1 };
      const gone = (pattern: string, second: number) => {
        const page = samplePage(pattern, 2, true);
        return { ...page, policy: { ...page.policy, updatedAt: `2026-01-01T00:00:0${second}.000Z` } };
      };
      for (const pattern of ['/a', '/b', '/c']) await stores().pages.put(app, samplePage(pattern, 1), keep);
      await stores().pages.put(app, gone('/b', 1), keep);
      await stores().pages.put(app, gone('/a', 2), keep);
      expect(await stores().pages.history(app, '/b', { limit: 9 })).toEqual([]);
      expect(await stores().pages.history(app, '/a', { limit: 9 })).toHaveLength(2);
      expect((await stores().pages.list(app)).map(({ pattern }) => pattern)).toEqual(['/c']);
      expect(await stores().pages.put(app, samplePage('/b', 1), keep)).toBe(true);
    });
  });

  describe('kinds', () => {
    test('a kind is put, put anew, listed and removed', async () => {
      const app = newApp();
      const kind = {
        kind: 'lab_result',
        action: 'lab_result',
        audience: 'conversation' as const,
        durable: 'inbox' as const,
        policy: { push: 'undelivered' as const },
      };
      expect(await stores().kinds.put(app, kind, 0)).toBe(true);
      expect(await stores().kinds.put(app, { ...kind, action: 'lab' }, 1)).toBe(true);
      expect(await stores().kinds.list(app)).toEqual([{ ...kind, action: 'lab', version: 2 }]);
      expect(await stores().kinds.remove(app, 'lab_result')).toBe(true);
      expect(await stores().kinds.remove(app, 'lab_result')).toBe(false);
      expect(await stores().kinds.list(app)).toEqual([]);
    });
  });

  describe('providers', () => {
    test('a configuration is put, put anew, read, listed and removed', async () => {
      const app = newApp();
      const record: ProviderRecord = {
        id: 'hook',
        plugin: 'webhook',
        config: { url: 'https://example.com', secret: 'sealed' },
        enabled: true,
        managed: false,
        updatedAt: 5,
      };
      expect(await stores().providers.put(app, record, 0)).toBe(true);
      expect(await stores().providers.put(app, { ...record, pausedReason: 'credentials refused' }, 1)).toBe(true);
      expect(await stores().providers.put(app, { ...record, pausedReason: 'again' }, 2)).toBe(true);
      expect(await stores().providers.put(app, record, 3)).toBe(true);
      expect(await stores().providers.get(app, 'hook')).toEqual({ ...record, version: 4 });
      expect(await stores().providers.list(app)).toEqual([{ ...record, version: 4 }]);
      expect(await stores().providers.get(app, 'none')).toBeUndefined();
      expect(await stores().providers.remove(app, 'hook')).toBe(true);
      expect(await stores().providers.remove(app, 'hook')).toBe(false);
    });
  });

  describe('versions of kinds and providers', () => {
    const kind = (action: string) => ({
      kind: 'lab',
      action,
      audience: 'users' as const,
      durable: 'inbox' as const,
      policy: {},
    });
    const provider = (updatedAt: number): ProviderRecord => ({
      ...{ id: 'hook', plugin: 'webhook', config: {}, enabled: true, managed: false, updatedAt },
    });

    test('a put with another version than the one that is there changes nothing', async () => {
      const app = newApp();
      const { kinds, providers } = stores();
      expect(await kinds.put(app, kind('none yet'), 1)).toBe(false);
      expect(await providers.put(app, provider(1), 1)).toBe(false);
      await kinds.put(app, kind('first'), 0);
      await providers.put(app, provider(2), 0);
      for (const version of [0, 2]) {
        expect(await kinds.put(app, kind('late'), version)).toBe(false);
        expect(await providers.put(app, provider(3), version)).toBe(false);
      }
      expect(await kinds.list(app)).toMatchObject([{ action: 'first', version: 1 }]);
      expect(await providers.get(app, 'hook')).toMatchObject({ updatedAt: 2, version: 1 });
    });

    test('of many that put one version at once exactly one does', async () => {
      const app = newApp();
      const { kinds, providers } = stores();
      for (const version of [0, 1]) {
        const puts = Array.from({ length: 10 }, (_, i) => kinds.put(app, kind(`by ${i}`), version));
        expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
        const others = Array.from({ length: 10 }, (_, i) => providers.put(app, provider(i), version));
        expect((await Promise.all(others)).filter(Boolean)).toHaveLength(1);
      }
    });

    test('a kind of another version than the one that is named is not removed', async () => {
      const app = newApp();
      const { kinds } = stores();
      expect(await kinds.remove(app, 'lab', 1)).toBe(false);
      await kinds.put(app, kind('first'), 0);
      await kinds.put(app, kind('second'), 1);
      for (const version of [0, 1, 3]) expect(await kinds.remove(app, 'lab', version)).toBe(false);
      expect(await kinds.list(app)).toMatchObject([{ action: 'second', version: 2 }]);
      expect(await kinds.remove(app, 'lab', 2)).toBe(true);
      expect(await kinds.list(app)).toEqual([]);
    });

    test('a record that was removed begins at version 1 again', async () => {
      const app = newApp();
      await stores().kinds.put(app, kind('old'), 0);
      await stores().kinds.remove(app, 'lab');
      expect(await stores().kinds.put(app, kind('stale'), 1)).toBe(false);
      expect(await stores().kinds.put(app, kind('new'), 0)).toBe(true);
      expect(await stores().kinds.list(app)).toMatchObject([{ action: 'new', version: 1 }]);
    });
  });
}
