// Events of webhooks that leave, kept to be sent, shown and sent again. Not when: outbound/. How long they
// are kept is the app's to say, also of what is there, so that rounds of retention take them away.

import { asAppId, type AppId } from '../../../ports/app-id.ts';
import type { Erased, EraseRequest } from '../../../ports/stores/erasing.ts';
import {
  mostAttemptsKept,
  type OverdueWebhook,
  type WebhookAttempt,
  type WebhookEnding,
  type WebhookEventQuery,
  type WebhookEventRecord,
  type WebhookEventState,
  type WebhookEventStore,
  type WebhookRelayStore,
} from '../../../ports/stores/outbound.ts';
import { saysUser, withinJson } from '../erase-user.ts';
import { contentOfEvent, withAttempt } from '../webhook-ending.ts';
import { Collection, trusted, type Filter, type Stored } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import { containing, eraseFound, scanPart } from './erasing-scan.ts';
import { removeFirst, trimOldest } from './limited-removal.ts';
import { replacing } from './versioned-put.ts';

interface WebhookEventDocument extends Omit<WebhookEventRecord, 'attempts' | 'payload'> {
  app: string;
  /** JSON. */
  attempts: string;
  payload: string;
}

export const webhookEvents = declareCollection<WebhookEventDocument>(
  'webhook_events',
  {
    ...{ app: String, webhookId: String, id: String, place: String, createdAt: Number },
    type: String,
    ...{ batch: String, lane: String, state: String, dueAt: Number, endedAt: Number, tries: Number },
    ...{ attempts: String, payload: String },
  },
  [
    { key: { app: 1, webhookId: 1, id: 1 }, unique: true },
    { key: { app: 1, webhookId: 1, place: 1 } },
    { key: { app: 1, webhookId: 1, state: 1, place: 1 } },
    { key: { app: 1, webhookId: 1, batch: 1, place: 1 } },
    { key: { app: 1, webhookId: 1, lane: 1, place: 1 }, partialFilterExpression: { dueAt: { $exists: true } } },
    { key: { app: 1, dueAt: 1 }, partialFilterExpression: { dueAt: { $exists: true } } },
    { key: { app: 1, createdAt: 1, place: 1 } },
  ],
);

const withoutPayload = ['payload'] as const;
const oldestFirst = { place: 1 } as const;
const inOrder = { createdAt: 1, place: 1 } as const;

export class MongoWebhookEvents implements WebhookEventStore {
  readonly #events: Collection<WebhookEventDocument>;

  constructor(connection: MongoConnection) {
    this.#events = new Collection(connection, webhookEvents);
  }

  async add(app: AppId, events: readonly WebhookEventRecord[]): Promise<void> {
    await this.#events.batch(
      events.map(({ attempts, payload = '', ...event }) => ({
        insertOne: { document: { ...event, app, attempts: JSON.stringify(attempts), payload } },
      })),
    );
  }

  async get(app: AppId, webhookId: string, id: string): Promise<WebhookEventRecord | undefined> {
    const found = await this.#events.findOne({ app, webhookId, id });
    return found && toEvent(found);
  }

  async list(
    app: AppId,
    webhookId: string,
    { before, state, type, fromMs, toMs, limit }: WebhookEventQuery,
  ): Promise<WebhookEventRecord[]> {
    const filter: Filter<WebhookEventDocument> = {
      ...{ app, webhookId },
      ...(state !== undefined && { state }),
      ...(type !== undefined && { type }),
      ...(before !== undefined && { place: trusted({ $lt: before }) }),
      ...((fromMs !== undefined || toMs !== undefined) && {
        createdAt: trusted({ $gte: fromMs ?? 0, $lt: toMs ?? Number.MAX_SAFE_INTEGER }),
      }),
    };
    const found = await this.#events.find(filter, { sort: { place: -1 }, limit, without: withoutPayload });
    return found.map(toEvent);
  }

  async gather(app: AppId, webhookId: string, { batch, limit }: { batch: string; limit: number }): Promise<number> {
    const loose = { app, webhookId, state: 'waiting', batch: trusted({ $exists: false }) } as const;
    const found = await this.#events.find(loose, { sort: oldestFirst, limit, only: [] });
    if (found.length === 0) return 0;
    const ids = trusted({ $in: found.map(({ _id }) => _id) });
    return (await this.#events.updateMany({ ...loose, _id: ids }, { $set: { batch } })).modified;
  }

  /** Whoever gets the first event has the request: of several no one document says so for all of it. */
  async take(
    app: AppId,
    webhookId: string,
    { batch, nowMs, untilMs }: { batch: string; nowMs: number; untilMs: number },
  ): Promise<{ events: readonly WebhookEventRecord[]; dueAt?: number }> {
    const waiting = { app, webhookId, batch, state: 'waiting' } as const;
    const [first] = await this.#events.find(waiting, { sort: oldestFirst, limit: 1, only: ['dueAt'] });
    if (first?.dueAt === undefined) return { events: [] };
    if (first.dueAt > nowMs) return { events: [], dueAt: first.dueAt };
    const seen = { _id: first._id, state: 'waiting', dueAt: first.dueAt } as const;
    const taken = await this.#events.update(seen, { $set: { dueAt: untilMs } });
    if (taken.matched === 0) return { events: [], dueAt: untilMs };
    await this.#events.updateMany(waiting, { $set: { dueAt: untilMs } });
    return { events: (await this.#events.find(waiting, { sort: oldestFirst })).map(toEvent) };
  }

  async finish(app: AppId, webhookId: string, { batch, ...ending }: WebhookEnding & { batch: string }): Promise<void> {
    const { state, dueAt, endedAt, attempt } = ending;
    const found = await this.#events.find({ app, webhookId, batch, state: 'waiting' }, { only: ['tries', 'attempts'] });
    const operations = found.map(({ _id, tries, attempts }) => {
      const kept = withAttempt(JSON.parse(attempts) as WebhookAttempt[], attempt, mostAttemptsKept);
      const tried = tries + (attempt === undefined ? 0 : 1);
      const fields = { state, dueAt, endedAt, tries: tried, attempts: JSON.stringify(kept) };
      const update = replacing<WebhookEventDocument>(fields);
      return { updateOne: { filter: { _id }, update } };
    });
    await this.#events.batch(operations as Parameters<Collection<WebhookEventDocument>['batch']>[0]);
  }

  async first(app: AppId, webhookId: string, lane: string): Promise<{ batch?: string } | undefined> {
    const waiting = { app, webhookId, lane, state: 'waiting', dueAt: trusted({ $exists: true }) } as const;
    const [found] = await this.#events.find(waiting, { sort: oldestFirst, limit: 1, only: ['batch'] });
    return found && (found.batch === undefined ? {} : { batch: found.batch });
  }

  async reopen(
    app: AppId,
    webhookId: string,
    { ids, nowMs }: { ids: readonly string[]; nowMs: number },
  ): Promise<number> {
    const ended = { app, webhookId, id: trusted({ $in: [...ids] }), state: trusted({ $ne: 'waiting' }) };
    const fields = { state: 'waiting', dueAt: nowMs, endedAt: undefined, tries: 0 };
    return (await this.#events.updateMany(ended as Filter<WebhookEventDocument>, replacing(fields))).modified;
  }

  async wake(app: AppId, webhookId: string, { nowMs, limit }: { nowMs: number; limit: number }): Promise<number> {
    const later = { app, webhookId, state: 'waiting', dueAt: trusted({ $gt: nowMs }) } as const;
    const found = await this.#events.find(later, { sort: oldestFirst, limit, only: [] });
    if (found.length === 0) return 0;
    const these = { ...later, _id: trusted({ $in: found.map(({ _id }) => _id) }) };
    return (await this.#events.updateMany(these, { $set: { dueAt: nowMs } })).modified;
  }

  async giveUp(app: AppId, webhookId: string, { nowMs, limit }: { nowMs: number; limit: number }): Promise<number> {
    const waiting = { app, webhookId, state: 'waiting' } as const;
    const found = await this.#events.find(waiting, { sort: oldestFirst, limit, only: [] });
    if (found.length === 0) return 0;
    const these = { ...waiting, _id: trusted({ $in: found.map(({ _id }) => _id) }) };
    const fields = { state: 'failed', dueAt: undefined, endedAt: nowMs };
    return (await this.#events.updateMany(these, replacing(fields))).modified;
  }

  async counts(app: AppId, webhookId: string): Promise<Partial<Record<WebhookEventState, number>>> {
    const groups = await this.#events.aggregate<{ _id: WebhookEventState; n: number }>([
      { $match: { app, webhookId } },
      { $group: { _id: '$state', n: { $sum: 1 } } },
    ]);
    return Object.fromEntries(groups.map(({ _id, n }) => [_id, n]));
  }

  removeOf(app: AppId, webhookId: string, limit: number): Promise<number> {
    return removeFirst(this.#events, { filter: { app, webhookId }, sort: oldestFirst, limit });
  }

  prune(app: AppId, beforeMs: number, limit: number): Promise<number> {
    const filter = { app, createdAt: trusted({ $lt: beforeMs }) };
    return removeFirst(this.#events, { filter, sort: inOrder, limit });
  }

  trim(app: AppId, keep: number, limit: number): Promise<number> {
    return trimOldest(this.#events, app, { keep, limit, sort: inOrder });
  }

  async erase(app: AppId, { userId, after, limit }: EraseRequest): Promise<Erased> {
    const within = containing(withinJson(userId));
    const part = await scanPart(this.#events, {
      ...{ app, order: ['createdAt', 'place', '_id'], after, limit },
      // An answer may spell the id in any way.
      hits: { $or: [{ payload: within }, { attempts: /"(?:answer|error)"/ }] },
    });
    return eraseFound(part, async ({ webhookId, id, payload, attempts }) => {
      const content = contentOfEvent({ payload, attempts: JSON.parse(attempts) as WebhookAttempt[] });
      if (!content.some((text) => saysUser(text, userId))) return false;
      return (await this.#events.remove({ app, webhookId, id })) > 0;
    });
  }
}

export class MongoWebhookRelay implements WebhookRelayStore {
  readonly #events: Collection<WebhookEventDocument>;

  constructor(connection: MongoConnection) {
    this.#events = new Collection(connection, webhookEvents);
  }

  async overdue(beforeMs: number, limit: number): Promise<readonly OverdueWebhook[]> {
    interface Group {
      _id: { app: string; webhookId: string; batch?: string };
      dueAt: number;
    }
    const groups = await this.#events.aggregate<Group>([
      { $match: { dueAt: { $lt: beforeMs }, state: 'waiting' } },
      {
        $group: {
          _id: { app: '$app', webhookId: '$webhookId', batch: '$batch' },
          dueAt: { $min: '$dueAt' },
        },
      },
      { $sort: { dueAt: 1 } },
      { $limit: limit },
    ]);
    return groups.map(({ _id: { app, webhookId, batch }, dueAt }) => {
      return { app: asAppId(app), webhookId, ...(batch === undefined ? {} : { batch }), dueAt };
    });
  }
}

function toEvent(document: Stored<WebhookEventDocument>): WebhookEventRecord {
  const { _id, app: _app, attempts, ...event } = document;
  return { ...event, attempts: JSON.parse(attempts) as WebhookAttempt[] };
}
