// Deletes uploads that no message uses, and what is left of those that never arrived. When one is unused is the store's knowledge, how long it is kept the app's setting.

import { Rounds } from '../concurrency/rounds.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { AppSettings, UploadStore } from '../ports/stores/index.ts';
import { rulesOf, type UploadLimits } from '../uploads/rules.ts';

export interface Tidying {
  /** The first round at once: a process that was killed may have left something. */
  start(): void;
  /** Resolves when a round that runs has ended; it ends after the upload it is at. */
  stop(): Promise<void>;
  /** One round, now. Never rejects. */
  round(): Promise<void>;
}

/** Every ten minutes: they are kept for hours. */
const everyMs = 600_000;
/** Nodes that were started together do not all delete at once. */
const jitter = 0.1;
const rowsAtOnce = 500;
/** Beyond the longest that an upload may take to arrive, so that none is taken away while it does. */
const graceMs = 60_000;

export interface TidyingDeps {
  store: UploadStore;
  blobs: Blobs;
  apps: { list(): Promise<readonly { app: AppId; settings: AppSettings }[]> };
  limits: UploadLimits & { uploadDeadlineMs: number };
  clock: Clock;
  log: Log;
}

export function createTidying({ store, blobs, apps, limits, clock, log }: TidyingDeps): Tidying {
  const rounds = new Rounds({ clock, everyMs, jitter, run: round });
  let stopped = false;

  return {
    round,
    start: () => rounds.start('now'),
    async stop() {
      stopped = true;
      await rounds.stop();
    },
  };

  /** Asked by a call, since the compiler takes a variable for what it was before the wait. */
  function isStopped(): boolean {
    return stopped;
  }

  async function round(): Promise<void> {
    try {
      for (const { app, settings } of await apps.list()) {
        await dropOldUses(app, settings);
        await deleteIdle(app, settings);
      }
    } catch (error) {
      log.warn('unused uploads could not be deleted; the next round tries again', { err: error });
    }
  }

  /** What retention deletes of messages it deletes without looking at them; their uses are as old as they are. */
  async function dropOldUses(app: AppId, { retentionMs }: AppSettings): Promise<void> {
    if (retentionMs === 0) return;
    for (let dropped = rowsAtOnce; dropped === rowsAtOnce && !isStopped();) {
      const nowMs = clock.now();
      dropped = await store.dropUses(app, { beforeMs: nowMs - retentionMs, nowMs, limit: rowsAtOnce });
    }
  }

  async function deleteIdle(app: AppId, settings: AppSettings): Promise<void> {
    const { unusedKeepMs } = rulesOf(settings.uploads, limits);
    for (let found = rowsAtOnce; found === rowsAtOnce && !isStopped();) {
      const ids = await store.claimIdle(app, {
        arrivingBeforeMs: clock.now() - limits.uploadDeadlineMs - graceMs,
        unusedBeforeMs: clock.now() - unusedKeepMs,
        limit: rowsAtOnce,
      });
      for (const id of ids) {
        if (isStopped()) return;
        // The blob first: while the row is there, the next round finds what this one did not finish.
        await blobs.remove(app, id);
        await store.forget(app, [id]);
      }
      found = ids.length;
    }
  }
}
