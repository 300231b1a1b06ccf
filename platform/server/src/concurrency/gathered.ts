// Questions that come in one turn of the event loop, or while others are answered, answered by one call for
// all of them. Keeps no answer: a call begins after each of its questions.

/**
 * How long a call waits for those under way, ms: many questions come in it, and it is little beside the time
 * after which a call is given up. What hangs holds up no other for longer.
 */
const mostWaitMs = 200;

export interface GatheredOptions {
  /**
   * Calls under way; those who ask meanwhile wait for one call together. As many as there are turns when left
   * out.
   */
  atOnce?: number;
  /** Keys of one call, passed only by a single question about more. */
  mostKeys?: number;
  /** Nothing is asked, and nothing is under way. */
  onIdle?: () => void;
}

interface Call<K, V> {
  keys: Set<K>;
  answers: Promise<ReadonlyMap<K, V>>;
}

export class Gathered<K, V> {
  readonly #ask: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>;
  readonly #options: Required<GatheredOptions>;
  #next: Call<K, V> | undefined;
  #underWay = 0;
  /** Those that wait to begin, the longest first. */
  readonly #waiting = new Set<() => void>();

  /** `ask` gets each key once. */
  constructor(ask: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>, options: GatheredOptions = {}) {
    const { atOnce = Infinity, mostKeys = Infinity, onIdle = () => undefined } = options;
    this.#ask = ask;
    this.#options = { atOnce, mostKeys, onIdle };
  }

  /** Undefined for a key that the answer lacks. Rejects as the call does. */
  async of(key: K): Promise<V | undefined> {
    return (await this.#answersTo([key])).get(key);
  }

  /** Without the keys that the answer lacks. Rejects as the call does. */
  async ofAll(keys: readonly K[]): Promise<Map<K, V>> {
    const answers = await this.#answersTo(keys);
    const own = new Map<K, V>();
    for (const key of keys) {
      const value = answers.get(key);
      if (value !== undefined) own.set(key, value);
    }
    return own;
  }

  /** Those of others too. */
  #answersTo(keys: readonly K[]): Promise<ReadonlyMap<K, V>> {
    const { mostKeys } = this.#options;
    if (this.#next === undefined || this.#next.keys.size + keys.length > mostKeys) this.#next = this.#begin();
    for (const key of keys) this.#next.keys.add(key);
    return this.#next.answers;
  }

  #begin(): Call<K, V> {
    const keys = new Set<K>();
    const answers = this.#turn().then(async () => {
      if (this.#next?.keys === keys) this.#next = undefined;
      try {
        return await this.#ask([...keys]);
      } finally {
        this.#end();
      }
    });
    return { keys, answers };
  }

  /** Resolves after this turn of the event loop, when a call may begin. */
  async #turn(): Promise<void> {
    await new Promise<void>((resolve) => void setImmediate(resolve));
    if (this.#underWay >= this.#options.atOnce) await this.#untilPlace();
    else this.#underWay += 1;
  }

  #untilPlace(): Promise<void> {
    return new Promise((resolve) => {
      const begin = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(begin);
        this.#underWay += 1;
        resolve();
      };
      const timer = setTimeout(begin, mostWaitMs);
      this.#waiting.add(begin);
    });
  }

  #end(): void {
    this.#underWay -= 1;
    const [longest] = this.#waiting;
    longest?.();
    if (this.#underWay === 0 && this.#next === undefined) this.#options.onIdle();
  }
}
