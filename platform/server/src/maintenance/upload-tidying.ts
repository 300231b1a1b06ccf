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

export class UploadTidying {
  readonly #deps: UploadTidyingDeps;
  readonly #round: Round;

  constructor(deps: UploadTidyingDeps) {
    this.#deps = deps;
    this.#round = new Round({ name: 'uploads', everyMs, run: (mayGoOn) => this.round(mayGoOn) }, deps);
  }

  async start(): Promise<void> {
    await this.#round.start();
  }

  /** Resolves when a round that runs has ended; it ends after the upload it is at. */
  async stop(): Promise<void> {
    await this.#round.stop();
  }

  /** One round, now. Never rejects. */
  async round(mayGoOn: () => boolean = () => true): Promise<void> {
    const { apps, surroundings } = this.#deps;
    try {
      for (const { app, settings } of await apps.list()) {
        await this.#dropOldUses(app, settings, mayGoOn);
        await this.#deleteIdle(app, settings, mayGoOn);
      }
    } catch (error) {
      surroundings.log.warn('unused uploads could not be deleted; the next round tries again', { err: error });
    }
  }

  /** Retention deletes messages without looking at the uploads they use; their uses are as old as they are.
   */
  async #dropOldUses(app: AppId, { retentionMs }: AppSettings, mayGoOn: () => boolean): Promise<void> {
    if (retentionMs === 0) return;
    for (let dropped = rowsAtOnce; dropped === rowsAtOnce && mayGoOn();) {
      const nowMs = this.#deps.surroundings.clock.now();
      dropped = await this.#deps.store.dropUses(app, { beforeMs: nowMs - retentionMs, nowMs, limit: rowsAtOnce });
    }
  }

  async #deleteIdle(app: AppId, settings: AppSettings, mayGoOn: () => boolean): Promise<void> {
    const { store, blobs, limits, surroundings } = this.#deps;
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
}
