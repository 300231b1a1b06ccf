// What every driver of page policies, kinds and provider configurations must do.

import { describe, expect, test } from 'vitest';
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
      expect(await stores().pages.get(app, '/chat')).toEqual(samplePage('/chat', 2).policy);
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
      expect(await stores().pages.get(app, '/a')).toBeUndefined();
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
      await stores().kinds.put(app, kind);
      await stores().kinds.put(app, { ...kind, action: 'lab' });
      expect(await stores().kinds.list(app)).toEqual([{ ...kind, action: 'lab' }]);
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
      await stores().providers.put(app, record);
      await stores().providers.put(app, { ...record, pausedReason: 'credentials refused' });
      await stores().providers.put(app, { ...record, pausedReason: 'again' });
      await stores().providers.put(app, record);
      expect(await stores().providers.get(app, 'hook')).toEqual(record);
      expect(await stores().providers.list(app)).toEqual([record]);
      expect(await stores().providers.get(app, 'none')).toBeUndefined();
      expect(await stores().providers.remove(app, 'hook')).toBe(true);
      expect(await stores().providers.remove(app, 'hook')).toBe(false);
    });
  });
}
