// Runs tasks of one key one after the other, tasks of different keys side by side. Holds nothing of a key
// that is idle.

export class KeyedQueue<K> {
  /** The last task of each key. */
  readonly #tails = new Map<K, Promise<unknown>>();

  /**
   * Ends as the task does, whose failure does not stop the next one. A task of an idle key begins at once.
   */
  async run<T>(key: K, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    const mine = before === undefined ? task() : before.then(task);
    const tail = mine.catch(() => undefined);
    this.#tails.set(key, tail);
    try {
      return await mine;
    } finally {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }

  /** Keys with a task that has not ended. */
  get size(): number {
    return this.#tails.size;
  }
}
