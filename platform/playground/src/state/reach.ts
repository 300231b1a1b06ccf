// Looks out for a server that did not answer, until it answers again. Knows nothing of what is then to be done.

const lookEveryMs = 2000;

export class Reach {
  readonly #answers: () => Promise<boolean>;
  readonly #waiting = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `answers` is false while the server cannot be reached; what it answers does not matter. */
  constructor(answers: () => Promise<boolean>) {
    this.#answers = answers;
  }

  /** Calls once, when the server answers again. Returns what ends the wait. */
  onReturn(listener: () => void): () => void {
    this.#waiting.add(listener);
    this.#timer ??= setTimeout(() => void this.#look(), lookEveryMs);
    return () => this.#waiting.delete(listener);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting.clear();
  }

  async #look(): Promise<void> {
    const isBack = this.#waiting.size === 0 || (await this.#answers());
    // Stopped meanwhile.
    if (this.#timer === undefined) return;
    this.#timer = isBack ? undefined : setTimeout(() => void this.#look(), lookEveryMs);
    if (!isBack) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const listener of waiting) listener();
  }
}
