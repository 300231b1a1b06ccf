// Keeps the policy sets of the apps in use at hand and up to date. Not the place where policies are changed: pages.ts.

import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { PageStore } from '../ports/stores/index.ts';
import { createPolicySet, type PolicySet } from './policy-set.ts';

export type PolicySetListener = (app: AppId, set: PolicySet) => void;

export interface LiveSets {
  /** From memory once it was read; rejects with `unavailable` when it never was and the store is away. */
  set(app: AppId): Promise<PolicySet>;
  /** The set as it is in memory; undefined when it was not read so far. */
  setNow(app: AppId): PolicySet | undefined;
  /** Reads again, tells listeners here when it is another set, and the other nodes that they should do the same. */
  changed(app: AppId): Promise<PolicySet>;
  /** Called after a set in memory was replaced by a different one; not for the first reading. */
  onChange(listen: PolicySetListener): void;
  start(): void;
  stop(): Promise<void>;
}

/** A hint that the bus lost is made good after this long (guarantees.md, G8). */
const rereadMs = 10_000;

interface Entry {
  set: PolicySet | undefined;
  reading: Promise<PolicySet> | undefined;
  /** A reading that begins when `reading` has ended: it sees what was written after `reading` had begun. */
  next: Promise<PolicySet> | undefined;
}

export function createLiveSets(deps: { store: Pick<PageStore, 'list'>; bus: Bus; clock: Clock }): LiveSets {
  const { store, bus, clock } = deps;
  const entries = new Map<AppId, Entry>();
  const listeners: PolicySetListener[] = [];
  let timer: Timer | undefined;
  let stopped = false;

  bus.control.on('pages_changed', ({ app }) => {
    const entry = entries.get(app);
    if (entry !== undefined) readQuietly(app, entry);
  });
  // Hints may have been missed while the bus was away.
  bus.onState((state) => {
    if (state === 'up') readAllQuietly();
  });

  return {
    async set(app) {
      const entry = entryOf(app);
      return entry.set ?? entry.reading ?? read(app, entry);
    },
    setNow: (app) => entries.get(app)?.set,
    async changed(app) {
      const set = await read(app, entryOf(app));
      // The others hear of it within `rereadMs` even when the bus is away.
      bus.control.publish({ type: 'pages_changed', app }).catch(() => undefined);
      return set;
    },
    onChange(listen) {
      listeners.push(listen);
    },
    start() {
      stopped = false;
      schedule();
    },
    async stop() {
      stopped = true;
      timer?.cancel();
      await Promise.allSettled([...entries.values()].map(({ reading, next }) => next ?? reading ?? Promise.resolve()));
    },
  };

  function entryOf(app: AppId): Entry {
    let entry = entries.get(app);
    if (entry === undefined) {
      entry = { set: undefined, reading: undefined, next: undefined };
      entries.set(app, entry);
      const made = entry;
      // What changed between the first reading and the subscription is found by reading once more.
      bus.events.follow(app).then(
        () => readQuietly(app, made),
        () => undefined,
      );
    }
    return entry;
  }

  /** Two readings never overlap, so an older list cannot replace a newer one. */
  function read(app: AppId, entry: Entry): Promise<PolicySet> {
    if (entry.reading === undefined) return begin(app, entry);
    entry.next ??= entry.reading
      .catch(() => undefined)
      .then(() => {
        entry.next = undefined;
        return begin(app, entry);
      });
    return entry.next;
  }

  function begin(app: AppId, entry: Entry): Promise<PolicySet> {
    const reading = load(app, entry).finally(() => {
      if (entry.reading === reading) entry.reading = undefined;
    });
    entry.reading = reading;
    return reading;
  }

  async function load(app: AppId, entry: Entry): Promise<PolicySet> {
    const before = entry.set;
    const set = createPolicySet(await store.list(app), before);
    if (set.etag === before?.etag) return before;
    entry.set = set;
    if (before !== undefined) for (const listen of listeners) listen(app, set);
    return set;
  }

  // A store that is away is told about by its driver; the set in memory stands until it is back.
  function readQuietly(app: AppId, entry: Entry): void {
    if (!stopped) read(app, entry).catch(() => undefined);
  }

  function readAllQuietly(): void {
    for (const [app, entry] of entries) readQuietly(app, entry);
  }

  function schedule(): void {
    timer = clock.after(rereadMs, () => {
      readAllQuietly();
      schedule();
    });
  }
}
