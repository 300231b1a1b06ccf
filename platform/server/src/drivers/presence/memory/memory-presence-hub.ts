// Presence within one process: the embedded engine uses it with one node, and tests with several. Not a
// directory between processes.

import { BelfryError } from '@belfry/protocol';
import type { AppId } from '../../../ports/app-id.ts';
import type { ConnectionRecord, PresenceDriver, PresenceNode } from '../../../ports/presence.ts';
import { Directory } from './directory.ts';

export class MemoryPresenceHub {
  readonly #apps = new Map<AppId, Directory>();
  /** The nodes that are connected. */
  readonly #owners = new Map<string, PresenceNode>();
  readonly #dead = new Set<string>();
  #isReachable = true;

  /** A node that comes back under its old name is a new process. */
  connect(node: string): PresenceDriver {
    this.#dead.delete(node);
    let isClosed = false;
    const state = (): 'up' | 'down' => (this.#isReachable && !isClosed && !this.#dead.has(node) ? 'up' : 'down');
    const of = (app: AppId): Directory => {
      if (state() === 'down') throw new BelfryError('unavailable');
      return this.#directory(app);
    };
    return {
      connect: async (asked) => void this.#owners.set(node, asked),
      join: async (app, record) => of(app).put(node, Object.freeze({ ...record })),
      async change(app, connectionId, change) {
        const records = of(app);
        const before = records.ownedBy(node, connectionId);
        if (before !== undefined) records.put(node, Object.freeze({ ...before, ...change }));
      },
      async leave(app, connectionId) {
        const records = of(app);
        if (records.ownedBy(node, connectionId) !== undefined) records.remove(connectionId);
      },
      ofUsers: async (app, userIds) => of(app).ofUsers(userIds),
      elsewhere: async (app, userIds) => of(app).notOwnedBy(node, userIds),
      nodesOf: async (app, userIds) => of(app).ownersOf(userIds),
      byId: async (app, connectionId) => of(app).byId(connectionId),
      count: async (app) => of(app).countFor(node),
      page: async (app, range) => of(app).page(range, range.elsewhere === true ? node : undefined),
      ofTopic: async (app, topic, range) => of(app).ofTopic(topic, range),
      state,
      close: async () => {
        if (!isClosed) this.#forget(node);
        isClosed = true;
      },
    };
  }

  /**
   * As when the process of that node dies and its lease runs out: its records are gone, and it can do nothing
   * more.
   */
  kill(node: string): void {
    this.#dead.add(node);
    const lost = this.#forget(node);
    for (const { nodeGone } of this.#owners.values()) nodeGone?.();
    const [survivor] = this.#owners.values();
    for (const [app, records] of lost) survivor?.lost?.(app, records);
  }

  /**
   * The directory is empty from one moment to the next, as a server without a disk that restarts; every node
   * that is connected notices.
   */
  loseEverything(): void {
    this.#apps.clear();
    for (const [node, { own }] of this.#owners) {
      for (const { app, record } of own()) this.#directory(app).put(node, Object.freeze({ ...record }));
    }
    for (const { seenAgain } of this.#owners.values()) seenAgain?.();
  }

  /** The directory can't be reached from anywhere: every method rejects with `unavailable`. */
  down(): void {
    this.#isReachable = false;
  }

  up(): void {
    this.#isReachable = true;
  }

  #directory(app: AppId): Directory {
    const found = this.#apps.get(app) ?? new Directory();
    this.#apps.set(app, found);
    return found;
  }

  /** Of each user whose connections were there, one of them. */
  #forget(node: string): readonly (readonly [AppId, readonly ConnectionRecord[]])[] {
    this.#owners.delete(node);
    return [...this.#apps].flatMap(([app, records]) => {
      const byUser = new Map(records.removeOwnedBy(node).map((record) => [record.userId, record]));
      return byUser.size === 0 ? [] : [[app, [...byUser.values()]] as const];
    });
  }
}
