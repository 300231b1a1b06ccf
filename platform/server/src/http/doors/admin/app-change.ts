// Changes of an app's record that no version is named for: made anew where another was faster. Changes
// against a version: apps.ts.

import { BelfryError } from '@belfry/protocol';
import type { AppRecord } from '../../../ports/stores/index.ts';
import type { Versioned } from '../../../ports/stores/versioned.ts';
import type { SignedIn } from './caller.ts';
import type { InApp } from './enter.ts';
import type { AdminServices } from './services.ts';

const maxTries = 5;

type Change = (record: AppRecord) => AppRecord;
type Changed = Promise<{ before: AppRecord; after: Versioned<AppRecord> }>;

/** `change` is given the record as it is, and may throw. Throws `managed_by_file`. */
export function changeRecord(
  caller: SignedIn & InApp,
  change: Change,
  services: Pick<AdminServices, 'apps' | 'clock'>,
): Changed {
  const changeOwn: Change = (record) => {
    if (record.managed) throw new BelfryError('managed_by_file');
    return change(record);
  };
  return changeAnyRecord(caller, changeOwn, services);
}

/** Of what no file says, also in an app that a file declares. */
export async function changeAnyRecord(
  { app: entered, session }: SignedIn & InApp,
  change: Change,
  { apps, clock }: Pick<AdminServices, 'apps' | 'clock'>,
): Changed {
  let found: Versioned<AppRecord> = entered;
  for (let tries = 0; ; tries += 1) {
    const { version, ...before } = found;
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
