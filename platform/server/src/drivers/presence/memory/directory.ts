// The connections of one app, indexed by id and by user. Not whose they are to change: the hub decides.

import type { ConnectionRecord } from '../../../ports/presence.ts';

export interface Directory {
  put(owner: string, record: ConnectionRecord): void;
  remove(connectionId: string): void;
  removeOwnedBy(owner: string): void;
  ownedBy(owner: string, connectionId: string): ConnectionRecord | undefined;
  /** Of these users, or of all. */
  notOwnedBy(owner: string, userIds: readonly string[] | undefined): readonly ConnectionRecord[];
  byId(connectionId: string): ConnectionRecord | undefined;
  ofUsers(userIds: readonly string[]): ReadonlyMap<string, readonly ConnectionRecord[]>;
  all(): readonly ConnectionRecord[];
}

/**
 * Reads are many and writes few, so reads copy nothing: a user's records are one frozen array, made anew when one of them changes, and handed
 * out to every reader.
 */
export function createDirectory(): Directory {
  const owners = new Map<string, string>();
  const records = new Map<string, ConnectionRecord>();
  const users = new Map<string, readonly ConnectionRecord[]>();
  let everyone: readonly ConnectionRecord[] | undefined;
  /** How many records each owner has. */
  const owned = new Map<string, number>();

  const count = (owner: string, by: 1 | -1): void => {
    const next = (owned.get(owner) ?? 0) + by;
    if (next === 0) owned.delete(owner);
    else owned.set(owner, next);
  };
  const remove = (connectionId: string): void => {
    const record = records.get(connectionId);
    if (record === undefined) return;
    records.delete(connectionId);
    const owner = owners.get(connectionId);
    if (owner !== undefined) count(owner, -1);
    owners.delete(connectionId);
    everyone = undefined;
    const left = (users.get(record.userId) ?? []).filter((other) => other.connectionId !== connectionId);
    if (left.length > 0) users.set(record.userId, Object.freeze(left));
    else users.delete(record.userId);
  };

  return {
    put(owner, record) {
      const before = records.get(record.connectionId);
      // Of another user under the same id: a new connection, not a change.
      if (before !== undefined && before.userId !== record.userId) remove(record.connectionId);
      const old = users.get(record.userId) ?? [];
      const place = old.findIndex(({ connectionId }) => connectionId === record.connectionId);
      // A spread would leave room for sixteen more.
      const next = place === -1 ? old.concat(record) : old.with(place, record);
      users.set(record.userId, Object.freeze(next));
      records.set(record.connectionId, record);
      const ownerBefore = owners.get(record.connectionId);
      if (ownerBefore !== undefined) count(ownerBefore, -1);
      owners.set(record.connectionId, owner);
      count(owner, 1);
      everyone = undefined;
    },
    remove,
    removeOwnedBy(owner) {
      for (const [connectionId, by] of [...owners]) if (by === owner) remove(connectionId);
    },
    ownedBy: (owner, connectionId) => (owners.get(connectionId) === owner ? records.get(connectionId) : undefined),
    byId: (connectionId) => records.get(connectionId),
    ofUsers(userIds) {
      const found = new Map<string, readonly ConnectionRecord[]>();
      for (const userId of userIds) {
        const own = users.get(userId);
        if (own !== undefined) found.set(userId, own);
      }
      return found;
    },
    notOwnedBy(owner, userIds) {
      // As on an installation of one node.
      if (owned.size === 0 || (owned.size === 1 && owned.has(owner))) return [];
      const candidates = userIds === undefined ? [...records.values()] : userIds.flatMap((id) => users.get(id) ?? []);
      return candidates.filter(({ connectionId }) => owners.get(connectionId) !== owner);
    },
    all: () => (everyone ??= Object.freeze([...records.values()])),
  };
}
