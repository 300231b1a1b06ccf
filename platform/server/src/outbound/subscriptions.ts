// The outgoing webhooks of apps, as this node knows them: who wants which event, without asking the store
// each time. Changing them: webhook-records.ts.

import { beforeEvent, matchesWebhookFilter, webhookEventTypes, type WebhookEventType } from '@belfry/protocol';
import { controlTopic } from '../caching/control-topic.ts';
import { NearCache } from '../caching/near-cache.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { WebhookRecord, WebhookStore } from '../ports/stores/index.ts';

/** A change is published; what a lost hint costs is that a webhook is told of too late. */
const maxAgeMs = 10_000;
/** An app without any costs next to nothing. */
const maxApps = 20_000;

export interface AppWebhooks {
  all: ReadonlyMap<string, WebhookRecord>;
  /** Those that get events of a type: active and paused ones. */
  byType: ReadonlyMap<WebhookEventType, readonly WebhookRecord[]>;
  /** Asked before a message is accepted. */
  before: WebhookRecord | undefined;
}

export class Subscriptions {
  readonly #store: Pick<WebhookStore, 'list'>;
  readonly #cache: NearCache<AppWebhooks, { app: AppId }>;

  constructor(deps: { store: Pick<WebhookStore, 'list'>; bus: Pick<Bus, 'control'>; clock: Pick<Clock, 'monotonic'> }) {
    const { store, bus, clock } = deps;
    this.#store = store;
    this.#cache = new NearCache({
      clock,
      maxAgeMs,
      maxSize: maxApps,
      sizeOf: ({ all }) => 1 + all.size,
      // Nobody waits for the store because a list has become old; who changes one says so.
      isKeptWhileRefreshed: true,
      changes: { topic: controlTopic(bus, 'webhooks_changed'), keyOf: ({ app }) => app },
    });
  }

  of(app: AppId): Promise<AppWebhooks> {
    return this.#cache.get(app, async () => compiled(await this.#store.list(app)));
  }

  async one(app: AppId, id: string): Promise<WebhookRecord | undefined> {
    return (await this.of(app)).all.get(id);
  }

  /** At once; undefined when this node does not know the app's webhooks yet. */
  peek(app: AppId): AppWebhooks | undefined {
    return this.#cache.peek(app);
  }

  /** To be called after each change. */
  changed(app: AppId): Promise<void> {
    return this.#cache.changed({ app });
  }
}

function compiled(records: readonly WebhookRecord[]): AppWebhooks {
  const told = records.filter(({ state, events }) => state !== 'disabled' && !events.includes(beforeEvent));
  const byType = webhookEventTypes.map((type): [WebhookEventType, readonly WebhookRecord[]] => [
    type,
    told.filter(({ events }) => events.some((filter) => matchesWebhookFilter(filter, type))),
  ]);
  return {
    all: new Map(records.map((record) => [record.id, record])),
    byType: new Map(byType.filter(([, wanted]) => wanted.length > 0)),
    before: records.find(({ state, events }) => state === 'active' && events.includes(beforeEvent)),
  };
}
