// The connections of one app, indexed by id, user and topic, and counted. Who may change them is the hub's
// decision.

import { isVisitor } from '@belfry/protocol';
import type { ConnectionRecord, PresenceCount, PresenceRange } from '../../../ports/presence.ts';

/**
 * Reads are many and writes few, so reads copy nothing: a user's records are one frozen array, made anew when
 * one of them changes, and handed out to every reader.
 */
export class Directory {
  readonly #owners = new Map<string, string>();
  readonly #records = new Map<string, ConnectionRecord>();
  readonly #users = new Map<string, readonly ConnectionRecord[]>();
  /** How many records each owner has, and there are of each device type and page. */
  readonly #byOwner = new Map<string, number>();
  readonly #byDeviceType = new Map<string, number>();
  readonly #byPattern = new Map<string, number>();
  #usersCount = 0;
  readonly #all = new SortedIds();
  readonly #byTopic = new Map<string, SortedIds>();

  put(owner: string, record: ConnectionRecord): void {
    const before = this.#records.get(record.connectionId);
    // Of another user under the same id: a new connection, not a change.
    if (before !== undefined && before.userId !== record.userId) this.remove(record.connectionId);
    const old = this.#users.get(record.userId) ?? [];
    const place = old.findIndex(({ connectionId }) => connectionId === record.connectionId);
    if (old.length === 0 && !isVisitor(record.userId)) this.#usersCount += 1;
    // A spread would leave room for sixteen more.
    const next = place === -1 ? old.concat(record) : old.with(place, record);
    this.#users.set(record.userId, Object.freeze(next));
    this.#uncount(record.connectionId);
    this.#all.add(record.connectionId);
    if (before !== undefined) this.#leaveTopics(before);
    for (const topic of record.topics ?? []) {
      const ids = this.#byTopic.get(topic) ?? new SortedIds();
      this.#byTopic.set(topic, ids);
      ids.add(record.connectionId);
    }
    this.#records.set(record.connectionId, record);
    this.#owners.set(record.connectionId, owner);
    this.#count(owner, record, 1);
  }

  remove(connectionId: string): void {
    const record = this.#records.get(connectionId);
    if (record === undefined) return;
    this.#uncount(connectionId);
    this.#records.delete(connectionId);
    this.#owners.delete(connectionId);
    this.#all.delete(connectionId);
    this.#leaveTopics(record);
    const left = (this.#users.get(record.userId) ?? []).filter((other) => other.connectionId !== connectionId);
    if (left.length > 0) {
      this.#users.set(record.userId, Object.freeze(left));
      return;
    }
    this.#users.delete(record.userId);
    if (!isVisitor(record.userId)) this.#usersCount -= 1;
  }

  /** What was removed. */
  removeOwnedBy(owner: string): ConnectionRecord[] {
    const ids = [...this.#owners].flatMap(([connectionId, by]) => (by === owner ? [connectionId] : []));
    const removed = ids.flatMap((connectionId) => this.#records.get(connectionId) ?? []);
    for (const connectionId of ids) this.remove(connectionId);
    return removed;
  }

  ownedBy(owner: string, connectionId: string): ConnectionRecord | undefined {
    return this.#owners.get(connectionId) === owner ? this.#records.get(connectionId) : undefined;
  }

  byId(connectionId: string): ConnectionRecord | undefined {
    return this.#records.get(connectionId);
  }

  ofUsers(userIds: readonly string[]): ReadonlyMap<string, readonly ConnectionRecord[]> {
    const found = new Map<string, readonly ConnectionRecord[]>();
    for (const userId of userIds) {
      const own = this.#users.get(userId);
      if (own !== undefined) found.set(userId, own);
    }
    return found;
  }

  notOwnedBy(owner: string, userIds: readonly string[]): readonly ConnectionRecord[] {
    // As on an installation of one node.
    if (this.#elsewhere(owner) === 0) return [];
    return userIds
      .flatMap((userId) => this.#users.get(userId) ?? [])
      .filter(({ connectionId }) => this.#owners.get(connectionId) !== owner);
  }

  ownersOf(userIds: readonly string[]): readonly string[] {
    const owners = new Set<string>();
    for (const userId of userIds) {
      for (const { connectionId } of this.#users.get(userId) ?? []) {
        const owner = this.#owners.get(connectionId);
        if (owner !== undefined) owners.add(owner);
      }
    }
    return [...owners];
  }

  countFor(owner: string): PresenceCount {
    return {
      connections: this.#records.size,
      elsewhere: this.#elsewhere(owner),
      users: this.#usersCount,
      byDeviceType: Object.fromEntries(this.#byDeviceType),
      byPattern: Object.fromEntries(this.#byPattern),
    };
  }

  page({ after, limit }: PresenceRange, exceptOwner: string | undefined): readonly ConnectionRecord[] {
    return this.#recordsOf(this.#all, { after, limit }, exceptOwner);
  }

  ofTopic(topic: string, range: Pick<PresenceRange, 'after' | 'limit'>): readonly ConnectionRecord[] {
    const ids = this.#byTopic.get(topic);
    return ids === undefined ? [] : this.#recordsOf(ids, range, undefined);
  }

  #recordsOf(
    ids: SortedIds,
    { after = '', limit }: Pick<PresenceRange, 'after' | 'limit'>,
    exceptOwner: string | undefined,
  ): readonly ConnectionRecord[] {
    const found: ConnectionRecord[] = [];
    for (const id of ids.after(after)) {
      if (found.length >= limit) break;
      const record = this.#records.get(id);
      if (record !== undefined && (exceptOwner === undefined || this.#owners.get(id) !== exceptOwner))
        found.push(record);
    }
    return found;
  }

  #leaveTopics({ connectionId, topics = [] }: ConnectionRecord): void {
    for (const topic of topics) {
      const ids = this.#byTopic.get(topic);
      ids?.delete(connectionId);
      if (ids?.isEmpty === true) this.#byTopic.delete(topic);
    }
  }

  #elsewhere(owner: string): number {
    return this.#records.size - (this.#byOwner.get(owner) ?? 0);
  }

  #uncount(connectionId: string): void {
    const [owner, record] = [this.#owners.get(connectionId), this.#records.get(connectionId)];
    if (owner !== undefined && record !== undefined) this.#count(owner, record, -1);
  }

  #count(owner: string, { deviceType, pattern }: ConnectionRecord, by: 1 | -1): void {
    add(this.#byOwner, owner, by);
    add(this.#byDeviceType, deviceType, by);
    add(this.#byPattern, pattern, by);
  }
}

function add(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const next = (counts.get(key) ?? 0) + by;
  if (next === 0) counts.delete(key);
  else counts.set(key, next);
}

/** Sorted when they are read in order, and have changed since they were. */
class SortedIds {
  readonly #ids = new Set<string>();
  #sorted: readonly string[] | undefined;

  get isEmpty(): boolean {
    return this.#ids.size === 0;
  }

  add(id: string): void {
    if (this.#ids.has(id)) return;
    this.#ids.add(id);
    this.#sorted = undefined;
  }

  delete(id: string): void {
    if (this.#ids.delete(id)) this.#sorted = undefined;
  }

  *after(id: string): Generator<string> {
    this.#sorted ??= [...this.#ids].toSorted();
    const ids = this.#sorted;
    let [start, end] = [0, ids.length];
    while (start < end) {
      const middle = (start + end) >>> 1;
      if ((ids[middle] ?? '') <= id) start = middle + 1;
      else end = middle;
    }
    for (let place = start; place < ids.length; place += 1) yield ids[place] ?? '';
  }
}
