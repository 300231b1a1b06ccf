// Measures how long messages take from one half of the page to the other. Shown by parts/chat-line.svelte.
export class Latencies {
  /** By cid, by the monotonic clock, ms. */
  readonly #sentAt = new Map<string, number>();

  sent(cid: string): void {
    this.#sentAt.set(cid, performance.now());
  }

  /** Whole ms; undefined for a message that was not sent from this page. */
  since(cid: string): number | undefined {
    const sentAt = this.#sentAt.get(cid);
    return sentAt === undefined ? undefined : Math.round(performance.now() - sentAt);
  }
}
