// The records of apps in Redis, read and written by the scripts. Whose lease has run out is the reader's to ask:
// redis-presence.ts.

import { forEachBounded } from '../../../concurrency/for-each-bounded.ts';
import { partsOf } from '../../../concurrency/parts-of.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { ConnectionChange, ConnectionRecord } from '../../../ports/presence.ts';
import type { RedisConnection } from '../../redis/connect.ts';
import { orUnavailable } from '../../redis/or-unavailable.ts';
import type { Script } from '../../redis/script.ts';
import { appBase, nodeKeys, scripts } from './keys.ts';
import { fieldLines, toText } from './record-text.ts';

/** A script with so many users takes about a millisecond, for which everybody else waits. */
const usersAtOnce = 1000;
/** Written at once, so that the questions about 10,000 users take one round trip. */
const callsAtOnce = 10;

/** The counts of an app as Redis has them. */
export interface RawCounts {
  byOwner: ReadonlyMap<string, number>;
  users: number;
  /** By the lines of records that are counted, e.g. `"deviceType":"mobile"`. */
  byLine: ReadonlyMap<string, number>;
}

export class AppRecords {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  /** Before the first record of an owner in an app. */
  async announce(app: AppId, owner: string): Promise<void> {
    // First: whoever cleans up after this owner looks for its records in these apps alone.
    await orUnavailable(() => this.#connection.sadd(nodeKeys.appsOf(owner), app));
    await this.#run(scripts.announce, app, [owner]);
  }

  /** Whether the app still knows the owner, and a text that differs when another server has the app. */
  async look(app: AppId, owner: string): Promise<{ isKnown: boolean; server: string }> {
    const [known, server] = (await this.#run(scripts.look, app, [owner])) as [number, string];
    return { isKnown: known === 1, server };
  }

  /** False when the app has lost what it knew of the owner. */
  async join(app: AppId, owner: string, record: ConnectionRecord): Promise<boolean> {
    return (await this.#run(scripts.join, app, [record.connectionId, toText(owner, record)])) === 1;
  }

  /** Commands that are sent after this call are done after it. */
  async writeBack(app: AppId, owner: string, records: readonly ConnectionRecord[]): Promise<void> {
    const args = records.flatMap((record) => [record.connectionId, toText(owner, record)]);
    const call = { keys: [appBase(app)], args };
    await orUnavailable(() => scripts.join.runInTurn(this.#connection, call));
  }

  async change(app: AppId, connectionId: string, { owner, change }: { owner: string; change: ConnectionChange }) {
    await this.#run(scripts.change, app, [owner, connectionId, ...fieldLines(change)]);
  }

  async leave(app: AppId, owner: string, connectionIds: readonly string[]): Promise<void> {
    await this.#run(scripts.leave, app, [owner, ...connectionIds]);
  }

  /** Takes so many records of an owner away and gives their texts; none when there are no more. */
  async sweep(app: AppId, owner: string, limit: number): Promise<readonly string[]> {
    return (await this.#run(scripts.sweep, app, [owner, limit])) as string[];
  }

  /** Texts. */
  async ofUsers(app: AppId, userIds: readonly string[], exceptOwner = ''): Promise<readonly string[]> {
    return this.#forUsers(userIds, async (some) => this.#run(scripts.ofUsers, app, [exceptOwner, ...some]));
  }

  /** An owner may be there more than once. */
  async ownersOf(app: AppId, userIds: readonly string[]): Promise<readonly string[]> {
    return this.#forUsers(userIds, async (some) => this.#run(scripts.ownersOf, app, some));
  }

  async byId(app: AppId, connectionId: string): Promise<string | undefined> {
    const text = await orUnavailable(() => this.#connection.hget(`${appBase(app)}:records`, connectionId));
    return text ?? undefined;
  }

  /** Texts, in the order of their ids. */
  async page(
    app: AppId,
    owners: readonly string[],
    { after = '', limit }: { after?: string | undefined; limit: number },
  ) {
    return (await this.#run(scripts.page, app, [after, limit, ...owners])) as string[];
  }

  /** Texts, in the order of their ids; fewer than asked for when there are no more. */
  async ofTopic(app: AppId, topic: string, { after = '', limit }: { after?: string | undefined; limit: number }) {
    return (await this.#run(scripts.ofTopic, app, [topic, after, limit])) as string[];
  }

  /** The ids of an owner's records after an id, in their order. */
  async idsOf(app: AppId, owner: string, { after, limit }: { after: string | undefined; limit: number }) {
    const from = after === undefined ? '-' : `(${after}`;
    const key = `${appBase(app)}:ids:${owner}`;
    return orUnavailable(() => this.#connection.zrangebylex(key, from, '+', 'LIMIT', 0, limit));
  }

  async counts(app: AppId): Promise<RawCounts> {
    const all = await orUnavailable(() => this.#connection.hgetall(`${appBase(app)}:counts`));
    const [byOwner, byLine] = [new Map<string, number>(), new Map<string, number>()];
    let users = 0;
    for (const [name, text] of Object.entries(all)) {
      const count = Number(text);
      if (name === 'users') users = count;
      else if (name.startsWith('"')) byLine.set(name, count);
      else byOwner.set(name.slice('owner '.length), count);
    }
    return { byOwner, users, byLine };
  }

  async #forUsers(
    userIds: readonly string[],
    ask: (some: readonly string[]) => Promise<unknown>,
  ): Promise<readonly string[]> {
    const wanted = [...new Set(userIds)].map((userId) => JSON.stringify(userId));
    const parts = [...partsOf(wanted, usersAtOnce)];
    const found: (readonly string[])[] = [];
    await forEachBounded([...parts.entries()], callsAtOnce, async ([place, some]) => {
      found[place] = (await ask(some)) as string[];
    });
    return found.flat();
  }

  #run(script: Script, app: AppId, args: readonly (string | number)[]): Promise<unknown> {
    return orUnavailable(() => script.run(this.#connection, { keys: [appBase(app)], args }));
  }
}
