// Keeps values of a store at hand on this node until they are old or another node says that they changed. The
// store is the truth; nothing is written through it.

import { LRUCache } from 'lru-cache';
import type { Clock } from '../ports/clock.ts';

/** The way for nodes to inform each other of a change; `M` describes it. See control-topic.ts. */
export interface ChangeTopic<M> {
  publish(message: M): Promise<void>;
  on(handle: (message: M) => void): void;
}

export interface NearCacheOptions<V, M = never> {
  clock: Pick<Clock, 'monotonic'>;
  /**
   * Counted from the moment at which the load began, ms; `keptForGood`: only a change ends it, or the room;
   * 0: it is not kept.
   */
  maxAgeMs: number | ((value: V) => number);
  /** The sum of the sizes of the kept values; the one that was unused for longest goes first. */
  maxSize: number;
  /** A whole number above 0; 1 when left out. */
  sizeOf?: (value: V) => number;
  /** Whether the value of before is given to all who ask until a refresh has succeeded. */
  isKeptWhileRefreshed?: boolean;
  /** Where the values may be changed by other nodes. A message that is lost is made good by the age. */
  changes?: { topic: ChangeTopic<M>; keyOf: (message: M) => string } | undefined;
}

export const keptForGood = Infinity;

/** In a box, since `undefined` is an answer as well. */
interface Box<V> {
  value: V;
}

/** Given the value of before, where one is there that is loaded anew. */
type Load<V> = (before: V | undefined) => Promise<V>;

export class NearCache<V, M = never> {
  readonly #options: NearCacheOptions<V, M>;
  readonly #entries: LRUCache<string, Box<V>, Load<V>>;
  /** Loads under way, or whose answers are just being kept. */
  readonly #loading = new Map<string, Promise<V>>();
  readonly #listeners: ((message: M) => void)[] = [];
  /** Grows with every change: a value that `getMany` read across one is not kept. */
  #changes = 0;

  constructor(options: NearCacheOptions<V, M>) {
    const { clock, maxSize, sizeOf = () => 1, isKeptWhileRefreshed = false, changes } = options;
    this.#options = options;
    this.#entries = new LRUCache({
      maxSize,
      sizeCalculation: ({ value }) => sizeOf(value),
      // Not 0, which stands for no time at all.
      perf: { now: () => clock.monotonic() + 1 },
      ttlResolution: 0,
      fetchMethod: (key, before, { options: kept, context }) => this.#load(key, before, { kept, load: context }),
      // A caller that waits for a load that was dropped gets what it finds; it is not kept.
      ignoreFetchAbort: true,
      allowStale: isKeptWhileRefreshed,
      noDeleteOnFetchRejection: isKeptWhileRefreshed,
    });
    changes?.topic.on((message) => {
      this.drop(changes.keyOf(message));
      for (const listen of this.#listeners) listen(message);
    });
  }

  /**
   * The kept value, or else the answer of `load`; all who ask meanwhile share the load. Rejects as `load`
   * does, and then nothing is kept.
   */
  async get(key: string, load: Load<V>): Promise<V> {
    return valueOf(await this.#entries.fetch(key, { context: load }));
  }

  /** The value that is kept and young enough, without waiting. */
  peek(key: string): V | undefined {
    return this.#entries.get(key)?.value;
  }

  /**
   * The answer of a load that begins after this call. Two loads of one key never overlap, so an older answer
   * cannot replace a newer one.
   */
  async refresh(key: string, load: Load<V>): Promise<V> {
    const status: LRUCache.Status<string, Box<V>, Load<V>> = {};
    const options = { context: load, forceRefresh: true, allowStale: false };
    const fetching = this.#entries.fetch(key, { ...options, status });
    if (status.fetch !== 'inflight') return valueOf(await fetching);
    // It may have begun too early. All who wait for its end share the load that the first of them begins
    // then.
    await fetching.catch(() => undefined);
    return valueOf(await this.#entries.fetch(key, options));
  }

  /**
   * The kept values, and the others by one call of `load`. A key without a value is kept as `absent`, and is
   * not in the answer.
   */
  async getMany(
    ids: readonly string[],
    given: {
      keyOf: (id: string) => string;
      load: (ids: readonly string[]) => Promise<ReadonlyMap<string, V>>;
      absent: V;
    },
  ): Promise<ReadonlyMap<string, V>> {
    const { keyOf, load, absent } = given;
    const found = new Map<string, V>();
    const unknown: string[] = [];
    for (const id of ids) {
      const known = this.#entries.get(keyOf(id));
      if (known === undefined) unknown.push(id);
      else if (known.value !== absent) found.set(id, known.value);
    }
    if (unknown.length === 0) return found;
    const startedAtMs = this.#options.clock.monotonic();
    const changesBefore = this.#changes;
    const loaded = await load(unknown);
    for (const id of unknown) {
      const value = loaded.get(id) ?? absent;
      if (this.#changes === changesBefore)
        this.#entries.set(keyOf(id), { value }, { ttl: this.#ttlOf(value, startedAtMs) });
      if (value !== absent) found.set(id, value);
    }
    return found;
  }

  /**
   * It changed here: forgets it, and publishes the change to the other nodes. Resolves when they were
   * reached, or can't be.
   */
  async changed(message: M): Promise<void> {
    const { changes } = this.#options;
    if (changes === undefined) return;
    this.drop(changes.keyOf(message));
    await changes.topic.publish(message).catch(() => undefined);
  }

  /** Called when another node reports a change, after the value was dropped. */
  onHeard(listen: (message: M) => void): void {
    this.#listeners.push(listen);
  }

  /** A load under way is not kept, and nobody who asks from here on shares it. */
  drop(key: string): void {
    this.#changes += 1;
    this.#entries.delete(key);
  }

  /**
   * Drops the values that the test says yes to, and all loads under way: they may be loading what was there
   * before the change.
   */
  dropWhere(test: (value: V) => boolean): void {
    this.#changes += 1;
    for (const key of [...this.#loading.keys()]) this.drop(key);
    for (const [key, { value }] of [...this.#entries.entries()]) if (test(value)) this.drop(key);
  }

  /**
   * The number of changes that this node has made or heard of: the same before and after a read says that
   * nothing overlapped it.
   */
  get changeCount(): number {
    return this.#changes;
  }

  async #load(
    key: string,
    before: Box<V> | undefined,
    { kept, load }: { kept: { ttl?: number | undefined }; load: Load<V> },
  ): Promise<Box<V>> {
    const startedAtMs = this.#options.clock.monotonic();
    const loading = load(before?.value);
    this.#loading.set(key, loading);
    try {
      const value = await loading;
      kept.ttl = this.#ttlOf(value, startedAtMs);
      return { value };
    } finally {
      // Not at once: the library keeps the answer some microtasks later, and a change between must find it.
      setImmediate(() => {
        if (this.#loading.get(key) === loading) this.#loading.delete(key);
      });
    }
  }

  /**
   * The rest of its life. The library's own: a value is young while its age is not above it, and always when
   * it is 0.
   */
  #ttlOf(value: V, startedAtMs: number): number {
    const { clock, maxAgeMs } = this.#options;
    const ageMs = typeof maxAgeMs === 'number' ? maxAgeMs : maxAgeMs(value);
    if (ageMs === keptForGood) return 0;
    return Math.ceil(ageMs - (clock.monotonic() - startedAtMs)) - 1 || tooOld;
  }
}

const tooOld = -1;

function valueOf<V>(box: Box<V> | undefined): V {
  // A load answers with a box or rejects.
  if (box === undefined) throw new Error('a load ended without an answer');
  return box.value;
}
