// Deletes journeys that an app no longer wants kept. Not the retention of messages.

import type { AppId } from '../ports/app-id.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { JourneyStore } from '../ports/stores/index.ts';

export interface JourneyRetention {
  start(): void;
  /** Resolves when a round that runs has ended; it ends after the delete it is at. */
  stop(): Promise<void>;
}

interface RetentionDeps {
  store: Pick<JourneyStore, 'prune'>;
  apps: { list(): Promise<readonly { app: AppId; settings: { journeyRetentionMs: number } }[]> };
  clock: Clock;
  log: Log;
}

/** Once an hour: a journey is kept for days, nobody counts the minutes. */
const everyMs = 3_600_000;

/** Rows deleted at once; a delete holds up the writes of an embedded store while it runs. */
const rowsAtOnce = 2_000;

export function createJourneyRetention({ store, apps, clock, log }: RetentionDeps): JourneyRetention {
  let timer: Timer | undefined;
  let running: Promise<void> | undefined;
  let stopped = true;

  return {
    start() {
      stopped = false;
      schedule();
    },
    async stop() {
      stopped = true;
      timer?.cancel();
      await running;
    },
  };

  function schedule(): void {
    timer = clock.after(everyMs, () => {
      running = round().finally(() => {
        running = undefined;
        if (!stopped) schedule();
      });
    });
  }

  function isStarted(): boolean {
    return !stopped;
  }

  async function round(): Promise<void> {
    try {
      for (const { app, settings } of await apps.list()) {
        const beforeMs = clock.now() - settings.journeyRetentionMs;
        let deleted = rowsAtOnce;
        while (deleted === rowsAtOnce && isStarted()) deleted = await store.prune(app, beforeMs, rowsAtOnce);
      }
    } catch (error) {
      log.warn('journeys were not pruned; tried again in an hour', { error });
    }
  }
}
