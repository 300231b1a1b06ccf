// Pushes that providers took, and how far fall-backs have gone. Not what is heard of them: notifications.

import type { DeviceType } from '@belfry/protocol';
import type { AppId } from '../../../ports/app-id.ts';
import type { Clock } from '../../../ports/clock.ts';
import type {
  DeliveryEvent,
  DeliveryNames,
  DeliveryRecord,
  DeliveryStore,
  Erased,
  EraseRequest,
  KnownDelivery,
  Page,
  PageRequest,
  Reservation,
} from '../../../ports/stores/index.ts';
import { placeOf, readPlace } from '../delivery-place.ts';
import { Collection, trusted, type Filter } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { untilUncontended } from './contention.ts';
import { declareCollection } from './declaration.ts';
import { removeFirst, trimOldest } from './limited-removal.ts';

interface DeliveryDocument {
  app: string;
  id: string;
  provider: string;
  providerMessageId?: string;
  userId: string;
  messageId: string;
  stream: string;
  seq: number;
  deviceId: string;
  deviceType: DeviceType;
  acceptedAt: number;
  events: DeliveryEvent[];
}

interface ReservationDocument extends Reservation {
  app: string;
}

export const deliveries = declareCollection<DeliveryDocument>(
  'deliveries',
  {
    ...{ app: String, id: String, provider: String, providerMessageId: String, userId: String },
    ...{ messageId: String, stream: String, seq: Number, deviceId: String, deviceType: String },
    ...{ acceptedAt: Number, events: [String] },
  },
  [
    { key: { app: 1, id: 1 }, unique: true },
    { key: { app: 1, provider: 1, providerMessageId: 1, acceptedAt: 1 } },
    { key: { app: 1, provider: 1, acceptedAt: 1, id: 1 } },
    { key: { app: 1, acceptedAt: 1, id: 1 } },
    { key: { app: 1, userId: 1 } },
  ],
);

export const reservations = declareCollection<ReservationDocument>(
  'reservations',
  { app: String, key: String, userId: String, owner: String, through: Number, at: Number },
  [{ key: { app: 1, key: 1 }, unique: true }, { key: { app: 1, at: 1 } }, { key: { app: 1, userId: 1 } }],
);

const oldestFirst = { acceptedAt: 1, id: 1 } as const;

export class MongoDeliveries implements DeliveryStore {
  readonly #deliveries: Collection<DeliveryDocument>;
  readonly #reservations: Collection<ReservationDocument>;
  readonly #clock: Clock;

  constructor(connection: MongoConnection, clock: Clock) {
    this.#deliveries = new Collection(connection, deliveries);
    this.#reservations = new Collection(connection, reservations);
    this.#clock = clock;
  }

  async put(app: AppId, records: readonly DeliveryRecord[]): Promise<void> {
    await this.#deliveries.batch(
      records.map((record) => {
        const { providerMessageId, about, device, id, ...rest } = record;
        const first = { ...rest, ...about, deviceId: device.id, deviceType: device.deviceType, events: [] };
        const named = providerMessageId === undefined ? {} : { $set: { providerMessageId } };
        return { updateOne: { filter: { app, id }, update: { $setOnInsert: first, ...named }, upsert: true } };
      }),
    );
  }

  async find(app: AppId, { ids, of }: DeliveryNames): Promise<KnownDelivery[]> {
    const [byId, byName] = await Promise.all([
      ids.length === 0 ? [] : this.#deliveries.find({ app, id: trusted({ $in: [...ids] }) }),
      of === undefined || of.providerMessageIds.length === 0
        ? []
        : this.#deliveries.find(
            { app, provider: of.provider, providerMessageId: trusted({ $in: [...of.providerMessageIds] }) },
            { sort: oldestFirst },
          ),
    ]);
    // The last of a name is the newest.
    const newest = new Map(byName.map((document) => [document.providerMessageId, document]));
    const found = [...byId, ...newest.values()].map(toDelivery);
    return [...new Map(found.map((delivery) => [delivery.id, delivery])).values()];
  }

  async addEvent(app: AppId, id: string, event: DeliveryEvent): Promise<boolean> {
    const filter = { app, id, events: trusted({ $ne: event }) } as Filter<DeliveryDocument>;
    return (await this.#deliveries.update(filter, { $push: { events: event } })).modified > 0;
  }

  async accepted(
    app: AppId,
    provider: string,
    { from, before, after, limit }: PageRequest & { from: number; before: number },
  ): Promise<Page<KnownDelivery>> {
    const place = readPlace(after, from);
    const filter = {
      ...{ app, provider },
      $or: [
        { acceptedAt: trusted({ $gt: place.acceptedAt, $lt: before }) },
        { acceptedAt: trusted({ $eq: place.acceptedAt, $lt: before }), id: trusted({ $gt: place.id }) },
      ],
    } as Filter<DeliveryDocument>;
    const found = await this.#deliveries.find(filter, { sort: oldestFirst, limit: limit + 1 });
    const items = found.slice(0, limit).map(toDelivery);
    const last = items.at(-1);
    return { items, ...(found.length > limit && last !== undefined ? { next: placeOf(last) } : {}) };
  }

  /** A try that was cut off and made again finds its own. */
  reserve(app: AppId, { key, ...reservation }: Reservation): Promise<{ isMine: boolean; through: number }> {
    const { owner, through } = reservation;
    return untilUncontended(this.#clock, async () => {
      const less = { app, key, through: trusted({ $lt: through }) };
      if ((await this.#reservations.update(less, { $set: reservation })).matched > 0) return { isMine: true, through };
      const there = await this.#reservations.findOne({ app, key });
      if (there !== undefined)
        return there.through < through ? undefined : { isMine: there.owner === owner, through: there.through };
      return (await this.#reservations.insert({ app, key, ...reservation })) ? { isMine: true, through } : undefined;
    });
  }

  async prune(app: AppId, beforeMs: number, limit: number): Promise<number> {
    const old = trusted({ $lt: beforeMs });
    const counts = await Promise.all([
      removeFirst(this.#deliveries, { filter: { app, acceptedAt: old }, sort: oldestFirst, limit }),
      removeFirst(this.#reservations, { filter: { app, at: old }, sort: { at: 1 }, limit }),
    ]);
    return counts[0] + counts[1];
  }

  trim(app: AppId, keep: number, limit: number): Promise<number> {
    return trimOldest(this.#deliveries, app, { keep, limit, sort: oldestFirst });
  }

  async erase(app: AppId, { userId, limit }: EraseRequest): Promise<Erased> {
    const counts = await Promise.all([
      removeFirst(this.#deliveries, { filter: { app, userId }, sort: { _id: 1 }, limit }),
      removeFirst(this.#reservations, { filter: { app, userId }, sort: { _id: 1 }, limit }),
    ]);
    const isMore = counts.some((count) => count === limit);
    return { erased: counts[0] + counts[1], ...(isMore ? { next: 'the rest' } : {}) };
  }
}

function toDelivery(document: DeliveryDocument): KnownDelivery {
  const { id, provider, providerMessageId, userId, messageId, stream, seq, deviceId, deviceType } = document;
  return {
    ...{ id, provider, userId },
    ...(providerMessageId === undefined ? {} : { providerMessageId }),
    about: { messageId, stream, seq },
    device: { id: deviceId, deviceType },
    acceptedAt: document.acceptedAt,
    events: [...document.events],
  };
}
