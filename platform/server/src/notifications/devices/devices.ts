// Push targets: registered, listed, removed. Sending to them is the worker's; what a target must look like is
// its provider's to say.

import { BelfryError, notFound, type Device as WireDevice, type DeviceType } from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import type { AppId } from '../../ports/app-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Facts } from '../../ports/facts.ts';
import type { Log } from '../../ports/log.ts';
import type { Device, DeviceStore, UserStore } from '../../ports/stores/index.ts';
import { checkTarget, hashTarget, refuseTooLarge, type ProviderOf } from './check-target.ts';
import type { Renewals } from './renewals.ts';
import { checkTimeZone } from '../preferences/time-zone.ts';

export interface DeviceDraft {
  userId: string;
  /** The id of one of the app's provider configurations. */
  provider: string;
  target: Record<string, unknown>;
  deviceType: DeviceType;
  locale?: string | undefined;
  timeZone?: string | undefined;
}

/** Who says that a target is a user's: the user, unless said, or the app. */
export type RegisteredBy = 'user' | 'backEnd';

export interface Devices {
  /**
   * The same target again is the same device. One that another user has moves to this user where targets are
   * secret, since a phone changed hands, or where a back end says so. One more than a user may have takes the
   * place of the one that was registered longest ago. Throws `conflict` where a user names another's that is
   * not secret; `unknown_provider`, `invalid_target` with the path, `too_large`.
   */
  register(app: AppId, draft: DeviceDraft, by?: RegisteredBy): Promise<WireDevice & { renewal: string }>;
  /** In order of registration. */
  list(app: AppId, userId: string): Promise<WireDevice[]>;
  /** With `ownerId` only when it is that user's. Throws `not_found` alike for none and for another's. */
  get(app: AppId, deviceId: string, ownerId?: string): Promise<WireDevice>;
  /** As `get`. */
  remove(app: AppId, deviceId: string, ownerId?: string): Promise<void>;
}

export interface DevicesDeps {
  store: DeviceStore;
  users: Pick<UserStore, 'get'>;
  provider: ProviderOf;
  renewals: Pick<Renewals, 'credentialOf'>;
  clock: Clock;
  facts: Pick<Facts, 'record'>;
  log: Pick<Log, 'info'>;
  limits: { devicesPerUser: number; deviceTargetBytes: number };
}

export function createDevices(deps: DevicesDeps): Devices {
  const { store, users, provider, renewals, clock, facts, log, limits } = deps;

  return {
    async register(app, draft, by = 'user') {
      const { userId, deviceType, locale, timeZone } = draft;
      const { target, targetsAreSecret } = await checkTarget(provider, app, draft);
      refuseTooLarge(target, limits.deviceTargetBytes);
      const now = clock.now();
      const { signedOutAt } = (await users.get(app, [draft.userId])).get(draft.userId) ?? {};
      const id = uuidv7();
      const wanted = {
        ...{ id, userId, provider: draft.provider, target, targetHash: hashTarget(draft.provider, target), deviceType },
        ...(locale === undefined ? {} : { locale }),
        ...(timeZone === undefined ? {} : { timeZone: checkTimeZone(timeZone, ['timeZone']) }),
        createdAt: now,
        // After the sign-out also where the wall clock was set back since: it was registered again.
        updatedAt: Math.max(now, (signedOutAt ?? -Infinity) + 1),
      };
      const keepsOwner = by === 'user' && !targetsAreSecret;
      const device = await store.register(app, wanted, { keepsOwner });
      if (device.userId !== userId) {
        const { id: deviceId, userId: ownerId, provider: of } = device;
        log.info('push target refused', { app, userId, ownerId, deviceId, provider: of });
        facts.record(app, { type: 'device.claimed', atMs: now, deviceId, userId: ownerId, provider: of, by: userId });
        throw new BelfryError('conflict', { message: 'This push target is another user’s.', path: ['target'] });
      }
      if (device.formerUserId !== undefined) reportMove(app, device, device.formerUserId);
      const registered = { deviceId: device.id, userId, provider: draft.provider, deviceType };
      facts.record(app, { type: 'device.registered', atMs: now, ...registered, isNew: device.id === id });
      await replaceOldest(deps, app, device);
      return { ...view(device), renewal: renewals.credentialOf(app, device) };
    },
    async list(app, userId) {
      return ((await store.ofUsers(app, [userId])).get(userId) ?? []).map(view);
    },
    get: async (app, deviceId, ownerId) => view(await find(app, deviceId, ownerId)),
    async remove(app, deviceId, ownerId) {
      const device = await find(app, deviceId, ownerId);
      if (!(await store.remove(app, device.id))) throw notFound('device');
      const { id, userId, provider: of } = device;
      facts.record(app, {
        ...{ type: 'device.gone', atMs: clock.now(), deviceId: id, userId, provider: of, because: 'removed' },
      });
    },
  };

  /** Whose it was is told as of a device that was removed: it is gone from their list. */
  function reportMove(app: AppId, { id: deviceId, provider: of, userId }: Device, formerUserId: string): void {
    log.info('push target moved', { app, userId, formerUserId, deviceId, provider: of });
    facts.record(app, {
      ...{ type: 'device.gone', atMs: clock.now(), deviceId, userId: formerUserId, provider: of, because: 'moved' },
    });
  }

  async function find(app: AppId, deviceId: string, ownerId: string | undefined): Promise<Device> {
    const device = await store.get(app, deviceId);
    if (device === undefined || (ownerId !== undefined && device.userId !== ownerId)) {
      throw notFound('device');
    }
    return device;
  }
}

/**
 * Above the limit those go that were registered longest ago: clients register anew whenever they start, so
 * these are most likely on phones and in browsers that nobody uses any more.
 */
async function replaceOldest(deps: DevicesDeps, app: AppId, newest: Device): Promise<void> {
  const { store, facts, clock, limits } = deps;
  const { userId } = newest;
  const others = ((await store.ofUsers(app, [userId])).get(userId) ?? []).filter(({ id }) => id !== newest.id);
  const oldestFirst = others.toSorted((a, b) => a.updatedAt - b.updatedAt || (a.id < b.id ? -1 : 1));
  for (const { id, provider: of } of oldestFirst.slice(0, Math.max(0, others.length + 1 - limits.devicesPerUser))) {
    if (!(await store.remove(app, id))) continue;
    const gone = { deviceId: id, userId, provider: of, because: 'replaced' } as const;
    facts.record(app, { type: 'device.gone', atMs: clock.now(), ...gone });
  }
}

function view(device: Device): WireDevice {
  const { id, userId, provider, deviceType, locale, timeZone, createdAt } = device;
  return {
    deviceId: id,
    userId,
    provider,
    deviceType,
    ...(locale === undefined ? {} : { locale }),
    ...(timeZone === undefined ? {} : { timeZone }),
    createdAt: new Date(createdAt).toISOString(),
  };
}
