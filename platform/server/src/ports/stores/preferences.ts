// Users' preferences for pushes, as they are kept. Their meaning for a push:
// notifications/preferences/check-preferences.ts.

import type { Preferences } from '@belfry/protocol';
import type { AppId } from '../app-id.ts';

export interface PreferenceRecord {
  userId: string;
  /** 1, 2, 3 ...: shows whether the preferences have changed since they were read. */
  version: number;
  preferences: Preferences;
}

/** Guarantees: durable as messages; of several `put` with one version exactly one is stored. */
export interface PreferenceStore {
  /** Users who never set any are not in the map. */
  ofUsers(app: AppId, userIds: readonly string[]): Promise<ReadonlyMap<string, PreferenceRecord>>;
  /**
   * Stores it when its version is one above the one that is there (0 where there is none). False when another
   * was faster.
   */
  put(app: AppId, record: PreferenceRecord): Promise<boolean>;
  /** False when there were none. */
  remove(app: AppId, userId: string): Promise<boolean>;
}
