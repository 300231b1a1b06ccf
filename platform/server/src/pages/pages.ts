// Page policies: reading, changing with a version each, going back, and telling whoever lives by them. Enforcing them on connections is sessions'.

import { BelfryError, type PagePolicy, type PagePolicyInput } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { PageStore, PageVersion } from '../ports/stores/index.ts';
import { createLiveSets, type LiveSets } from './live-sets.ts';

export interface Pages extends Omit<LiveSets, 'changed'> {
  /** Stores a new version, or none when nothing would change. Throws `managed_by_file`; `conflict` when others keep being faster. Live everywhere within a second. */
  put(app: AppId, input: PagePolicyInput, by: string): Promise<{ policy: PagePolicy; created: boolean }>;
  /** Newest first. */
  history(
    app: AppId,
    pattern: string,
    page: { beforeVersion?: number; limit: number },
  ): Promise<readonly PageVersion[]>;
  /** A new version with the content of an earlier one. Throws `not_found` for a version that is not there or took the page away, and as `put`. */
  revert(app: AppId, to: { pattern: string; version: number }, by: string): Promise<PagePolicy>;
  /** False when there is no such page. Throws as `put`. */
  remove(app: AppId, pattern: string, by: string): Promise<boolean>;
  /** From now on these patterns, and no others of the app, are the provision file's. */
  manage(app: AppId, patterns: readonly string[]): void;
  isManaged(app: AppId, pattern: string): boolean;
}

/** Rounds of read, add one, put. Each lost round means that somebody else's change was stored. */
const maxRounds = 5;

export function createPages(deps: { store: PageStore; bus: Bus; clock: Clock }): Pages {
  const { store, clock } = deps;
  const live = createLiveSets(deps);
  const managed = new Map<AppId, ReadonlySet<string>>();

  return {
    set: (app) => live.set(app),
    setNow: (app) => live.setNow(app),
    onChange: (listen) => live.onChange(listen),
    start: () => live.start(),
    stop: () => live.stop(),
    put,
    history: (app, pattern, page) => store.history(app, pattern, page),
    async revert(app, { pattern, version }, by) {
      const [found] = await store.history(app, pattern, { beforeVersion: version + 1, limit: 1 });
      if (found?.policy.version !== version || found.removed) throw new BelfryError('not_found');
      return (await put(app, inputOf(found.policy), by)).policy;
    },
    async remove(app, pattern, by) {
      refuseManaged(app, pattern);
      for (let round = 0; round < maxRounds; round += 1) {
        const newest = await newestOf(app, pattern);
        if (newest === undefined || newest.removed) return false;
        if (await store.put(app, { policy: next(newest, inputOf(newest.policy), by), removed: true })) {
          await live.changed(app);
          return true;
        }
      }
      throw new BelfryError('conflict');
    },
    manage(app, patterns) {
      managed.set(app, new Set(patterns));
    },
    isManaged,
  };

  async function put(
    app: AppId,
    input: PagePolicyInput,
    by: string,
  ): Promise<{ policy: PagePolicy; created: boolean }> {
    refuseManaged(app, input.pattern);
    for (let round = 0; round < maxRounds; round += 1) {
      const newest = await newestOf(app, input.pattern);
      const created = newest === undefined || newest.removed;
      if (!created && sameContent(newest.policy, input)) return { policy: newest.policy, created };
      const policy = next(newest, input, by);
      if (await store.put(app, { policy, removed: false })) {
        await live.changed(app);
        return { policy, created };
      }
    }
    throw new BelfryError('conflict');
  }

  async function newestOf(app: AppId, pattern: string): Promise<PageVersion | undefined> {
    return (await store.history(app, pattern, { limit: 1 }))[0];
  }

  function next(newest: PageVersion | undefined, input: PagePolicyInput, by: string): PagePolicy {
    return {
      ...input,
      version: (newest?.policy.version ?? 0) + 1,
      updatedAt: new Date(clock.now()).toISOString(),
      updatedBy: by,
    };
  }

  function refuseManaged(app: AppId, pattern: string): void {
    if (isManaged(app, pattern)) throw new BelfryError('managed_by_file', { path: ['pattern'] });
  }

  function isManaged(app: AppId, pattern: string): boolean {
    return managed.get(app)?.has(pattern) ?? false;
  }
}

function inputOf(policy: PagePolicyInput): PagePolicyInput {
  const { pattern, enabled, requireAuth, autoConnect, connectionType, features } = policy;
  return { pattern, enabled, requireAuth, autoConnect, connectionType, features };
}

function sameContent(a: PagePolicyInput, b: PagePolicyInput): boolean {
  return JSON.stringify(inputOf(a)) === JSON.stringify(inputOf(b));
}
