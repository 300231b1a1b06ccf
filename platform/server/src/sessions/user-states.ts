// Answers which users are online and where, from presence and the user store. Reporting changes: watches.ts.
import type { DeviceType, PresenceState } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConnectionRecord, Presence } from '../ports/presence.ts';
import type { UserStore } from '../ports/stores/users.ts';
import type { LastSeen } from './last-seen.ts';

/** A connection of a user, on whichever node it is. */
export interface UserDeviceInfo {
  connectionId: string;
  deviceType: DeviceType;
  /** ISO 8601, UTC, ms. */
  connectedAt: string;
  page: string;
  node: string;
  visible: boolean;
  attended: boolean;
  policyVersion?: number;
}

interface UserStatesDeps {
  presence: Presence;
  users: Pick<UserStore, 'get'>;
  lastSeen: Pick<LastSeen, 'pending'>;
  clock: Clock;
}

export interface UserStates {
  info(app: AppId, userId: string): Promise<UserDeviceInfo[]>;
  /** In the order asked. An unknown user is offline. */
  presenceOf(app: AppId, userIds: readonly string[]): Promise<PresenceState[]>;
}

export function createUserStates({ presence, users, lastSeen, clock }: UserStatesDeps): UserStates {
  return {
    async info(app, userId) {
      const records = (await presence.ofUsers(app, [userId])).get(userId) ?? [];
      return records.map(deviceInfo).toSorted((a, b) => (a.connectedAt < b.connectedAt ? -1 : 1));
    },
    async presenceOf(app, userIds) {
      const records = await presence.ofUsers(app, userIds);
      const offline = userIds.filter((userId) => (records.get(userId)?.length ?? 0) === 0);
      const profiles = offline.length === 0 ? undefined : await users.get(app, offline);
      return userIds.map((userId) => {
        const here = records.get(userId) ?? [];
        // A connected user is seen now.
        const seenAt =
          here.length > 0 ? clock.now() : latest(profiles?.get(userId)?.lastSeenAt, lastSeen.pending(app, userId));
        return {
          userId,
          online: here.length > 0,
          deviceTypes: [...new Set(here.map((record) => record.deviceType))].toSorted(),
          ...(seenAt === undefined ? {} : { lastSeenAt: new Date(seenAt).toISOString() }),
        };
      });
    },
  };
}

function deviceInfo(record: ConnectionRecord): UserDeviceInfo {
  const { connectionId, deviceType, connectedAt, page, node, visible, attended, policyVersion } = record;
  const confirmed = policyVersion === undefined ? {} : { policyVersion };
  return { connectionId, deviceType, connectedAt, page, node, visible, attended, ...confirmed };
}

function latest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : Math.max(a, b ?? 0);
}
