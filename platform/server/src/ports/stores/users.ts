// The records of an app's end users: profile, sign-out mark, push targets. Not their connections: those
// are presence.

import type { DeviceType } from '@belfry/protocol';
import type { AppId } from '../app-id.ts';

export interface UserProfile {
  userId: string;
  name?: string;
  avatar?: string;
  roles?: readonly string[];
  /** ms since the epoch. */
  lastSeenAt?: number;
  /** Tokens issued at or before this moment (ms since the epoch) are refused. */
  signedOutAt?: number;
}

/** Guarantees: durable as messages. */
export interface UserStore {
  get(app: AppId, userIds: readonly string[]): Promise<ReadonlyMap<string, UserProfile>>;
  /** Merges what is given into what is there; `signedOutAt` and `lastSeenAt` only grow. */
  merge(app: AppId, profiles: readonly UserProfile[]): Promise<void>;
}

/** A registered push target. */
export interface Device {
  id: string;
  userId: string;
  /** The id of one of the app's provider configurations. */
  provider: string;
  /** As the provider's target schema parsed it. */
  target: Record<string, unknown>;
  /** SHA-256 (hex) of provider and target: the same target registered again is the same device. */
  targetHash: string;
  deviceType: DeviceType;
  /** BCP 47 and IANA names. */
  locale?: string;
  timeZone?: string;
  createdAt: number;
  updatedAt: number;
}

export interface RegisteredDevice extends Device {
  /** Whose the target was until this call, where it moved. Not stored. */
  formerUserId?: string;
}

/**
 * Guarantees: durable as messages; (app, targetHash) is unique: a target registered by another user moves to
 * that user, or stays with the one who has it, and is never both's.
 */
export interface DeviceStore {
  /**
   * Inserts, or updates the device of the same target hash and keeps its id and `createdAt`. Returns what is
   * stored. With `keepsOwner` a target of another user stays as it is: what is returned is that user's.
   */
  register(app: AppId, device: Device, options?: { keepsOwner?: boolean }): Promise<RegisteredDevice>;
  /**
   * Gives a device another target, under its id. Undefined where there is no such device, or another has the
   * target.
   */
  retarget(
    app: AppId,
    deviceId: string,
    change: Pick<Device, 'target' | 'targetHash' | 'updatedAt'>,
  ): Promise<Device | undefined>;
  get(app: AppId, deviceId: string): Promise<Device | undefined>;
  /** Users without a device are not in the map; devices in order of `createdAt`, then id. */
  ofUsers(app: AppId, userIds: readonly string[]): Promise<ReadonlyMap<string, readonly Device[]>>;
  remove(app: AppId, deviceId: string): Promise<boolean>;
}
