// Jobs that were given up. Not when one is: the queue's worker and notifications say so.

import { inboxStream } from '@belfry/protocol';
import type { AppId } from '../../../ports/app-id.ts';
import type {
  DeadLetterRecord,
  DeadLetterStore,
  DeadLetterTotal,
  Erased,
  EraseRequest,
  Page,
  PageRequest,
} from '../../../ports/stores/index.ts';
import { placeOf, readPlace } from '../dead-letter-place.ts';
import { withinJson, withoutUser } from '../erase-user.ts';
import { jsonOf } from './body.ts';
import { Collection, trusted, type Filter } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import { containing, eraseFound, scanPart } from './erasing-scan.ts';
import { removeFirst, trimOldest } from './limited-removal.ts';

interface DeadLetterDocument extends Omit<DeadLetterRecord, 'payload'> {
  app: string;
  /** JSON. */
  payload: string;
}

export const deadLetters = declareCollection<DeadLetterDocument>(
  'dead_letters',
  { app: String, id: String, payload: String, error: String, label: String, diedAt: Number },
  [
    { key: { app: 1, id: 1 }, unique: true },
    { key: { app: 1, diedAt: 1, id: 1 } },
    { key: { app: 1, label: 1, diedAt: 1, id: 1 } },
  ],
);

const oldestFirst = { diedAt: 1, id: 1 } as const;

export class MongoDeadLetters implements DeadLetterStore {
  readonly #letters: Collection<DeadLetterDocument>;

  constructor(connection: MongoConnection) {
    this.#letters = new Collection(connection, deadLetters);
  }

  async put(app: AppId, letters: readonly DeadLetterRecord[]): Promise<void> {
    await this.#letters.batch(
      letters.map(({ payload, ...letter }) => ({
        insertOne: { document: { ...letter, app, payload: jsonOf(payload) } },
      })),
    );
  }

  async get(app: AppId, id: string): Promise<DeadLetterRecord | undefined> {
    const found = await this.#letters.findOne({ app, id });
    return found && toLetter(found);
  }

  async list(
    app: AppId,
    { after, limit, label }: PageRequest & { label?: string | undefined },
  ): Promise<Page<DeadLetterRecord>> {
    const { diedAt, id } = readPlace(after);
    const filter = {
      ...{ app, ...(label !== undefined && { label }) },
      $or: [{ diedAt: trusted({ $lt: diedAt }) }, { diedAt, id: trusted({ $lt: id }) }],
    } as Filter<DeadLetterDocument>;
    const found = await this.#letters.find(filter, { sort: { diedAt: -1, id: -1 }, limit: limit + 1 });
    const items = found.slice(0, limit).map(toLetter);
    const last = items.at(-1);
    return { items, ...(found.length > limit && last !== undefined ? { next: placeOf(last) } : {}) };
  }

  async remove(app: AppId, id: string): Promise<boolean> {
    return (await this.#letters.remove({ app, id })) > 0;
  }

  count(app: AppId): Promise<number> {
    return this.#letters.count({ app });
  }

  prune(app: AppId, beforeMs: number, limit: number): Promise<number> {
    const filter = { app, diedAt: trusted({ $lt: beforeMs }) };
    return removeFirst(this.#letters, { filter, sort: oldestFirst, limit });
  }

  trim(app: AppId, keep: number, limit: number): Promise<number> {
    return trimOldest(this.#letters, app, { keep, limit, sort: oldestFirst });
  }

  async erase(app: AppId, request: EraseRequest): Promise<Erased> {
    const { userId, after, limit } = request;
    const inbox = `/${inboxStream(userId)}`;
    const part = await scanPart(this.#letters, {
      ...{ app, order: ['id'], after, limit },
      hits: {
        $or: [{ payload: containing(withinJson(userId)) }, { id: containing(inbox) }, { error: containing(userId) }],
      },
    });
    return eraseFound(part, async ({ id, payload: before, error }) => {
      const left = withoutUser(JSON.parse(before) as unknown, userId);
      if (left === undefined || id.includes(inbox)) return this.remove(app, id);
      const payload = jsonOf(left);
      const said = error.includes(userId) ? '' : error;
      if (payload === before && said === error) return false;
      return (await this.#letters.update({ app, id }, { $set: { payload, error: said } })).matched > 0;
    });
  }
}

export class MongoDeadLetterTotal implements DeadLetterTotal {
  readonly #letters: Collection<DeadLetterDocument>;

  constructor(connection: MongoConnection) {
    this.#letters = new Collection(connection, deadLetters);
  }

  count(): Promise<number> {
    return this.#letters.count({});
  }
}

function toLetter({ id, payload, error, label, diedAt }: DeadLetterDocument): DeadLetterRecord {
  return {
    ...{ id, payload: JSON.parse(payload) as unknown, error },
    ...(label !== undefined && { label }),
    diedAt,
  };
}
