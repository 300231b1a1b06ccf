// Registered push targets. Not whether a target still works: the provider says so.

import type { DeviceType } from '@belfry/protocol';
import type { GatheredByApp } from '../../../concurrency/gathered-by-app.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Device, DeviceStore, RegisteredDevice, ShownPush } from '../../../ports/stores/index.ts';
import { Collection, trusted } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { untilUncontended } from './contention.ts';
import { declareCollection } from './declaration.ts';
import { isDuplicateKey } from './failures.ts';
import { gatheredReads } from './gathered-reads.ts';
import { rememberShown } from '../remember-shown.ts';
import { replacing } from './versioned-put.ts';

interface DeviceDocument extends Omit<Device, 'target' | 'deviceType' | 'shown'> {
  app: string;
  /** JSON. */
  target: string;
  deviceType: string;
  /** JSON. */
  shown?: string;
}

export const devices = declareCollection<DeviceDocument>(
  'devices',
  {
    app: String,
    id: String,
    userId: String,
    provider: String,
    target: String,
    targetHash: String,
    deviceType: String,
    locale: String,
    timeZone: String,
    shown: String,
    createdAt: Number,
    updatedAt: Number,
  },
  [
    { key: { app: 1, id: 1 }, unique: true },
    { key: { app: 1, targetHash: 1 }, unique: true },
    { key: { app: 1, userId: 1, createdAt: 1, id: 1 } },
  ],
);

/** Users of which one read has the devices. */
const usersAtOnce = 500;

export class MongoDevices implements DeviceStore {
  readonly #devices: Collection<DeviceDocument>;
  readonly #clock: Clock;
  readonly #ofUsers: GatheredByApp<string, readonly Device[]>;

  constructor(connection: MongoConnection, clock: Clock) {
    this.#devices = new Collection(connection, devices);
    this.#ofUsers = gatheredReads(usersAtOnce, (app, userIds) => this.#read(app, userIds));
    this.#clock = clock;
  }

  register(app: AppId, device: Device, { keepsOwner = false } = {}): Promise<RegisteredDevice> {
    const { targetHash, userId } = device;
    return untilUncontended(this.#clock, async () => {
      const before = await this.#devices.findOne({ app, targetHash });
      if (before === undefined) return (await this.#devices.insert(toDocument(app, device))) ? device : undefined;
      if (keepsOwner && before.userId !== userId) return toDevice(before);
      const { id: _id, createdAt: _createdAt, ...said } = toDocument(app, device);
      // The owner is part of the condition: whose it was until now is told to one alone.
      const after = await this.#devices.change(
        { app, targetHash, userId: before.userId },
        replacing({
          ...{ ...said, locale: device.locale, timeZone: device.timeZone },
          ...(before.userId !== userId && { shown: undefined }),
        }),
      );
      if (after === undefined) return undefined;
      return { ...toDevice(after), ...(before.userId !== userId && { formerUserId: before.userId }) };
    });
  }

  async retarget(
    app: AppId,
    deviceId: string,
    { target, targetHash, updatedAt }: Pick<Device, 'target' | 'targetHash' | 'updatedAt'>,
  ): Promise<Device | undefined> {
    const change = { target: JSON.stringify(target), targetHash, updatedAt };
    try {
      const after = await this.#devices.change({ app, id: deviceId }, { $set: change });
      return after && toDevice(after);
    } catch (error) {
      if (isDuplicateKey(error)) return undefined;
      throw error;
    }
  }

  remember(app: AppId, deviceId: string, shown: Pick<ShownPush, 'collapseKey'> & Partial<ShownPush>): Promise<void> {
    return untilUncontended(this.#clock, async () => {
      const before = await this.#devices.findOne({ app, id: deviceId });
      if (before === undefined) return 'gone';
      const now = rememberShown(toDevice(before).shown, shown);
      const change = replacing<DeviceDocument>({ shown: now.length === 0 ? undefined : JSON.stringify(now) });
      // What it follows on is part of the condition, so of two at once the second begins anew.
      const known = before.shown ?? trusted({ $exists: false });
      return await this.#devices.change({ app, id: deviceId, shown: known }, change);
    }).then(() => undefined);
  }

  async get(app: AppId, deviceId: string): Promise<Device | undefined> {
    const found = await this.#devices.findOne({ app, id: deviceId });
    return found && toDevice(found);
  }

  ofUsers(app: AppId, userIds: readonly string[]): Promise<ReadonlyMap<string, readonly Device[]>> {
    return userIds.length === 0 ? Promise.resolve(new Map()) : this.#ofUsers.ofAll(app, userIds);
  }

  async #read(app: AppId, userIds: readonly string[]): Promise<Map<string, Device[]>> {
    const ofUsers = new Map<string, Device[]>();
    const found = await this.#devices.find(
      { app, userId: trusted({ $in: [...userIds] }) },
      { sort: { userId: 1, createdAt: 1, id: 1 } },
    );
    for (const document of found) {
      const before = ofUsers.get(document.userId);
      if (before === undefined) ofUsers.set(document.userId, [toDevice(document)]);
      else before.push(toDevice(document));
    }
    return ofUsers;
  }

  async remove(app: AppId, deviceId: string): Promise<boolean> {
    return (await this.#devices.remove({ app, id: deviceId })) > 0;
  }
}

function toDocument(app: AppId, { target, shown, ...device }: Device): DeviceDocument {
  const list = shown === undefined ? {} : { shown: JSON.stringify(shown) };
  return { ...device, app, target: JSON.stringify(target), ...list };
}

function toDevice(document: DeviceDocument): Device {
  const { locale, timeZone, shown } = document;
  return {
    id: document.id,
    userId: document.userId,
    provider: document.provider,
    target: JSON.parse(document.target) as Record<string, unknown>,
    targetHash: document.targetHash,
    // Written from a Device, so it is one of the types.
    deviceType: document.deviceType as DeviceType,
    ...(locale !== undefined && { locale }),
    ...(timeZone !== undefined && { timeZone }),
    ...(shown !== undefined && { shown: JSON.parse(shown) as ShownPush[] }),
    createdAt: document.createdAt,
    updatedAt: document.updatedAt,
  };
}
