// Page policies: reading, changing with a version each, going back, and reporting changes to all who live by
// them. Enforcing them on connections is sessions'.

import { BelfryError, notFound, toServedPolicy, type PagePolicy, type PagePolicyInput } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Facts } from '../ports/facts.ts';
import type { PagePlace, PageStore, PageVersion, PageVia } from '../ports/stores/index.ts';
import { LiveSets, type LiveSetsDeps, type PolicySetListener } from './live-sets.ts';
import { createPolicySet, type PolicySet } from './policy-set.ts';

export interface PagesDeps extends LiveSetsDeps {
  store: PageStore;
  facts: Pick<Facts, 'record'>;
  limits: { pagesPerApp: number; pageVersions: number };
}

/** `check` is given the policy that is there, undefined for none, and throws where it must not be changed. */
export type PageChange = (
  | { op: 'put'; policy: PagePolicyInput }
  | { op: 'remove'; pattern: string }
  | { op: 'revert'; pattern: string; version: number }
) & { check?: (current: PagePolicy | undefined) => void };

export interface PageAuthor {
  by: string;
  via: PageVia;
  /** Why. */
  note?: string | undefined;
}

export interface ChangedPage {
  pattern: string;
  /** The new one, also of a page that was taken away. */
  version: number;
  before: PagePolicy | undefined;
  after: PagePolicy | undefined;
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
  async put(app: AppId, policy: PagePolicyInput, by: string): Promise<{ policy: PagePolicy; created: boolean }> {
    const [changed] = await this.change(app, [{ op: 'put', policy }], { by, via: 'api_key' });
    if (changed?.after !== undefined) return { policy: changed.after, created: changed.before === undefined };
    const newest = await this.#newestOf(app, policy.pattern);
    if (newest === undefined || newest.removed) throw new BelfryError('conflict');
    return { policy: newest.policy, created: false };
  }

  /**
   * All of them or none, each of another pattern. What changes nothing is left out, of the answer as well. Throws
   * as `put`, and what a `check` throws.
   */
  async change(app: AppId, changes: readonly PageChange[], author: PageAuthor): Promise<ChangedPage[]> {
    for (const change of changes) this.#refuseManaged(app, patternOf(change));
    for (let round = 0; round < maxRounds; round += 1) {
      const planned = await Promise.all(changes.map((change) => this.#plan(app, change)));
      const made = planned.filter((each) => each !== undefined);
      if (made.length === 0) return [];
      await this.#refuseTooMany(app, made);
      const { by, via, note } = author;
      const versions = made.map(({ content, next, after }) => ({
        policy: this.#version(content, next, by),
        ...{ removed: after === undefined, via, ...(note === undefined ? {} : { note }) },
      }));
      if (!(await this.#putAll(app, versions))) continue;
      for (const { policy, removed } of versions) this.#record(app, policy, removed);
      await this.#live.changed(app);
      return versions.map(({ policy, removed }, at) => ({
        ...{ pattern: policy.pattern, before: made[at]?.before, version: policy.version },
        after: removed ? undefined : policy,
      }));
    }
    throw new BelfryError('conflict');
  }

  /** The policies as they would be after these changes. Stores nothing. */
  async preview(app: AppId, changes: readonly PageChange[]): Promise<PolicySet> {
    const policies = new Map((await this.set(app)).policies.map((policy) => [policy.pattern, policy]));
    for (const planned of await Promise.all(changes.map((change) => this.#plan(app, change)))) {
      if (planned === undefined) continue;
      const { pattern } = planned.content;
      if (planned.after === undefined) policies.delete(pattern);
      else policies.set(pattern, this.#version(planned.after, planned.next, ''));
    }
    return createPolicySet([...policies.values()]);
  }

  /** Newest first. */
  history(
    app: AppId,
    pattern: string,
    page: { beforeVersion?: number; limit: number },
  ): Promise<readonly PageVersion[]> {
    return this.#deps.store.history(app, pattern, page);
  }

  /** Of all patterns; newest first. */
  historyOfAll(app: AppId, page: { before?: PagePlace; limit: number }): Promise<readonly PageVersion[]> {
    return this.#deps.store.historyOfAll(app, page);
  }

  /**
   * A new version with the content of an earlier one. Throws `not_found` for a version that is not there or
   * took the page away, and as `put`.
   */
  async revert(app: AppId, to: { pattern: string; version: number }, by: string): Promise<PagePolicy> {
    return (await this.put(app, await this.#earlier(app, to), by)).policy;
  }

  /** False when there is no such page. Throws as `put`. */
  async remove(app: AppId, pattern: string, by: string): Promise<boolean> {
    return (await this.change(app, [{ op: 'remove', pattern }], { by, via: 'api_key' })).length > 0;
  }

  /** From now on these patterns, and no others of the app, are the provision file's. */
  manage(app: AppId, patterns: readonly string[]): void {
    this.#managed.set(app, new Set(patterns));
  }

  isManaged(app: AppId, pattern: string): boolean {
    return this.#managed.get(app)?.has(pattern) === true;
  }

  #record(app: AppId, { pattern, version, updatedBy: by }: PagePolicy, removed: boolean): void {
    const { clock, facts } = this.#deps;
    facts.record(app, { type: 'policy.changed', atMs: clock.now(), pattern, version, by, removed });
  }

  #refuseManaged(app: AppId, pattern: string): void {
    if (this.isManaged(app, pattern)) throw new BelfryError('managed_by_file', { path: ['pattern'] });
  }

  async #refuseTooMany(app: AppId, planned: readonly PlannedChange[]): Promise<void> {
    const { store, limits } = this.#deps;
    const added = planned.filter(({ before }) => before === undefined).length;
    const gone = planned.filter(({ after }) => after === undefined).length;
    if (added === 0 || (await store.list(app)).length + added - gone <= limits.pagesPerApp) return;
    throw new BelfryError('too_many', {
      message: `An app has at most ${limits.pagesPerApp} pages; one pattern may stand for many paths.`,
      path: ['pattern'],
    });
  }

  /** Undefined where it changes nothing. */
  async #plan(app: AppId, change: PageChange): Promise<PlannedChange | undefined> {
    const newest = await this.#newestOf(app, patternOf(change));
    const before = newest === undefined || newest.removed ? undefined : newest.policy;
    change.check?.(before);
    const next = (newest?.policy.version ?? 0) + 1;
    if (change.op === 'remove') {
      return before && { content: inputOf(before), next, before, after: undefined };
    }
    const content = change.op === 'put' ? change.policy : await this.#earlier(app, change);
    if (before !== undefined && sameContent(before, content)) return undefined;
    return { content, next, before, after: content };
  }

  async #earlier(app: AppId, { pattern, version }: { pattern: string; version: number }): Promise<PagePolicyInput> {
    const [found] = await this.history(app, pattern, { beforeVersion: version + 1, limit: 1 });
    if (found?.policy.version !== version || found.removed) throw notFound('version of this page policy');
    return inputOf(found.policy);
  }

  #putAll(app: AppId, versions: readonly PageVersion[]): Promise<boolean> {
    const { store, limits } = this.#deps;
    return store.putAll(app, versions, { versions: limits.pageVersions, removed: limits.pageVersions });
  }

  async #newestOf(app: AppId, pattern: string): Promise<PageVersion | undefined> {
    return (await this.#deps.store.history(app, pattern, { limit: 1 }))[0];
  }

  #version(content: PagePolicyInput, version: number, by: string): PagePolicy {
    return { ...content, version, updatedAt: new Date(this.#deps.clock.now()).toISOString(), updatedBy: by };
  }
}

/** What one change comes to, as the page is now. */
interface PlannedChange {
  content: PagePolicyInput;
  /** The number of the version. */
  next: number;
  before: PagePolicy | undefined;
  /** Undefined: the page is taken away. */
  after: PagePolicyInput | undefined;
}

function patternOf(change: PageChange): string {
  return change.op === 'put' ? change.policy.pattern : change.pattern;
}

function inputOf(policy: PagePolicyInput): PagePolicyInput {
  const { version: _, ...input } = toServedPolicy({ ...policy, version: 0 });
  return input;
}

function sameContent(a: PagePolicyInput, b: PagePolicyInput): boolean {
  return JSON.stringify(inputOf(a)) === JSON.stringify(inputOf(b));
}
