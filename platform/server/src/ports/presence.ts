// The connections of all nodes of the installation. Who may connect is decided before a record is made.

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
  /** Somebody sits there, as the client says. Never without `visible`. */
  attended: boolean;
  /** The version of the page policy that the client says it has put into effect. */
  policyVersion?: number;
  /** In which others see that the user is there. */
  topics?: readonly string[];
  node: string;
  /** ISO 8601, UTC, ms. */
  connectedAt: string;
}

/** The fields that may change while a connection lives. */
export type ConnectionChange = Partial<
  Pick<
    ConnectionRecord,
    'page' | 'pattern' | 'connectionType' | 'features' | 'visible' | 'attended' | 'policyVersion' | 'topics'
  >
>;

/**
 * How many connections an app has, in numbers that are kept as records come and go. Those of a node that died go
 * when another has cleaned up after it.
 */
export interface PresenceCount {
  connections: number;
  /** Of these, the ones that other nodes own. */
  elsewhere: number;
  /** Users with at least one connection; visitors are none. */
  users: number;
  byDeviceType: Readonly<Partial<Record<DeviceType, number>>>;
  /** By the pattern of the page's policy. */
  byPattern: Readonly<Record<string, number>>;
}

/**
 * Guarantees: a record is owned by its node and readable from every node before `join` resolves; readers
 * never see records of a node whose lease ran out (15 s, renewed every 5 s); `change` and `leave` of an
 * unknown connection do nothing. Nothing here is durable: a directory that has lost everything gets the
 * records of each node back from that node. Callers may not change the records that they get.
 *
 * No method costs more than its question and its answer: nothing reads all connections of an app, however
 * many there are.
 */
export interface Presence {
  join(app: AppId, record: ConnectionRecord): Promise<void>;
  change(app: AppId, connectionId: string, change: ConnectionChange): Promise<void>;
  leave(app: AppId, connectionId: string): Promise<void>;
  /** The records of these users; a user without a connection is not in the map. */
  ofUsers(app: AppId, userIds: readonly string[]): Promise<ReadonlyMap<string, readonly ConnectionRecord[]>>;
  /**
   * The records of these users that another node owns. Where no other node has any, the number of users costs
   * nothing.
   */
  elsewhere(app: AppId, userIds: readonly string[]): Promise<readonly ConnectionRecord[]>;
  /** The nodes that own connections of these users, each once. */
  nodesOf(app: AppId, userIds: readonly string[]): Promise<readonly string[]>;
  byId(app: AppId, connectionId: string): Promise<ConnectionRecord | undefined>;
  count(app: AppId): Promise<PresenceCount>;
  /** In the order of their ids. A record that comes or goes between two pages moves no other. */
  page(app: AppId, range: PresenceRange): Promise<readonly ConnectionRecord[]>;
  /** Those with the topic among their `topics`, in the order of their ids. */
  ofTopic(
    app: AppId,
    topic: string,
    range: Pick<PresenceRange, 'after' | 'limit'>,
  ): Promise<readonly ConnectionRecord[]>;
}

export interface PresenceRange {
  /** Only those after this id. */
  after?: string | undefined;
  limit: number;
  /** Only those that other nodes own. */
  elsewhere?: boolean;
}

/** A record that a node owns. */
export interface OwnedRecord {
  app: AppId;
  record: ConnectionRecord;
}

/** What presence asks a node for, and says to it. */
export interface PresenceNode {
  /** The connections that this node has now. */
  own: () => Iterable<OwnedRecord>;
  /**
   * Another node is gone, and readers see its records no more. A hint: a node may be gone that had closed, and
   * nothing is said of one that went while the directory was away.
   */
  nodeGone?: () => void;
  /**
   * Readers may not have seen all records of this node for a while, since its lease had run out or the directory had
   * lost them, and see them again.
   */
  seenAgain?: () => void;
  /**
   * Another node died, and this one has cleaned up after it: of each user who had connections there, one of them.
   * Of all nodes one is told, once, unless it dies over it. The user may have connections elsewhere.
   */
  lost?: (app: AppId, records: readonly ConnectionRecord[]) => void;
}

/** The part of presence that belongs to the installation. */
export interface PresenceDriver extends Presence {
  /** Before the first `join`. When the directory has lost everything, the records of `own` are written back. */
  connect(node: PresenceNode): Promise<void>;
  state(): 'up' | 'down';
  close(): Promise<void>;
}
