// Erases an app with all that is kept of it: its files, its records, at last the app itself. It is off from the moment
// on at which somebody wanted it erased (`erasingSince`); who may want that is the console's.

import { pause } from '../concurrency/pause.ts';
import type { AppData } from '../ports/app-data.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { Stores } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Apps } from '../tenancy/apps.ts';
import { Round, type RoundDeps } from './round.ts';

interface AppErasureDeps {
  data: AppData;
  blobs: Pick<Blobs, 'remove'>;
  uploads: Pick<Stores['uploads'], 'forget'>;
  tenancy: Pick<Stores['tenancy'], 'app'>;
  apps: Pick<Apps, 'remove'>;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

/** How it goes, for whoever waits; and whether it is to go on. */
interface AppErasureWatch {
  mayGoOn: () => boolean;
  /** From 0 to 1. */
  reached?: (share: number) => void;
}

/** Files, or records, of one call. */
const atOnce = 500;
/** Within 5 s every node has shut the app out; what was under way by then is stored. */
const settledAfterMs = 10_000;
const waitPartMs = 500;
const everyMs = 60_000;

export class AppErasure {
  readonly #deps: AppErasureDeps;
  readonly #running = new Map<AppId, Promise<void>>();
  #isStopped = false;

  constructor(deps: AppErasureDeps) {
    this.#deps = deps;
  }

  /** Resolves when nothing of it is left, or it may not go on: then it is done by a later round. */
  async erase(app: AppId, watch: AppErasureWatch): Promise<void> {
    if (this.#running.has(app)) return;
    const mayGoOn = (): boolean => !this.#isStopped && watch.mayGoOn();
    const running = this.#erase(app, { ...watch, mayGoOn });
    this.#running.set(app, running);
    try {
      await running;
    } finally {
      this.#running.delete(app);
    }
  }

  /** Resolves after the part that is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.allSettled(this.#running.values());
  }

  async #erase(app: AppId, { mayGoOn, reached = () => undefined }: AppErasureWatch): Promise<void> {
    const { tenancy, apps, surroundings } = this.#deps;
    const since = (await tenancy.app(app))?.erasingSince;
    if (since === undefined) return;
    let erased = await this.#eraseAll(app, { mayGoOn, reached });
    const settledAt = since + settledAfterMs;
    while (mayGoOn() && surroundings.clock.now() < settledAt) {
      const restMs = Math.min(waitPartMs, settledAt - surroundings.clock.now());
      await pause(surroundings.clock, restMs);
    }
    // What was still under way when the app was switched off.
    erased += await this.#eraseAll(app, { mayGoOn });
    if (!mayGoOn()) return;
    await apps.remove(app);
    surroundings.log.info('app erased', { app, records: erased });
  }

  async #eraseAll(app: AppId, { mayGoOn, reached }: AppErasureWatch): Promise<number> {
    const { data, blobs, uploads } = this.#deps;
    while (mayGoOn()) {
      const ids = await data.uploads(app, atOnce);
      if (ids.length === 0) break;
      // The file first: while the record is there, it is found again.
      for (const id of ids) await blobs.remove(app, id);
      await uploads.forget(app, ids);
    }
    let sum = 0;
    while (mayGoOn()) {
      const { erased, done, of } = await data.erase(app, atOnce);
      sum += erased;
      reached?.(done / of);
      if (done === of) break;
    }
    return sum;
  }
}

/** Goes on with what a node that is no more had begun. */
export function createAppErasureRound(
  deps: RoundDeps & { erasure: Pick<AppErasure, 'erase'>; apps: Pick<Apps, 'list'> },
): Round {
  return new Round(
    {
      name: 'app erasure',
      everyMs,
      trouble: 'an app could not be erased',
      async run(mayGoOn) {
        for (const { app, erasingSince } of await deps.apps.list()) {
          if (erasingSince !== undefined && mayGoOn()) await deps.erasure.erase(app, { mayGoOn });
        }
      },
    },
    deps,
  );
}
