// Questions that come in one turn of the event loop, answered by one call for all of them. Keeps no answer: a call
// begins after each of its questions.

interface Call<K, V> {
  keys: Set<K>;
  answers: Promise<ReadonlyMap<K, V>>;
}

export class Gathered<K, V> {
  readonly #ask: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>;
  #next: Call<K, V> | undefined;

  /** `ask` gets each key once. */
  constructor(ask: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>) {
    this.#ask = ask;
  }

  /** Undefined for a key that the answer lacks. Rejects as the call does. */
  async of(key: K): Promise<V | undefined> {
    return (await this.ofAll([key])).get(key);
  }

  /** What the call answered, which may be more than these keys. Rejects as the call does. */
  ofAll(keys: readonly K[]): Promise<ReadonlyMap<K, V>> {
    const call = (this.#next ??= this.#begin());
    for (const key of keys) call.keys.add(key);
    return call.answers;
  }

  #begin(): Call<K, V> {
    const keys = new Set<K>();
    const answers = new Promise<void>((resolve) => void setImmediate(resolve)).then(() => {
      this.#next = undefined;
      return this.#ask([...keys]);
    });
    return { keys, answers };
  }
}
