// The configurations of every app, kept as the store has them: read when first asked for, then every few
// seconds or on a hint. Changes none.
import { NearCache } from '../caching/near-cache.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProviderRecord, ProviderStore } from '../ports/stores/settings.ts';
import { createSlot } from './provider-slot.ts';
import type { ProviderSlot } from './provider-slot.ts';
import type { RunningProvider, SetUp } from './running-provider.ts';

/** The bus announces changes at once but may lose one; then this is how late another node learns of it. */
const freshMs = 5_000;
const maxApps = 10_000;
/** A setup that failed may have failed for want of a network. */
const setupAgainMs = 30_000;

interface AppProvidersDeps {
  store: ProviderStore;
  clock: Clock;
  setUp: (app: AppId, record: ProviderRecord) => Promise<SetUp>;
  /** The configuration of an app that has none. */
  standIn: ProviderRecord;
}

interface Entry {
  slots: Map<string, ProviderSlot>;
  /** The records that the slots were last made the same as. */
  applied: readonly ProviderRecord[] | undefined;
  /** Monotonic ms of the last setup of each that failed. */
  triedAt: Map<string, number>;
}

export class AppProviders {
  readonly #deps: AppProvidersDeps;
  readonly #entries = new Map<AppId, Entry>();
  readonly #stored: NearCache<readonly ProviderRecord[]>;
  readonly #closing = new Set<Promise<void>>();

  constructor(deps: AppProvidersDeps) {
    this.#deps = deps;
    this.#stored = new NearCache({ clock: deps.clock, maxAgeMs: freshMs, maxSize: maxApps });
  }

  /** By the provider's id; each is set up, or has a reason why not. */
  async slots(app: AppId): Promise<ReadonlyMap<string, ProviderSlot>> {
    const entry = this.#entryOf(app);
    const found = await this.#stored
      .get(app, () => this.#read(app))
      .catch((error: unknown) => {
        if (entry.slots.size === 0) throw error;
        // An unreachable store is no reason to forget what is known.
        return undefined;
      });
    // A read that a change has overtaken ends with what was there before it.
    const newest = this.#stored.peek(app) ?? found;
    if (newest !== undefined && entry.applied !== newest) this.#apply(app, entry, newest);
    await Promise.all([...entry.slots.values()].map((slot) => slot.current()));
    this.#tryAgain(entry);
    return entry.slots;
  }

  /** Read the store again when next asked. */
  stale(app: AppId): void {
    this.#stored.drop(app);
  }

  /** Puts a configuration that was set up already into its place. */
  async adopt(app: AppId, record: ProviderRecord, made: SetUp): Promise<void> {
    const entry = this.#entryOf(app);
    const slot = entry.slots.get(record.id);
    if (slot === undefined) entry.slots.set(record.id, this.#slotWith(app, record, made));
    else slot.adopt(record, made);
    // The stand-in leaves when the first of an app's own configurations comes.
    this.#stored.drop(app);
    await this.slots(app);
  }

  async close(): Promise<void> {
    const all = [...this.#entries.values()].flatMap(({ slots }) => [...slots.values()]);
    this.#entries.clear();
    await Promise.all(all.map((slot) => slot.close()));
    await Promise.all(this.#closing);
  }

  #entryOf(app: AppId): Entry {
    const known = this.#entries.get(app);
    if (known !== undefined) return known;
    const entry: Entry = { slots: new Map(), applied: undefined, triedAt: new Map() };
    this.#entries.set(app, entry);
    return entry;
  }

  async #read(app: AppId): Promise<readonly ProviderRecord[]> {
    const records = await this.#deps.store.list(app);
    return records.length === 0 ? [this.#deps.standIn] : records;
  }

  #apply(app: AppId, entry: Entry, records: readonly ProviderRecord[]): void {
    entry.applied = records;
    const kept = new Set(records.map(({ id }) => id));
    for (const [id, slot] of entry.slots) {
      if (kept.has(id)) continue;
      entry.slots.delete(id);
      void slot.close();
    }
    for (const record of records) {
      const slot = entry.slots.get(record.id);
      if (slot === undefined) entry.slots.set(record.id, this.#newSlot(app, record));
      else if (!isStandIn(slot, record)) void slot.put(record);
    }
  }

  #newSlot(app: AppId, record: ProviderRecord): ProviderSlot {
    return createSlot(record, {
      setUp: (given) => this.#deps.setUp(app, given),
      retire: (running) => this.#retire(running),
    });
  }

  /** The first setting up was done already; those after it are real. */
  #slotWith(app: AppId, record: ProviderRecord, made: SetUp): ProviderSlot {
    let first: SetUp | undefined = made;
    const setUp = async (given: ProviderRecord): Promise<SetUp> => {
      const taken = first;
      first = undefined;
      return taken ?? this.#deps.setUp(app, given);
    };
    return createSlot(record, { setUp, retire: (running) => this.#retire(running) });
  }

  #retire(running: RunningProvider): Promise<void> {
    const closed = running.retire().finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
    return closed;
  }

  #tryAgain(entry: Entry): void {
    const now = this.#deps.clock.monotonic();
    for (const [id, slot] of entry.slots) {
      if (slot.now()?.ok !== false || !slot.record().enabled) continue;
      const triedAt = entry.triedAt.get(id);
      if (triedAt === undefined || now - triedAt >= setupAgainMs) {
        entry.triedAt.set(id, now);
        // The first look at a failure only remembers its time.
        if (triedAt !== undefined) void slot.again();
      }
    }
  }
}

/** A stand-in is in no store: its pause is remembered in its place alone. */
function isStandIn(slot: ProviderSlot, record: ProviderRecord): boolean {
  return record.updatedAt === 0 && slot.record().updatedAt === 0;
}
