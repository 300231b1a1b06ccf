// Page policies: reading, changing with a version each, going back, and reporting changes to all who live by
// them. Enforcing them on connections is sessions'.

import { BelfryError, notFound, toServedPolicy, type PagePolicy, type PagePolicyInput } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Facts } from '../ports/facts.ts';
import type { PageStore, PageVersion } from '../ports/stores/index.ts';
import { LiveSets, type LiveSetsDeps, type PolicySetListener } from './live-sets.ts';
import type { PolicySet } from './policy-set.ts';

export interface PagesDeps extends LiveSetsDeps {
  store: PageStore;
  facts: Pick<Facts, 'record'>;
  limits: { pagesPerApp: number; pageVersions: number };
}

/** Rounds of read, add one, put. Each lost round means that somebody else's change was stored. */
const maxRounds = 5;

export class Pages {
  readonly #deps: PagesDeps;
  readonly #live: LiveSets;
  /** The patterns that the provision file manages. */
  readonly #managed = new Map<AppId, ReadonlySet<string>>();

  constructor(deps: PagesDeps) {
    this.#deps = deps;
    this.#live = new LiveSets(deps);
  }

  /** From memory once it was read; rejects with `unavailable` when it never was and the store is away. */
  set(app: AppId): Promise<PolicySet> {
    return this.#live.set(app);
  }

  /** Called after a set in memory was replaced by a different one; not for the first reading. */
  onChange(listen: PolicySetListener): void {
    this.#live.onChange(listen);
  }

  start(): void {
    this.#live.start();
  }

  async stop(): Promise<void> {
    await this.#live.stop();
  }

  /**
   * Stores a new version, or none when nothing would change. Throws `managed_by_file`; `too_many` for one more
   * page than an app may have; `conflict` when others keep being faster. Live everywhere within a second.
   */
  async put(app: AppId, input: PagePolicyInput, by: string): Promise<{ policy: PagePolicy; created: boolean }> {
    this.#refuseManaged(app, input.pattern);
    for (let round = 0; round < maxRounds; round += 1) {
      const newest = await this.#newestOf(app, input.pattern);
      const created = newest === undefined || newest.removed;
      if (!created && sameContent(newest.policy, input)) return { policy: newest.policy, created };
      if (created) await this.#refuseTooMany(app);
      const policy = this.#next(newest, input, by);
      if (await this.#put(app, { policy, removed: false })) {
        this.#record(app, policy, false);
        await this.#live.changed(app);
        return { policy, created };
      }
    }
    throw new BelfryError('conflict');
  }

  /** Newest first. */
  history(
    app: AppId,
    pattern: string,
    page: { beforeVersion?: number; limit: number },
  ): Promise<readonly PageVersion[]> {
    return this.#deps.store.history(app, pattern, page);
  }

  /**
   * A new version with the content of an earlier one. Throws `not_found` for a version that is not there or
   * took the page away, and as `put`.
   */
  async revert(
    app: AppId,
    { pattern, version }: { pattern: string; version: number },
    by: string,
  ): Promise<PagePolicy> {
    const [found] = await this.history(app, pattern, { beforeVersion: version + 1, limit: 1 });
    if (found?.policy.version !== version || found.removed) throw notFound('version of this page policy');
    return (await this.put(app, inputOf(found.policy), by)).policy;
  }

  /** False when there is no such page. Throws as `put`. */
  async remove(app: AppId, pattern: string, by: string): Promise<boolean> {
    this.#refuseManaged(app, pattern);
    for (let round = 0; round < maxRounds; round += 1) {
      const newest = await this.#newestOf(app, pattern);
      if (newest === undefined || newest.removed) return false;
      const policy = this.#next(newest, inputOf(newest.policy), by);
      if (await this.#put(app, { policy, removed: true })) {
        this.#record(app, policy, true);
        await this.#live.changed(app);
        return true;
      }
    }
    throw new BelfryError('conflict');
  }

  /** From now on these patterns, and no others of the app, are the provision file's. */
  manage(app: AppId, patterns: readonly string[]): void {
    this.#managed.set(app, new Set(patterns));
  }

  #record(app: AppId, { pattern, version, updatedBy: by }: PagePolicy, removed: boolean): void {
    const { clock, facts } = this.#deps;
    facts.record(app, { type: 'policy.changed', atMs: clock.now(), pattern, version, by, removed });
  }

  #refuseManaged(app: AppId, pattern: string): void {
    if (this.#managed.get(app)?.has(pattern) === true) throw new BelfryError('managed_by_file', { path: ['pattern'] });
  }

  async #refuseTooMany(app: AppId): Promise<void> {
    const { store, limits } = this.#deps;
    if ((await store.list(app)).length < limits.pagesPerApp) return;
    throw new BelfryError('too_many', {
      message: `An app has at most ${limits.pagesPerApp} pages; one pattern may stand for many paths.`,
      path: ['pattern'],
    });
  }

  #put(app: AppId, version: PageVersion): Promise<boolean> {
    const { store, limits } = this.#deps;
    return store.put(app, version, { versions: limits.pageVersions, removed: limits.pageVersions });
  }

  async #newestOf(app: AppId, pattern: string): Promise<PageVersion | undefined> {
    return (await this.#deps.store.history(app, pattern, { limit: 1 }))[0];
  }

  #next(newest: PageVersion | undefined, input: PagePolicyInput, by: string): PagePolicy {
    return {
      ...input,
      version: (newest?.policy.version ?? 0) + 1,
      updatedAt: new Date(this.#deps.clock.now()).toISOString(),
      updatedBy: by,
    };
  }
}

function inputOf(policy: PagePolicyInput): PagePolicyInput {
  const { version: _, ...input } = toServedPolicy({ ...policy, version: 0 });
  return input;
}

function sameContent(a: PagePolicyInput, b: PagePolicyInput): boolean {
  return JSON.stringify(inputOf(a)) === JSON.stringify(inputOf(b));
}
