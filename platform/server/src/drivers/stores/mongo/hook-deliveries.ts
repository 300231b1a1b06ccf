// What came in by webhooks. Not the hooks: hooks.ts. How long it is kept is the app's to say, also of what is
// there, so that rounds of retention take it away and no index with a time does.

import type { HookOutcome } from '@belfry/protocol';
import type { AppId } from '../../../ports/app-id.ts';
import type { Erased, EraseRequest, HookDelivery, HookDeliveryStore } from '../../../ports/stores/index.ts';
import { saysUser, withinJson } from '../erase-user.ts';
import { contentOf, withoutContent } from '../hook-content.ts';
import { bodyOf, type WithBody } from './body.ts';
import { Collection, trusted, type Filter } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import { containing, eraseFound, scanPart } from './erasing-scan.ts';
import { removeFirst, trimOldest } from './limited-removal.ts';
import { replacing } from './versioned-put.ts';

interface HookDeliveryDocument extends WithBody {
  app: string;
  hookId: string;
  id: string;
  receivedAt: number;
  outcome: string;
  /** As it came. */
  payload?: string;
}

export const hookDeliveries = declareCollection<HookDeliveryDocument>(
  'hook_deliveries',
  {
    app: String,
    hookId: String,
    id: String,
    receivedAt: Number,
    outcome: String,
    body: String,
    payload: String,
  },
  [{ key: { app: 1, hookId: 1, id: 1 }, unique: true }, { key: { app: 1, receivedAt: 1, id: 1 } }],
);

const withoutPayload = ['body'] as const;

export class MongoHookDeliveries implements HookDeliveryStore {
  readonly #deliveries: Collection<HookDeliveryDocument>;

  constructor(connection: MongoConnection) {
    this.#deliveries = new Collection(connection, hookDeliveries);
  }

  async put(app: AppId, { payload, ...delivery }: HookDelivery): Promise<void> {
    const { hookId, id, receivedAt, outcome } = delivery;
    const fields = { receivedAt, outcome, body: JSON.stringify(delivery), payload };
    await this.#deliveries.update({ app, hookId, id }, replacing(fields), { upsert: true });
  }

  async get(app: AppId, hookId: string, id: string): Promise<HookDelivery | undefined> {
    const found = await this.#deliveries.findOne({ app, hookId, id });
    return found && toDelivery(found);
  }

  async list(
    app: AppId,
    hookId: string,
    { before, outcome, limit }: { before?: string; outcome?: HookOutcome; limit: number },
  ): Promise<HookDelivery[]> {
    const filter: Filter<HookDeliveryDocument> = {
      ...{ app, hookId },
      ...(before !== undefined && { id: trusted({ $lt: before }) }),
      ...(outcome !== undefined && { outcome }),
    };
    const found = await this.#deliveries.find(filter, { sort: { id: -1 }, limit, only: withoutPayload });
    return found.map((row) => bodyOf<HookDelivery>(row));
  }

  removeOf(app: AppId, hookId: string, limit: number): Promise<number> {
    return removeFirst(this.#deliveries, { filter: { app, hookId }, sort: { id: 1 }, limit });
  }

  prune(app: AppId, beforeMs: number, limit: number): Promise<number> {
    const filter = { app, receivedAt: trusted({ $lt: beforeMs }) };
    return removeFirst(this.#deliveries, { filter, sort: { receivedAt: 1 }, limit });
  }

  trim(app: AppId, keep: number, limit: number): Promise<number> {
    return trimOldest(this.#deliveries, app, { keep, limit, sort: { receivedAt: 1, id: 1 } });
  }

  async erase(app: AppId, request: EraseRequest): Promise<Erased> {
    const { userId, after, limit } = request;
    const within = containing(withinJson(userId));
    const part = await scanPart(this.#deliveries, {
      ...{ app, order: ['hookId', 'id'], after, limit },
      // A payload may spell the id in another way than this process would.
      hits: {
        $or: [
          { body: within },
          { payload: within },
          { payload: containing(userId) },
          { payload: containing(String.raw`\u`) },
        ],
      },
    });
    return eraseFound(part, async ({ hookId, id, body, payload }) => {
      const delivery = { ...bodyOf<HookDelivery>({ body }), payload: payload ?? '' };
      if (!contentOf(delivery).some((content) => saysUser(content, userId))) return false;
      const stripped = replacing<HookDeliveryDocument>({
        body: JSON.stringify(withoutContent(delivery)),
        payload: undefined,
      });
      return (await this.#deliveries.update({ app, hookId, id }, stripped)).matched > 0;
    });
  }
}

function toDelivery({ body, payload }: HookDeliveryDocument): HookDelivery {
  return { ...bodyOf<HookDelivery>({ body }), ...(payload !== undefined && { payload }) };
}
