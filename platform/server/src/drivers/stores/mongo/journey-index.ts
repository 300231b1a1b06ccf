// The journey index as JSON beside the fields by which entries are found. Not what is in it: journey.

import type { AppId } from '../../../ports/app-id.ts';
import type {
  Counted,
  Erased,
  EraseRequest,
  JourneyEntry,
  JourneyFilter,
  JourneyIndexStore,
  JourneyListing,
  JourneyPlace,
} from '../../../ports/stores/index.ts';
import { countJourneys } from '../count-values.ts';
import { renameUser, withinJson } from '../erase-user.ts';
import { columnsOf } from '../journey-columns.ts';
import { bodyOf, type WithBody } from './body.ts';
import { Collection, trusted, type Filter } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import { containing, eraseFound, scanPart } from './erasing-scan.ts';
import { removeFirst } from './limited-removal.ts';

interface JourneyIndexDocument extends WithBody {
  app: string;
  messageId: string;
  at: number;
  kind: string;
  conversationId?: string;
  senderId?: string;
  users?: readonly string[];
  reasons: readonly string[];
  facts: number;
}

export const journeyIndex = declareCollection<JourneyIndexDocument>(
  'journey_index',
  {
    ...{ app: String, messageId: String, at: Number, kind: String, conversationId: String, senderId: String },
    ...{ users: [String], reasons: [String], facts: Number, body: String },
  },
  [{ key: { app: 1, messageId: 1 }, unique: true }, { key: { app: 1, at: 1, messageId: 1 } }],
);

const newestFirst = { at: -1, messageId: -1 } as const;

export class MongoJourneyIndex implements JourneyIndexStore {
  readonly #entries: Collection<JourneyIndexDocument>;

  constructor(connection: MongoConnection) {
    this.#entries = new Collection(connection, journeyIndex);
  }

  /** Where an entry of more facts is there, the filter finds none, and the upsert meets its key: that is fine. */
  async put(app: AppId, entries: readonly JourneyEntry[]): Promise<void> {
    await this.#entries.batch(
      entries.map((entry) => {
        const { messageId, ...fields } = columnsOf(entry);
        const filter = { app, messageId, facts: { $lte: entry.facts } };
        return { updateOne: { filter, update: { $set: fields }, upsert: true } };
      }),
    );
  }

  async list(
    app: AppId,
    { after, limit, scan, ...filter }: JourneyListing,
  ): Promise<{ items: JourneyEntry[]; next?: JourneyPlace }> {
    const inTime = timeOf(app, filter, after);
    // The filter alone could walk through all that is kept: it is bounded by where the scan would end.
    const [end] = await this.#entries.find(inTime, {
      sort: newestFirst,
      only: ['at', 'messageId'],
      limit: 1,
      skip: scan - 1,
    });
    const within = end === undefined ? [] : [atOrAfter(end)];
    const found = await this.#entries.find(
      { $and: [inTime, ...within, ...wantedOf(filter)] },
      { sort: newestFirst, only: ['body'], limit: limit + 1 },
    );
    const items = found.slice(0, limit).map((row) => bodyOf<JourneyEntry>(row));
    const last = found.length > limit ? items.at(-1) : end;
    return { items, ...(last !== undefined && { next: { at: last.at, messageId: last.messageId } }) };
  }

  async count(app: AppId, { scan, ...filter }: JourneyFilter & { scan: number }): Promise<Counted<'reason' | 'kind'>> {
    const inTime = timeOf(app, filter, undefined);
    // The first that is not looked at.
    const [end] = await this.#entries.find(inTime, {
      sort: newestFirst,
      only: ['at', 'messageId'],
      limit: 1,
      skip: scan,
    });
    const within = end === undefined ? [] : [laterThan(end)];
    const found = await this.#entries.find(
      { $and: [inTime, ...within, ...wantedOf(filter)] },
      { only: ['kind', 'reasons'] },
    );
    return countJourneys(found, end !== undefined);
  }

  prune(app: AppId, beforeMs: number, limit: number): Promise<number> {
    return removeFirst(this.#entries, { filter: { app, at: trusted({ $lt: beforeMs }) }, sort: { at: 1 }, limit });
  }

  async erase(app: AppId, request: EraseRequest): Promise<Erased> {
    const { userId, after, limit } = request;
    const part = await scanPart(this.#entries, {
      ...{ app, order: ['at', 'messageId'], after, limit, hits: { body: containing(withinJson(userId)) } },
    });
    return eraseFound(part, async (found) => {
      const entry = renameUser(bodyOf(found), request) as JourneyEntry;
      if (JSON.stringify(entry) === found.body) return false;
      await this.put(app, [entry]);
      return true;
    });
  }
}

function timeOf(
  app: AppId,
  { from, to }: JourneyFilter,
  after: JourneyPlace | undefined,
): Filter<JourneyIndexDocument> {
  const all: Filter<JourneyIndexDocument>[] = [
    { app },
    ...(from === undefined ? [] : [{ at: trusted({ $gte: from }) }]),
    ...(to === undefined ? [] : [{ at: trusted({ $lte: to }) }]),
    ...(after === undefined
      ? []
      : [
          { $or: [{ at: trusted({ $lt: after.at }) }, { at: after.at, messageId: trusted({ $lt: after.messageId }) }] },
        ]),
  ];
  return { $and: all };
}

function atOrAfter({ at, messageId }: JourneyPlace): Filter<JourneyIndexDocument> {
  // The first alone ends the walk along the index.
  return {
    $and: [
      { at: trusted({ $gte: at }) },
      { $or: [{ at: trusted({ $gt: at }) }, { at, messageId: trusted({ $gte: messageId }) }] },
    ],
  };
}

function laterThan({ at, messageId }: JourneyPlace): Filter<JourneyIndexDocument> {
  return {
    $and: [
      { at: trusted({ $gte: at }) },
      { $or: [{ at: trusted({ $gt: at }) }, { at, messageId: trusted({ $gt: messageId }) }] },
    ],
  };
}

function wantedOf({
  kind,
  conversationId,
  userId,
  has = [],
  hasNone = [],
}: JourneyFilter): Filter<JourneyIndexDocument>[] {
  return [
    ...(kind === undefined ? [] : [{ kind }]),
    ...(conversationId === undefined ? [] : [{ conversationId }]),
    ...(userId === undefined ? [] : [{ $or: [{ senderId: userId }, { users: userId }] }]),
    ...has.map((reasons) => ({ reasons: trusted({ $in: [...reasons] }) })),
    ...(hasNone.length === 0 ? [] : [{ reasons: trusted({ $nin: [...hasNone] }) }]),
  ] as Filter<JourneyIndexDocument>[];
}
