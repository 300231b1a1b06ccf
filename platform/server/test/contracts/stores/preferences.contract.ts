// The contract of users' preferences: each driver must keep it.

import type { Preferences } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import type { Stores } from '../../../src/ports/stores/index.ts';
import { newApp } from '../../support/samples.ts';

const whole: Preferences = {
  level: 'mentions',
  quietHours: { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' },
  conversations: { c1: { level: 'none' }, toString: { muteUntil: '2026-01-01T00:00:00.000Z' } },
};

export function preferencesContract(stores: () => Stores): void {
  describe('preferences', () => {
    test('are read back whole, and users without any are not there', async () => {
      const app = newApp();
      const record = { userId: 'alice', version: 1, preferences: whole };
      expect(await stores().preferences.put(app, record)).toBe(true);
      expect(await stores().preferences.ofUsers(app, ['alice', 'bob'])).toEqual(new Map([['alice', record]]));
    });

    test('are replaced by the next version, and by no other', async () => {
      const app = newApp();
      const put = (version: number, level: Preferences['level']): Promise<boolean> =>
        stores().preferences.put(app, { userId: 'alice', version, preferences: { level, conversations: {} } });
      expect(await put(2, 'none')).toBe(false);
      expect(await put(1, 'all')).toBe(true);
      expect(await put(1, 'none')).toBe(false);
      expect(await put(3, 'none')).toBe(false);
      expect(await put(2, 'mentions')).toBe(true);
      const { version, preferences } = (await stores().preferences.ofUsers(app, ['alice'])).get('alice') ?? {};
      expect([version, preferences?.level]).toEqual([2, 'mentions']);
    });

    test('of several changes at once exactly one is stored', async () => {
      const app = newApp();
      const puts = Array.from({ length: 8 }, () =>
        stores().preferences.put(app, { userId: 'alice', version: 1, preferences: whole }),
      );
      expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
    });
  });
}
