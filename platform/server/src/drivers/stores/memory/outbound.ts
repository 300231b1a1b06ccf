// Webhooks that leave, in memory: the webhooks, their health, and the events that are kept. Not their
// meaning: outbound/.

import type { AppId } from '../../../ports/app-id.ts';
import {
  mostAttemptsKept,
  type OverdueWebhook,
  type WebhookEventRecord,
  type WebhookEventStore,
  type WebhookHealth,
  type WebhookRecord,
  type WebhookRelayStore,
  type WebhookStore,
} from '../../../ports/stores/outbound.ts';
import { saysUser } from '../erase-user.ts';
import { contentOfEvent, endedBy } from '../webhook-ending.ts';
import type { Synchronous } from '../synchronous.ts';
import { keyOf } from './key.ts';

interface Kept<T> {
  app: AppId;
  value: T;
}

export function memoryWebhooks(): Synchronous<WebhookStore> {
  const webhooks = new Map<string, Kept<WebhookRecord>>();
  const healths = new Map<string, WebhookHealth>();
  return {
    list: (app) => valuesOf(webhooks, app).sort((a, b) => (a.id < b.id ? -1 : 1)),
    get: (app, id) => webhooks.get(keyOf(app, id))?.value,
    put(app, webhook) {
      const key = keyOf(app, webhook.id);
      if (webhook.version !== (webhooks.get(key)?.value.version ?? 0) + 1) return false;
      webhooks.set(key, { app, value: webhook });
      return true;
    },
    remove(app, id) {
      healths.delete(keyOf(app, id));
      return webhooks.delete(keyOf(app, id));
    },
    health(app) {
      const found = valuesOf(webhooks, app).flatMap(({ id }): [string, WebhookHealth][] => {
        const health = healths.get(keyOf(app, id));
        return health === undefined ? [] : [[id, health]];
      });
      return new Map(found);
    },
    putHealth(app, id, health) {
      if (webhooks.has(keyOf(app, id))) healths.set(keyOf(app, id), health);
    },
  };
}

export class MemoryWebhookEvents implements Synchronous<WebhookEventStore> {
  readonly #events = new Map<string, Kept<WebhookEventRecord>>();

  add(app: AppId, events: readonly WebhookEventRecord[]): void {
    for (const event of events) {
      const key = keyOf(app, event.webhookId, event.id);
      if (!this.#events.has(key)) this.#events.set(key, { app, value: event });
    }
  }

  get(app: AppId, webhookId: string, id: string): WebhookEventRecord | undefined {
    return this.#events.get(keyOf(app, webhookId, id))?.value;
  }

  list(
    app: AppId,
    webhookId: string,
    { before, state, type, fromMs = 0, toMs = Infinity, limit }: Parameters<WebhookEventStore['list']>[2],
  ): WebhookEventRecord[] {
    return this.#of(app, webhookId)
      .toReversed()
      .filter(
        ({ place, createdAt }) => (before === undefined || place < before) && createdAt >= fromMs && createdAt < toMs,
      )
      .filter((each) => (state === undefined || each.state === state) && (type === undefined || each.type === type))
      .slice(0, limit)
      .map(({ payload: _left, ...event }) => event);
  }

  gather(app: AppId, webhookId: string, { batch, limit }: { batch: string; limit: number }): number {
    const gathered = this.#of(app, webhookId)
      .filter((event) => event.state === 'waiting' && event.batch === undefined)
      .slice(0, limit);
    for (const event of gathered) this.#set(app, { ...event, batch });
    return gathered.length;
  }

  take(
    app: AppId,
    webhookId: string,
    { batch, nowMs, untilMs }: { batch: string; nowMs: number; untilMs: number },
  ): { events: readonly WebhookEventRecord[]; dueAt?: number } {
    const events = this.#waiting(app, webhookId, batch);
    const [first] = events;
    if (first?.dueAt === undefined) return { events: [] };
    if (first.dueAt > nowMs) return { events: [], dueAt: first.dueAt };
    return { events: events.map((event) => this.#set(app, { ...event, dueAt: untilMs })) };
  }

  finish(app: AppId, webhookId: string, { batch, ...ending }: Parameters<WebhookEventStore['finish']>[2]): void {
    for (const event of this.#waiting(app, webhookId, batch)) this.#set(app, endedBy(event, ending, mostAttemptsKept));
  }

  first(app: AppId, webhookId: string, lane: string): { batch?: string } | undefined {
    const found = this.#of(app, webhookId).find((event) => event.state === 'waiting' && event.lane === lane);
    return found && (found.batch === undefined ? {} : { batch: found.batch });
  }

  reopen(app: AppId, webhookId: string, { ids, nowMs }: { ids: readonly string[]; nowMs: number }): number {
    let reopened = 0;
    for (const id of ids) {
      const event = this.get(app, webhookId, id);
      if (event === undefined || event.state === 'waiting') continue;
      const { endedAt: _, ...rest } = event;
      this.#set(app, { ...rest, state: 'waiting', dueAt: nowMs, tries: 0 });
      reopened += 1;
    }
    return reopened;
  }

  wake(app: AppId, webhookId: string, { nowMs, limit }: { nowMs: number; limit: number }): number {
    const later = this.#of(app, webhookId)
      .filter(({ state, dueAt = 0 }) => state === 'waiting' && dueAt > nowMs)
      .slice(0, limit);
    for (const event of later) this.#set(app, { ...event, dueAt: nowMs });
    return later.length;
  }

  giveUp(app: AppId, webhookId: string, { nowMs, limit }: { nowMs: number; limit: number }): number {
    const waiting = this.#of(app, webhookId).filter(({ state }) => state === 'waiting');
    const given = waiting.slice(0, limit);
    for (const event of given) {
      this.#set(app, endedBy(event, { state: 'failed', endedAt: nowMs }, mostAttemptsKept));
    }
    return given.length;
  }

  counts(app: AppId, webhookId: string): Partial<Record<WebhookEventRecord['state'], number>> {
    const groups = Map.groupBy(this.#of(app, webhookId), ({ state }) => state);
    return Object.fromEntries([...groups].map(([state, events]) => [state, events.length]));
  }

  removeOf(app: AppId, webhookId: string, limit: number): number {
    return this.#removeAll(app, this.#of(app, webhookId).slice(0, limit));
  }

  prune(app: AppId, beforeMs: number, limit: number): number {
    const old = this.#oldestFirst(app).filter(({ createdAt }) => createdAt < beforeMs);
    return this.#removeAll(app, old.slice(0, limit));
  }

  trim(app: AppId, keep: number, limit: number): number {
    const all = this.#oldestFirst(app);
    return this.#removeAll(app, all.slice(0, Math.max(0, Math.min(limit, all.length - keep))));
  }

  erase(app: AppId, { userId }: Parameters<WebhookEventStore['erase']>[1]): { erased: number } {
    const about = valuesOf(this.#events, app).filter((event) =>
      contentOfEvent(event).some((text) => saysUser(text, userId)),
    );
    return { erased: this.#removeAll(app, about) };
  }

  /** Over all apps. */
  get all(): readonly (WebhookEventRecord & { app: AppId })[] {
    return [...this.#events.values()].map(({ app, value }) => ({ app, ...value }));
  }

  #of(app: AppId, webhookId: string): WebhookEventRecord[] {
    return valuesOf(this.#events, app)
      .filter((event) => event.webhookId === webhookId)
      .sort((a, b) => (a.place < b.place ? -1 : 1));
  }

  #waiting(app: AppId, webhookId: string, batch: string): WebhookEventRecord[] {
    return this.#of(app, webhookId).filter((event) => event.batch === batch && event.state === 'waiting');
  }

  #oldestFirst(app: AppId): WebhookEventRecord[] {
    return valuesOf(this.#events, app).sort((a, b) => a.createdAt - b.createdAt || (a.place < b.place ? -1 : 1));
  }

  #set(app: AppId, event: WebhookEventRecord): WebhookEventRecord {
    this.#events.set(keyOf(app, event.webhookId, event.id), { app, value: event });
    return event;
  }

  #removeAll(app: AppId, gone: readonly WebhookEventRecord[]): number {
    for (const { webhookId, id } of gone) this.#events.delete(keyOf(app, webhookId, id));
    return gone.length;
  }
}

export function memoryWebhookRelay(events: MemoryWebhookEvents): Synchronous<WebhookRelayStore> {
  return {
    overdue(beforeMs, limit) {
      const found = new Map<string, OverdueWebhook>();
      const waiting = events.all
        .filter(({ state, dueAt = Infinity }) => state === 'waiting' && dueAt < beforeMs)
        .toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0));
      for (const { app, webhookId, batch, dueAt = 0 } of waiting) {
        const key = keyOf(app, webhookId, batch ?? '');
        const named = { app, webhookId, ...(batch === undefined ? {} : { batch }), dueAt };
        if (!found.has(key) && found.size < limit) found.set(key, named);
      }
      return [...found.values()];
    },
  };
}

function valuesOf<T>(kept: ReadonlyMap<string, Kept<T>>, app: AppId): T[] {
  return [...kept.values()].filter((each) => each.app === app).map(({ value }) => value);
}
