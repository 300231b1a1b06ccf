// Deletes what apps no longer want kept: old messages, journeys, webhooks that came in or left, answers under
// idempotency keys; dead letters; and figures of charts. How long is the app's setting.

import type { AppId } from '../ports/app-id.ts';
import type { AppSettings, Stores } from '../ports/stores/index.ts';
import type { Apps } from '../tenancy/apps.ts';
import { pruneInParts } from './prune-in-parts.ts';
import { Round, type RoundDeps } from './round.ts';

/** Once an hour: things are kept for days, nobody counts the minutes. */
const everyMs = 3_600_000;
/** A dead letter that nobody replayed or dropped is forgotten after 30 days, ms. */
const keepDeadLettersMs = 30 * 24 * 60 * 60 * 1000;
/** A fall-back may wait for a week, and receipts come as long, ms. */
const keepDeliveriesMs = 8 * 24 * 60 * 60 * 1000;
/** As far as the charts of the console go back, ms: docs/console.md. */
const keepFiguresMs = 7 * 24 * 60 * 60 * 1000;
/** The report about somebody who was erased, ms. */
const keepErasuresMs = 30 * 24 * 60 * 60 * 1000;
/** Events of webhooks are tried for three days; a day more to look at those that failed. */
const shortestEventsMs = 4 * 24 * 60 * 60 * 1000;

export interface RetentionDeps extends RoundDeps {
  stores: {
    [S in 'messages' | 'journeys' | 'journeyIndex' | 'idempotency' | 'erasures' | 'figures']: Pick<Stores[S], 'prune'>;
  } & {
    [S in 'hookDeliveries' | 'webhookEvents' | 'deadLetters' | 'deliveries']: Pick<Stores[S], 'prune' | 'trim'>;
  };
  apps: Pick<Apps, 'list'>;
  limits: Record<'deadLettersPerApp' | 'hookDeliveriesPerApp' | 'webhookEventsPerApp' | 'deliveriesPerApp', number>;
}

/** The round ends after the delete it is at. */
export function createRetention(deps: RetentionDeps): Round {
  return new Round(
    {
      name: 'retention',
      everyMs,
      trouble: 'old rows could not be deleted',
      async run(mayGoOn) {
        for (const { app, settings } of await deps.apps.list()) {
          if (!mayGoOn()) return;
          await prune(app, settings, { ...deps, mayGoOn });
        }
      },
    },
    deps,
  );
}

async function prune(
  app: AppId,
  { retentionMs, journeyRetentionMs }: AppSettings,
  { stores, surroundings, limits, mayGoOn }: RetentionDeps & { mayGoOn: () => boolean },
): Promise<void> {
  const now = surroundings.clock.now();
  const untilFew = (part: (limit: number) => Promise<number>): Promise<void> => pruneInParts(part, mayGoOn);
  if (retentionMs > 0) await untilFew((limit) => stores.messages.prune(app, now - retentionMs, limit));
  for (const store of [stores.journeyIndex, stores.journeys]) {
    await untilFew((limit) => store.prune(app, now - journeyRetentionMs, limit));
  }
  // They say what was decided, as journeys do, and are kept as long.
  await untilFew((limit) => stores.hookDeliveries.prune(app, now - journeyRetentionMs, limit));
  // Sending them is promised for three days, whatever the app wants kept.
  const keepEventsMs = Math.max(journeyRetentionMs, shortestEventsMs);
  await untilFew((limit) => stores.webhookEvents.prune(app, now - keepEventsMs, limit));
  await untilFew((limit) => stores.deadLetters.prune(app, now - keepDeadLettersMs, limit));
  await untilFew((limit) => stores.hookDeliveries.trim(app, limits.hookDeliveriesPerApp, limit));
  await untilFew((limit) => stores.webhookEvents.trim(app, limits.webhookEventsPerApp, limit));
  await untilFew((limit) => stores.deadLetters.trim(app, limits.deadLettersPerApp, limit));
  await untilFew((limit) => stores.deliveries.prune(app, now - keepDeliveriesMs, limit));
  await untilFew((limit) => stores.deliveries.trim(app, limits.deliveriesPerApp, limit));
  await untilFew((limit) => stores.figures.prune(app, now - keepFiguresMs, limit));
  await untilFew((limit) => stores.erasures.prune(app, now - keepErasuresMs, limit));
  await stores.idempotency.prune(app, now);
}
