// Presence within one process: what the embedded engine uses with one node, and tests with several. Not a directory between processes.

import { BelfryError } from '@belfry/protocol';
import type { AppId } from '../../../ports/app-id.ts';
import type { PresenceDriver } from '../../../ports/presence.ts';
import { createDirectory } from './directory.ts';
import type { Directory } from './directory.ts';

export interface MemoryPresenceHub {
  connect(node: string): PresenceDriver;
  /** As when the process of that node dies and its lease runs out: its records are gone, and it can do nothing more. */
  kill(node: string): void;
  /** The directory can't be reached from anywhere: every method rejects with `unavailable`. */
  down(): void;
  up(): void;
}

export function createMemoryPresenceHub(): MemoryPresenceHub {
  const apps = new Map<AppId, Directory>();
  const dead = new Set<string>();
  let reachable = true;

  const directory = (app: AppId): Directory => {
    const found = apps.get(app) ?? createDirectory();
    apps.set(app, found);
    return found;
  };
  const kill = (node: string): void => {
    dead.add(node);
    for (const records of apps.values()) records.removeOwnedBy(node);
  };

  function connect(node: string): PresenceDriver {
    // A node that comes back under its old name is a new process.
    dead.delete(node);
    let closed = false;
    const state = (): 'up' | 'down' => (reachable && !closed && !dead.has(node) ? 'up' : 'down');
    const of = (app: AppId): Directory => {
      if (state() === 'down') throw new BelfryError('unavailable');
      return directory(app);
    };
    return {
      async join(app, record) {
        of(app).put(node, Object.freeze({ ...record }));
      },
      async change(app, connectionId, change) {
        const records = of(app);
        const before = records.ownedBy(node, connectionId);
        if (before !== undefined) records.put(node, Object.freeze({ ...before, ...change }));
      },
      async leave(app, connectionId) {
        const records = of(app);
        if (records.ownedBy(node, connectionId) !== undefined) records.remove(connectionId);
      },
      async ofUsers(app, userIds) {
        return of(app).ofUsers(userIds);
      },
      async all(app) {
        return of(app).all();
      },
      async elsewhere(app, userIds) {
        return of(app).notOwnedBy(node, userIds);
      },
      async byId(app, connectionId) {
        return of(app).byId(connectionId);
      },
      state,
      async close() {
        if (!closed) for (const records of apps.values()) records.removeOwnedBy(node);
        closed = true;
      },
    };
  }

  return { connect, kill, down: () => void (reachable = false), up: () => void (reachable = true) };
}
