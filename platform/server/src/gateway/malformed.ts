// Counts the frames of one client that could not be read. Reading them is the dialect's business.

const windowMs = 60_000;

export class Malformed {
  readonly #perMinute: number;
  #atMs: number[] = [];

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** One more; true when it is one too many. `nowMs` is monotonic. */
  record(nowMs: number): boolean {
    this.#atMs = this.#atMs.filter((atMs) => nowMs - atMs < windowMs);
    this.#atMs.push(nowMs);
    return this.#atMs.length >= this.#perMinute;
  }
}
