// Deletes what apps no longer want kept: old messages, journeys, webhooks that came in, answers under idempotency keys. How long each is kept is the app's setting.

import { Rounds } from '../concurrency/rounds.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { HookDeliveryStore, IdempotencyStore, JourneyStore, MessageStore } from '../ports/stores/index.ts';

export interface Retention {
  start(): void;
  /** Resolves when a round that runs has ended; it ends after the delete it is at. */
  stop(): Promise<void>;
}

/** Once an hour: things are kept for days, nobody counts the minutes. */
const everyMs = 3_600_000;
/** Nodes that were started together do not all delete at once. */
const jitter = 0.1;
/** Rows deleted at once; a delete holds up the writes of an embedded store while it runs. */
const rowsAtOnce = 2000;

export function createRetention(deps: {
  stores: {
    messages: Pick<MessageStore, 'prune'>;
    journeys: Pick<JourneyStore, 'prune'>;
    hookDeliveries: Pick<HookDeliveryStore, 'prune'>;
    idempotency: Pick<IdempotencyStore, 'prune'>;
  };
  apps: {
    list(): Promise<readonly { app: AppId; settings: { retentionMs: number; journeyRetentionMs: number } }[]>;
  };
  clock: Clock;
  log: Log;
}): Retention {
  const { stores, apps, clock, log } = deps;
  const rounds = new Rounds({ clock, everyMs, jitter, run: round });

  return { start: () => rounds.start(), stop: () => rounds.stop() };

  async function round(): Promise<void> {
    try {
      for (const { app, settings } of await apps.list()) {
        const now = clock.now();
        const { retentionMs, journeyRetentionMs } = settings;
        if (retentionMs > 0) await untilFew((limit) => stores.messages.prune(app, now - retentionMs, limit));
        await untilFew((limit) => stores.journeys.prune(app, now - journeyRetentionMs, limit));
        // They tell what was decided, as journeys do, and are kept as long.
        await untilFew((limit) => stores.hookDeliveries.prune(app, now - journeyRetentionMs, limit));
        await stores.idempotency.prune(app, now);
      }
    } catch (error) {
      log.warn('old rows could not be deleted; the next round tries again', { err: error });
    }
  }

  async function untilFew(prune: (limit: number) => Promise<number>): Promise<void> {
    let deleted = rowsAtOnce;
    while (deleted === rowsAtOnce && rounds.isStarted) deleted = await prune(rowsAtOnce);
  }
}
