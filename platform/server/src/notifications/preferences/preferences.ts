// Users' preferences for pushes: read, changed. What they mean for a push is check-preferences.ts.

import { BelfryError, type Preferences as Wished, type PreferencesChange } from '@belfry/protocol';
import type { AppId } from '../../ports/app-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PreferenceStore } from '../../ports/stores/index.ts';
import { defaultPreferences, mergePreferences } from './merge-preferences.ts';
import { checkTimeZone } from './time-zone.ts';

export interface Preferences {
  /** The whole; of a user who never set any, that everything is pushed. */
  get(app: AppId, userId: string): Promise<Wished>;
  /**
   * Merges and answers the whole. Throws `invalid_body` for a zone that does not exist, `too_large`, and
   * `overloaded` when others change them all the time.
   */
  change(app: AppId, userId: string, change: PreferencesChange): Promise<Wished>;
  /** As of a user who never set any. False when they never did. */
  forget(app: AppId, userId: string): Promise<boolean>;
}

/** A person has a few devices: who loses so often is no person. */
const mostTries = 10;

export function createPreferences(deps: {
  store: PreferenceStore;
  clock: Clock;
  /** Conversations that the preferences of one user may name. */
  maxConversations: number;
}): Preferences {
  const { store, clock, maxConversations } = deps;
  return {
    get: async (app, userId) => (await store.ofUsers(app, [userId])).get(userId)?.preferences ?? defaultPreferences,
    forget: (app, userId) => store.remove(app, userId),
    async change(app, userId, change) {
      if (change.quietHours) checkTimeZone(change.quietHours.timeZone, ['quietHours', 'timeZone']);
      for (let tries = 0; tries < mostTries; tries += 1) {
        const before = (await store.ofUsers(app, [userId])).get(userId);
        const preferences = mergePreferences(before?.preferences ?? defaultPreferences, change, {
          nowMs: clock.now(),
          maxConversations,
        });
        if (await store.put(app, { userId, version: (before?.version ?? 0) + 1, preferences })) return preferences;
      }
      throw new BelfryError('overloaded');
    },
  };
}
