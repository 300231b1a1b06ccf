// Questions about single keys that come in one turn, answered by one call for all of them. Keeps no answer: a call
// begins after each of its questions.

interface Asked<V> {
  resolve: (value: V | undefined) => void;
  reject: (error: unknown) => void;
}

export class Gathered<K, V> {
  readonly #ask: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>;
  #asked = new Map<K, Asked<V>[]>();

  /** `ask` gets each key once. */
  constructor(ask: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>) {
    this.#ask = ask;
  }

  /** Undefined for a key that the answer lacks. Rejects as the call does. */
  of(key: K): Promise<V | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#asked.size === 0) setImmediate(() => void this.#askAll());
      const others = this.#asked.get(key);
      if (others === undefined) this.#asked.set(key, [{ resolve, reject }]);
      else others.push({ resolve, reject });
    });
  }

  async #askAll(): Promise<void> {
    const asked = this.#asked;
    this.#asked = new Map();
    try {
      const answers = await this.#ask([...asked.keys()]);
      for (const [key, waiting] of asked) for (const { resolve } of waiting) resolve(answers.get(key));
    } catch (error) {
      for (const waiting of asked.values()) for (const { reject } of waiting) reject(error);
    }
  }
}
