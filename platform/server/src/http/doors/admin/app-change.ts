// Changes of an app's record that no version is named for: made anew where another was faster. Changes
// against a version: apps.ts.

import { BelfryError } from '@belfry/protocol';
import type { AppRecord } from '../../../ports/stores/index.ts';
import type { Versioned } from '../../../ports/stores/versioned.ts';
import type { SignedIn } from './caller.ts';
import type { InApp } from './enter.ts';
import type { AdminServices } from './services.ts';

const maxTries = 5;

/** `change` is given the record as it is, and may throw. Throws `managed_by_file`. */
export async function changeRecord(
  { app: entered, session }: SignedIn & InApp,
  change: (record: AppRecord) => AppRecord,
  { apps, clock }: Pick<AdminServices, 'apps' | 'clock'>,
): Promise<{ before: AppRecord; after: Versioned<AppRecord> }> {
  let found: Versioned<AppRecord> = entered;
  for (let tries = 0; ; tries += 1) {
    const { version, ...before } = found;
    if (before.managed) throw new BelfryError('managed_by_file');
    const after = { ...change(before), updatedAt: clock.now(), updatedBy: session.account.name };
    try {
      await apps.put(after, version);
      return { before, after: { ...after, version: version + 1 } };
    } catch (error) {
      const isLost = error instanceof BelfryError && error.code === 'conflict';
      if (!isLost || tries >= maxTries) throw error;
      found = await apps.get(entered.app);
    }
  }
}
