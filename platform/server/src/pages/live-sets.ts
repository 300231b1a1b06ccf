// Keeps the policy sets of the apps in use at hand and up to date, and lets go of the others. Changing
// policies is pages.ts.

import { keptForGood, NearCache } from '../caching/near-cache.ts';
import { Rounds } from '../concurrency/rounds.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { PageStore } from '../ports/stores/index.ts';
import { createPolicySet, type PolicySet } from './policy-set.ts';

export type PolicySetListener = (app: AppId, set: PolicySet) => void;

export interface LiveSetsDeps {
  store: Pick<PageStore, 'list'>;
  bus: Pick<Bus, 'control' | 'onState'>;
  clock: Clock;
  /**
   * Whether connections here live by the app's policies: they are then kept up to date although nobody asks
   * for them.
   */
  isConnected: (app: AppId) => boolean;
}

/** A hint that the bus lost is made good after this long (docs/guarantees.md, G8). */
const rereadMs = 10_000;
/** With the round that notices it, an app is let go of a minute after it was used last. */
const idleMs = 50_000;
const maxApps = 100_000;

interface InUse {
  /** Monotonic. */
  usedAtMs: number;
  /** The set that everybody who lives by it knows; undefined until the first one is read. */
  known: PolicySet | undefined;
}

export class LiveSets {
  readonly #deps: LiveSetsDeps;
  readonly #sets: NearCache<PolicySet>;
  readonly #apps = new Map<AppId, InUse>();
  readonly #listeners: PolicySetListener[] = [];
  readonly #rounds: Rounds;
  readonly #rereads = new Set<Promise<void>>();
  #isStopped = false;

  constructor(deps: LiveSetsDeps) {
    const { bus, clock } = deps;
    this.#deps = deps;
    this.#sets = new NearCache({ clock, maxAgeMs: keptForGood, maxSize: maxApps, isKeptWhileRefreshed: true });
    this.#rounds = new Rounds({ clock, everyMs: rereadMs, run: () => this.#round() });
    bus.control.on('pages_changed', ({ app }) => void this.#reread(app));
    // Hints may have been missed while the bus was away.
    bus.onState((state) => {
      if (state === 'up') for (const app of this.#apps.keys()) void this.#reread(app);
    });
  }

  /** From memory once it was read; rejects with `unavailable` when it never was and the store is away. */
  async set(app: AppId): Promise<PolicySet> {
    const inUse = this.#use(app);
    const set = await this.#sets.get(app, (before) => this.#load(app, before));
    inUse.known ??= set;
    return set;
  }

  /**
   * Reads again, calls listeners here when it is another set, and publishes to the other nodes that they are
   * to do the same.
   */
  async changed(app: AppId): Promise<PolicySet> {
    this.#use(app);
    const set = await this.#refresh(app);
    // The others hear of it within `rereadMs` even when the bus is away.
    this.#deps.bus.control.publish({ type: 'pages_changed', app }).catch(() => undefined);
    return set;
  }

  /** Called after a set in memory was replaced by a different one; not for the first reading. */
  onChange(listen: PolicySetListener): void {
    this.#listeners.push(listen);
  }

  start(): void {
    this.#isStopped = false;
    this.#rounds.start();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([this.#rounds.stop(), ...this.#rereads]);
  }

  #use(app: AppId): InUse {
    const usedAtMs = this.#deps.clock.monotonic();
    const known = this.#apps.get(app);
    if (known !== undefined) return Object.assign(known, { usedAtMs });
    const inUse = { usedAtMs, known: undefined };
    this.#apps.set(app, inUse);
    return inUse;
  }

  async #round(): Promise<void> {
    const idleSinceMs = this.#deps.clock.monotonic() - idleMs;
    const rereads: Promise<void>[] = [];
    for (const [app, { usedAtMs }] of this.#apps) {
      if (usedAtMs > idleSinceMs || this.#deps.isConnected(app)) rereads.push(this.#reread(app));
      else this.#letGo(app);
    }
    await Promise.all(rereads);
  }

  #letGo(app: AppId): void {
    this.#apps.delete(app);
    this.#sets.drop(app);
  }

  /**
   * Of an app in use. A store that is away is reported by its driver; the set in memory stands until it is
   * back.
   */
  async #reread(app: AppId): Promise<void> {
    if (this.#isStopped || !this.#apps.has(app)) return;
    const reread = this.#refresh(app).then(
      () => undefined,
      () => undefined,
    );
    this.#rereads.add(reread);
    await reread;
    this.#rereads.delete(reread);
  }

  async #refresh(app: AppId): Promise<PolicySet> {
    const set = await this.#sets.refresh(app, (before) => this.#load(app, before));
    const inUse = this.#apps.get(app);
    if (inUse === undefined || inUse.known === set) return set;
    const isFirst = inUse.known === undefined;
    // Before the listeners are called it is the set that everybody gets: no connection is made by the old one
    // after they looked at all there are.
    inUse.known = set;
    if (!isFirst) for (const listen of this.#listeners) listen(app, set);
    return set;
  }

  async #load(app: AppId, before: PolicySet | undefined): Promise<PolicySet> {
    const set = createPolicySet(await this.#deps.store.list(app), before);
    return set.etag === before?.etag ? before : set;
  }
}
