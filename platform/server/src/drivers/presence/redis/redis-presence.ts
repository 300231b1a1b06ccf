// Presence on Redis, for the nodes of a cluster: every record belongs to an owner with a lease, and readers leave
// out what belongs to others. What Redis keeps is in keys.ts; keeping it true is upkeep.ts.

import type { AppId } from '../../../ports/app-id.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Log } from '../../../ports/log.ts';
import type {
  ConnectionChange,
  ConnectionRecord,
  PresenceCount,
  PresenceDriver,
  PresenceNode,
  PresenceRange,
} from '../../../ports/presence.ts';
import { connectRedis, type RedisAddress, type RedisConnection } from '../../redis/connect.ts';
import { AppRecords, type RawCounts } from './app-records.ts';
import { NodeLease } from './node-lease.ts';
import { fromText, ownerOf } from './record-text.ts';
import { Upkeep } from './upkeep.ts';

const defaultLeaseMs = 15_000;
/** A lease is renewed so often while it lasts, so that a renewal may fail. */
const renewalsPerLease = 3;
const recordsAtOnce = 1000;

export interface RedisPresenceDeps {
  address: RedisAddress;
  node: string;
  clock: Clock;
  log: Log;
  /** Readers see nothing of a node that is silent for so long. For tests. */
  leaseMs?: number;
}

export class RedisPresence implements PresenceDriver {
  readonly #connection: RedisConnection;
  readonly #lease: NodeLease;
  readonly #records: AppRecords;
  readonly #upkeep: Upkeep;
  #closed: Promise<void> | undefined;

  constructor({ address, node, clock, log, leaseMs = defaultLeaseMs }: RedisPresenceDeps) {
    const renewMs = leaseMs / renewalsPerLease;
    const connection = connectRedis(address, `belfry presence ${encodeURIComponent(node)}`);
    this.#connection = connection;
    const lease = new NodeLease({ connection, node, clock, leaseMs, graceMs: renewMs });
    const records = new AppRecords(connection);
    this.#lease = lease;
    this.#records = records;
    this.#upkeep = new Upkeep({ connection, lease, records, clock, log, leaseMs, renewMs });
  }

  async connect(node: PresenceNode): Promise<void> {
    await this.#upkeep.start(node);
  }

  async join(app: AppId, record: ConnectionRecord): Promise<void> {
    const owner = await this.#upkeep.enter(app);
    if (!(await this.#records.join(app, owner, record))) this.#upkeep.lost(app);
  }

  async change(app: AppId, connectionId: string, change: ConnectionChange): Promise<void> {
    await this.#records.change(app, connectionId, { owner: this.#lease.owner, change });
  }

  async leave(app: AppId, connectionId: string): Promise<void> {
    await this.#records.leave(app, this.#lease.owner, [connectionId]);
  }

  async ofUsers(app: AppId, userIds: readonly string[]): Promise<ReadonlyMap<string, readonly ConnectionRecord[]>> {
    const found = new Map<string, ConnectionRecord[]>();
    for (const record of await this.#alive(await this.#records.ofUsers(app, userIds))) {
      const list = found.get(record.userId);
      if (list === undefined) found.set(record.userId, [record]);
      else list.push(record);
    }
    return found;
  }

  async elsewhere(app: AppId, userIds: readonly string[]): Promise<readonly ConnectionRecord[]> {
    const others = await this.#ownersIn(await this.#records.counts(app), { elsewhere: true });
    if (others.length === 0) return [];
    return this.#alive(await this.#records.ofUsers(app, userIds, this.#lease.owner));
  }

  async nodesOf(app: AppId, userIds: readonly string[]): Promise<readonly string[]> {
    const nodes = await this.#lease.nodesOf(await this.#records.ownersOf(app, userIds));
    return [...new Set(nodes.values())];
  }

  async byId(app: AppId, connectionId: string): Promise<ConnectionRecord | undefined> {
    const text = await this.#records.byId(app, connectionId);
    return text === undefined ? undefined : (await this.#alive([text]))[0];
  }

  /** A node that died is out of the sums at once, and out of the rest when another has cleaned up after it. */
  async count(app: AppId): Promise<PresenceCount> {
    const counts = await this.#records.counts(app);
    const owners = await this.#ownersIn(counts, {});
    const sum = (some: readonly string[]): number =>
      some.reduce((all, owner) => all + (counts.byOwner.get(owner) ?? 0), 0);
    return {
      connections: sum(owners),
      elsewhere: sum(owners.filter((owner) => owner !== this.#lease.owner)),
      users: counts.users,
      ...countsByValue(counts),
    };
  }

  async page(app: AppId, range: PresenceRange): Promise<readonly ConnectionRecord[]> {
    const owners = await this.#ownersIn(await this.#records.counts(app), range);
    const found: ConnectionRecord[] = [];
    let { after } = range;
    while (owners.length > 0 && found.length < range.limit) {
      const limit = Math.min(range.limit - found.length, recordsAtOnce);
      const texts = await this.#records.page(app, owners, { after, limit });
      found.push(...texts.map(fromText));
      after = found.at(-1)?.connectionId;
      if (texts.length < limit) break;
    }
    return found;
  }

  async ofTopic(
    app: AppId,
    topic: string,
    range: Pick<PresenceRange, 'after' | 'limit'>,
  ): Promise<readonly ConnectionRecord[]> {
    const found: ConnectionRecord[] = [];
    let { after } = range;
    while (found.length < range.limit) {
      const limit = Math.min(range.limit - found.length, recordsAtOnce);
      const texts = await this.#records.ofTopic(app, topic, { after, limit });
      found.push(...(await this.#alive(texts)));
      const last = texts.at(-1);
      if (last === undefined || texts.length < limit) break;
      after = fromText(last).connectionId;
    }
    return found;
  }

  state(): 'up' | 'down' {
    return this.#closed === undefined && this.#upkeep.isUp ? 'up' : 'down';
  }

  close(): Promise<void> {
    this.#closed ??= this.#upkeep.stop().finally(() => this.#connection.disconnect());
    return this.#closed;
  }

  /** The records of those that have a lease. */
  async #alive(texts: readonly string[]): Promise<ConnectionRecord[]> {
    const nodes = await this.#lease.nodesOf(texts.map(ownerOf));
    return texts.filter((text) => nodes.has(ownerOf(text))).map(fromText);
  }

  /** The owners of records that have a lease. */
  async #ownersIn(counts: RawCounts, { elsewhere = false }: { elsewhere?: boolean }): Promise<readonly string[]> {
    const owners = [...counts.byOwner].filter(([, count]) => count > 0).map(([owner]) => owner);
    const asked = elsewhere ? owners.filter((owner) => owner !== this.#lease.owner) : owners;
    return [...(await this.#lease.nodesOf(asked)).keys()];
  }
}

function countsByValue({ byLine }: RawCounts): Pick<PresenceCount, 'byDeviceType' | 'byPattern'> {
  const read = [...byLine].map(([line, count]) => {
    const { deviceType, pattern } = JSON.parse(`{${line}}`) as Partial<ConnectionRecord>;
    return { deviceType, pattern, count };
  });
  return {
    byDeviceType: Object.fromEntries(
      read.flatMap(({ deviceType, count }) => (deviceType === undefined ? [] : [[deviceType, count]])),
    ),
    byPattern: Object.fromEntries(
      read.flatMap(({ pattern, count }) => (pattern === undefined ? [] : [[pattern, count]])),
    ),
  };
}
