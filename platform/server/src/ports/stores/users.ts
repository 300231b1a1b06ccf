// The records of an app's end users: profile, sign-out mark, push targets. Not their connections: those
// are presence.

import type { DeviceType } from '@belfry/protocol';
import type { AppId } from '../app-id.ts';
import type { Page, PageRequest } from './page.ts';
import type { Versioned } from './versioned.ts';

/** What tokens and connections say of a user. */
export interface SeenUser {
  userId: string;
  name?: string;
  avatar?: string;
  roles?: readonly string[];
  /** ms since the epoch. */
  lastSeenAt?: number;
  /** Tokens issued at or before this moment (ms since the epoch) are refused. */
  signedOutAt?: number;
}

/** What the app, or the user, set of a user. */
export interface UserDetails {
  name?: string;
  avatar?: string;
  /** BCP 47 and IANA names. */
  locale?: string;
  timeZone?: string;
  /** The app's own JSON, not interpreted. */
  metadata?: Record<string, unknown>;
}

/** `name` and `avatar` are those of `details`, and where it has none the newest that a token said. */
export interface UserProfile extends SeenUser {
  details?: Versioned<UserDetails>;
}

/** Guarantees: durable as messages; of several `putDetails` with one version exactly one is stored. */
export interface UserStore {
  get(app: AppId, userIds: readonly string[]): Promise<ReadonlyMap<string, UserProfile>>;
  /**
   * Merges what is given into what tokens and connections said before; `signedOutAt` and `lastSeenAt` only
   * grow.
   */
  merge(app: AppId, seen: readonly SeenUser[]): Promise<void>;
  /**
   * Replaces the details when `ifVersion` is the version that is there, 0 for none. False when another was
   * faster.
   */
  putDetails(app: AppId, userId: string, change: { details: UserDetails; ifVersion: number }): Promise<boolean>;
  /**
   * By user id. With `q` those of whom a word of the id or the name begins with it, whatever its case and
   * accents, in the order of what was found; each once. Costs by the page, not by all users there are.
   */
  list(app: AppId, page: PageRequest & { q?: string | undefined }): Promise<Page<UserProfile>>;
  /** How many `list` has, at most `most`. Costs by `most`, not by all users there are. */
  count(app: AppId, query: { q?: string | undefined; most: number }): Promise<number>;
  /**
   * Takes away all that is known. With `keepSignOut` the time of the last sign-out stays with the id where
   * there was one: tokens that were issued before it are still refused. False when there was nothing.
   */
  remove(app: AppId, userId: string, options: { keepSignOut: boolean }): Promise<boolean>;
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
  /** Newest last, one for each collapse key, at most `mostShown`. */
  shown?: readonly ShownPush[];
  createdAt: number;
  updatedAt: number;
}

/** The last notification that a service took for a device under one collapse key. */
export interface ShownPush {
  collapseKey: string;
  /** The service's own name of it. */
  messageId: string;
}

/** More conversations than anybody has notifications of at once; older ones stay where they are shown. */
export const mostShown = 20;

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
   * Inserts, or updates the device of the same target hash and keeps its id and `createdAt`, and what its
   * owner was shown. Returns what is stored. With `keepsOwner` a target of another user stays as it is: what is returned is that user's.
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
  /**
   * The message of this collapse key is this one from now on; without an id there is none. Changes nothing
   * else of the device, and nothing where there is none.
   */
  remember(app: AppId, deviceId: string, shown: Pick<ShownPush, 'collapseKey'> & Partial<ShownPush>): Promise<void>;
  get(app: AppId, deviceId: string): Promise<Device | undefined>;
  /** Users without a device are not in the map; devices in order of `createdAt`, then id. */
  ofUsers(app: AppId, userIds: readonly string[]): Promise<ReadonlyMap<string, readonly Device[]>>;
  remove(app: AppId, deviceId: string): Promise<boolean>;
}
