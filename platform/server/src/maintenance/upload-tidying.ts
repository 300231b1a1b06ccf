// Deletes uploads that no message uses, and what is left of those that never arrived. When one is unused is
// the store's knowledge, how long it is kept the app's setting.

import type { AppId } from '../ports/app-id.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { AppSettings, UploadStore } from '../ports/stores/index.ts';
import type { Apps } from '../tenancy/apps.ts';
import { rulesOf, type UploadLimits } from '../uploads/rules.ts';
import { Round, type RoundDeps } from './round.ts';

/** Every ten minutes: they are kept for hours. */
const everyMs = 600_000;
const rowsAtOnce = 500;
/** Beyond the longest that an upload may take to arrive, so that none is taken away while it does. */
const graceMs = 60_000;

export interface UploadTidyingDeps extends RoundDeps {
  store: Pick<UploadStore, 'dropUses' | 'claimIdle' | 'forget'>;
  blobs: Pick<Blobs, 'remove'>;
  apps: Pick<Apps, 'list'>;
  limits: UploadLimits & { uploadDeadlineMs: number };
}

/** The round ends after the upload it is at. */
export function createUploadTidying(deps: UploadTidyingDeps): Round {
  return new Round(
    {
      name: 'uploads',
      everyMs,
      trouble: 'unused uploads could not be deleted',
      async run(mayGoOn) {
        for (const { app, settings } of await deps.apps.list()) {
          await dropOldUses(app, settings, { ...deps, mayGoOn });
          await deleteIdle(app, settings, { ...deps, mayGoOn });
        }
      },
    },
    deps,
  );
}

interface Going extends UploadTidyingDeps {
  mayGoOn: () => boolean;
}

/** Retention deletes messages without looking at the uploads they use; their uses are as old as they are. */
async function dropOldUses(app: AppId, { retentionMs }: AppSettings, going: Going): Promise<void> {
  if (retentionMs === 0) return;
  for (let dropped = rowsAtOnce; dropped === rowsAtOnce && going.mayGoOn();) {
    const nowMs = going.surroundings.clock.now();
    dropped = await going.store.dropUses(app, { beforeMs: nowMs - retentionMs, nowMs, limit: rowsAtOnce });
  }
}

async function deleteIdle(app: AppId, settings: AppSettings, going: Going): Promise<void> {
  const { store, blobs, limits, surroundings, mayGoOn } = going;
  const { unusedKeepMs } = rulesOf(settings.uploads, limits);
  for (let found = rowsAtOnce; found === rowsAtOnce && mayGoOn();) {
    const now = surroundings.clock.now();
    const ids = await store.claimIdle(app, {
      arrivingBeforeMs: now - limits.uploadDeadlineMs - graceMs,
      unusedBeforeMs: now - unusedKeepMs,
      limit: rowsAtOnce,
    });
    for (const id of ids) {
      if (!mayGoOn()) return;
      // The blob first: while the row is there, the next round finds what this one did not finish.
      await blobs.remove(app, id);
      await store.forget(app, [id]);
    }
    found = ids.length;
  }
}
