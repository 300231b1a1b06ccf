// Who is connected, anywhere in the installation. Not who may be: that is decided before a record is made.

import type { DeviceType } from '@belfry/protocol';
import type { AppId } from './app-id.ts';

/** One open connection. Plain JSON, so that it can travel between nodes. */
export interface ConnectionRecord {
  connectionId: string;
  userId: string;
  deviceId: string;
  deviceType: DeviceType;
  /** The path the client named, normalized; `pattern` is the policy it resolved to. */
  page: string;
  pattern: string;
  connectionType: string;
  /** The rights its page gives it; shared between records of one policy version, never changed in place. */
  features: readonly string[];
  visible: boolean;
  node: string;
  /** ISO 8601, UTC, ms. */
  connectedAt: string;
}

/** What may change while a connection lives. */
export type ConnectionChange = Partial<
  Pick<ConnectionRecord, 'page' | 'pattern' | 'connectionType' | 'features' | 'visible'>
>;

/**
 * Guarantees: a record is owned by its node and readable from every node before `join` resolves; readers never see records of a node whose lease ran out
 * (15 s, renewed every 5 s); `change` and `leave` of an unknown connection do nothing. Nothing here is durable.
 */
export interface Presence {
  join(app: AppId, record: ConnectionRecord): Promise<void>;
  change(app: AppId, connectionId: string, change: ConnectionChange): Promise<void>;
  leave(app: AppId, connectionId: string): Promise<void>;
  /** The records of these users; a user without a connection is not in the map. Callers may not change what they get. */
  ofUsers(app: AppId, userIds: readonly string[]): Promise<ReadonlyMap<string, readonly ConnectionRecord[]>>;
  /** Every record of the app. */
  all(app: AppId): Promise<readonly ConnectionRecord[]>;
  /** The records of these users, or of all when undefined, that another node owns. Where no other node has any, the number of users costs nothing. */
  elsewhere(app: AppId, userIds: readonly string[] | undefined): Promise<readonly ConnectionRecord[]>;
  byId(app: AppId, connectionId: string): Promise<ConnectionRecord | undefined>;
}

/** The part of presence that belongs to the installation. */
export interface PresenceDriver extends Presence {
  state(): 'up' | 'down';
  close(): Promise<void>;
}
