// The connections of one app, indexed by id and by user. Not whose they are to change: the hub decides.

import type { ConnectionRecord } from '../../../ports/presence.ts';

export interface Directory {
  put(owner: string, record: ConnectionRecord): void;
  remove(connectionId: string): void;
  removeOwnedBy(owner: string): void;
  ownedBy(owner: string, connectionId: string): ConnectionRecord | undefined;
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

  const remove = (connectionId: string): void => {
    const record = records.get(connectionId);
    if (record === undefined) return;
    records.delete(connectionId);
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
      const next = place === -1 ? [...old, record] : old.with(place, record);
      users.set(record.userId, Object.freeze(next));
      records.set(record.connectionId, record);
      owners.set(record.connectionId, owner);
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
    all: () => (everyone ??= Object.freeze([...records.values()])),
  };
}
