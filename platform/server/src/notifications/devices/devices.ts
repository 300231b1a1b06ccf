// Push targets: registered, listed, removed. Sending to them is the worker's; what a target must look like is
// its provider's to say.

import { createHash } from 'node:crypto';
import { BelfryError, type Device as WireDevice, type DeviceType } from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import type { AppId } from '../../ports/app-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Facts } from '../../ports/facts.ts';
import type { Device, DeviceStore, UserStore } from '../../ports/stores/index.ts';
import { checkTimeZone } from '../preferences/time-zone.ts';

/** The part of a configured provider that devices need, as the plugin host hands it out. */
export interface TargetCheck {
  parseTarget(
    target: unknown,
  ): { ok: true; value: unknown } | { ok: false; path: readonly PropertyKey[]; detail: string };
}

export interface DeviceDraft {
  userId: string;
  /** The id of one of the app's provider configurations. */
  provider: string;
  target: Record<string, unknown>;
  deviceType: DeviceType;
  locale?: string | undefined;
  timeZone?: string | undefined;
}

export interface Devices {
  /**
   * The same target again is the same device; one that another user had is this user's from now on. Throws
   * `unknown_provider`, `invalid_target` with the path.
   */
  register(app: AppId, draft: DeviceDraft): Promise<WireDevice>;
  /** In order of registration. */
  list(app: AppId, userId: string): Promise<WireDevice[]>;
  /** With `ownerId` only when it is that user's. Throws `not_found` alike for none and for another's. */
  get(app: AppId, deviceId: string, ownerId?: string): Promise<WireDevice>;
  /** As `get`. */
  remove(app: AppId, deviceId: string, ownerId?: string): Promise<void>;
}

export function createDevices(deps: {
  store: DeviceStore;
  users: Pick<UserStore, 'get'>;
  provider: (app: AppId, providerId: string) => Promise<TargetCheck | undefined>;
  clock: Clock;
  facts: Pick<Facts, 'record'>;
}): Devices {
  const { store, users, provider, clock, facts } = deps;

  return {
    async register(app, draft) {
      const validator = await provider(app, draft.provider);
      if (validator === undefined) throw new BelfryError('unknown_provider', { path: ['provider'] });
      const verdict = validator.parseTarget(draft.target);
      if (!verdict.ok) {
        throw new BelfryError('invalid_target', { message: verdict.detail, path: ['target', ...verdict.path] });
      }
      const { userId, deviceType, locale, timeZone } = draft;
      const target = asObject(verdict.value);
      const now = clock.now();
      const { signedOutAt } = (await users.get(app, [draft.userId])).get(draft.userId) ?? {};
      const id = uuidv7();
      const device = await store.register(app, {
        id,
        userId,
        provider: draft.provider,
        target,
        targetHash: hashTarget(draft.provider, target),
        deviceType,
        ...(locale === undefined ? {} : { locale }),
        ...(timeZone === undefined ? {} : { timeZone: checkTimeZone(timeZone, ['timeZone']) }),
        createdAt: now,
        // After the sign-out also where the wall clock was set back since: it was registered again.
        updatedAt: Math.max(now, (signedOutAt ?? -Infinity) + 1),
      });
      const registered = { deviceId: device.id, userId, provider: draft.provider, deviceType };
      facts.record(app, { type: 'device.registered', atMs: now, ...registered, isNew: device.id === id });
      return view(device);
    },
    async list(app, userId) {
      return ((await store.ofUsers(app, [userId])).get(userId) ?? []).map(view);
    },
    get: async (app, deviceId, ownerId) => view(await find(app, deviceId, ownerId)),
    async remove(app, deviceId, ownerId) {
      const device = await find(app, deviceId, ownerId);
      if (!(await store.remove(app, device.id))) throw new BelfryError('not_found');
      const { id, userId, provider: of } = device;
      facts.record(app, {
        ...{ type: 'device.gone', atMs: clock.now(), deviceId: id, userId, provider: of, because: 'removed' },
      });
    },
  };

  async function find(app: AppId, deviceId: string, ownerId: string | undefined): Promise<Device> {
    const device = await store.get(app, deviceId);
    if (device === undefined || (ownerId !== undefined && device.userId !== ownerId)) {
      throw new BelfryError('not_found');
    }
    return device;
  }
}

/** SHA-256 (hex) of provider and target, whatever the order in which the target's members came. */
export function hashTarget(provider: string, target: Readonly<Record<string, unknown>>): string {
  return createHash('sha256')
    .update(JSON.stringify([provider, ordered(target)]))
    .digest('hex');
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

function asObject(value: unknown): Record<string, unknown> {
  // A provider's target schema is an object's (plugin-kit says so), so this only guards against a provider
  // that breaks its word.
  if (typeof value !== 'object' || value === null) throw new BelfryError('invalid_target', { path: ['target'] });
  return Object.fromEntries(Object.entries(value));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return members.map(([key, member]) => [key, ordered(member)]);
}
