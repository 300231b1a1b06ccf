// The configurations of every app, kept as the store has them: read when first asked for, then every few seconds or when told. Changes none.
import { NearCache } from '../caching/near-cache.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProviderRecord, ProviderStore } from '../ports/stores/settings.ts';
import { createSlot } from './provider-slot.ts';
import type { ProviderSlot } from './provider-slot.ts';
import type { RunningProvider, SetUp } from './running-provider.ts';

/** The bus tells of changes at once but may lose one; then this is how late another node learns of it. */
const freshMs = 5_000;
const maxApps = 10_000;
/** A setup that failed may have failed for want of a network. */
const setupAgainMs = 30_000;

export interface AppProviders {
  slots(app: AppId): Promise<ReadonlyMap<string, ProviderSlot>>;
  /** Read the store again when next asked. */
  stale(app: AppId): void;
  /** Puts a configuration that was set up already into its place. */
  adopt(app: AppId, record: ProviderRecord, made: SetUp): Promise<void>;
  close(): Promise<void>;
}

interface AppProvidersOptions {
  store: ProviderStore;
  clock: Clock;
  setUp: (app: AppId, record: ProviderRecord) => Promise<SetUp>;
  /** The configuration of an app that has none. */
  standIn: () => ProviderRecord;
}

interface Entry {
  slots: Map<string, ProviderSlot>;
  /** What the slots were last made the same as. */
  applied: readonly ProviderRecord[] | undefined;
  /** Monotonic ms of the last setup of each that failed. */
  triedAt: Map<string, number>;
}

export function createAppProviders({ store, clock, setUp, standIn }: AppProvidersOptions): AppProviders {
  const entries = new Map<AppId, Entry>();
  const stored = new NearCache<readonly ProviderRecord[]>({ clock, maxAgeMs: freshMs, maxSize: maxApps });
  const closing = new Set<Promise<void>>();

  const retire = (running: RunningProvider): Promise<void> => {
    const closed = running.retire().finally(() => closing.delete(closed));
    closing.add(closed);
    return closed;
  };
  const newSlot = (app: AppId, record: ProviderRecord): ProviderSlot =>
    createSlot(record, { setUp: (given) => setUp(app, given), retire });

  /** The first setting up was done already; those after it are real. */
  function slotWith(app: AppId, record: ProviderRecord, made: SetUp): ProviderSlot {
    let first: SetUp | undefined = made;
    const next = async (given: ProviderRecord): Promise<SetUp> => {
      const taken = first;
      first = undefined;
      return taken ?? setUp(app, given);
    };
    return createSlot(record, { setUp: next, retire });
  }

  async function read(app: AppId): Promise<readonly ProviderRecord[]> {
    const records = await store.list(app);
    return records.length === 0 ? [standIn()] : records;
  }

  function apply(app: AppId, entry: Entry, records: readonly ProviderRecord[]): void {
    entry.applied = records;
    const kept = new Set(records.map(({ id }) => id));
    for (const [id, slot] of entry.slots) {
      if (kept.has(id)) continue;
      entry.slots.delete(id);
      void slot.close();
    }
    for (const record of records) {
      const slot = entry.slots.get(record.id);
      if (slot === undefined) entry.slots.set(record.id, newSlot(app, record));
      else if (!isStandIn(slot, record)) void slot.put(record);
    }
  }

  /** A stand-in is in no store: its pause is remembered in its place alone. */
  function isStandIn(slot: ProviderSlot, record: ProviderRecord): boolean {
    return record.updatedAt === 0 && slot.record().updatedAt === 0;
  }

  function tryAgain(entry: Entry): void {
    const now = clock.monotonic();
    for (const [id, slot] of entry.slots) {
      if (slot.now()?.ok !== false || !slot.record().enabled) continue;
      const triedAt = entry.triedAt.get(id);
      if (triedAt === undefined || now - triedAt >= setupAgainMs) {
        entry.triedAt.set(id, now);
        // The first look at a failure only notes its time.
        if (triedAt !== undefined) void slot.again();
      }
    }
  }

  const entryOf = (app: AppId): Entry => {
    const entry = entries.get(app) ?? {
      slots: new Map<string, ProviderSlot>(),
      applied: undefined,
      triedAt: new Map<string, number>(),
    };
    entries.set(app, entry);
    return entry;
  };

  async function slots(app: AppId): Promise<ReadonlyMap<string, ProviderSlot>> {
    const entry = entryOf(app);
    const found = await stored
      .get(app, () => read(app))
      .catch((error: unknown) => {
        if (entry.slots.size === 0) throw error;
        // An unreachable store is no reason to forget what is known.
        return undefined;
      });
    // A read that a change has overtaken ends with what was there before it.
    const newest = stored.peek(app) ?? found;
    if (newest !== undefined && entry.applied !== newest) apply(app, entry, newest);
    await Promise.all([...entry.slots.values()].map((slot) => slot.current()));
    tryAgain(entry);
    return entry.slots;
  }

  return {
    slots,
    stale: (app) => stored.drop(app),
    async adopt(app, record, made) {
      const entry = entryOf(app);
      const slot = entry.slots.get(record.id);
      if (slot === undefined) entry.slots.set(record.id, slotWith(app, record, made));
      else slot.adopt(record, made);
      // The stand-in leaves when the first of an app's own configurations comes.
      stored.drop(app);
      await slots(app);
    },
    async close() {
      const all = [...entries.values()].flatMap(({ slots: held }) => [...held.values()]);
      entries.clear();
      await Promise.all(all.map((slot) => slot.close()));
      await Promise.all(closing);
    },
  };
}
