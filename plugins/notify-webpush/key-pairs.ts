// The pairs of keys of one configuration, while the newest takes over from those before it: which a subscription is
// tried with first, and which browsers were told to change. Signs nothing.

export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Subscriptions of earlier pairs that are remembered. One that is forgotten costs a refused call. */
const mostRemembered = 10_000;
/** A service worker that was told the newest key has exchanged its subscription by then, or does it no more. */
const exchangeMs = 60_000;

export class KeyPairs {
  readonly #newestFirst: readonly KeyPair[];
  readonly #now: () => number;
  /** By endpoint: the earlier pair that its push service took, and when the browser was last told to change. */
  readonly #earlier = new Map<string, { pair: KeyPair; toldAtMs: number }>();

  constructor(newestFirst: readonly KeyPair[], now: () => number) {
    this.#newestFirst = newestFirst;
    this.#now = now;
  }

  /** A browser does not say which key it subscribed with, so the one that was taken before comes first. */
  inOrder(endpoint: string): readonly KeyPair[] {
    const known = this.#earlier.get(endpoint)?.pair;
    if (known === undefined) return this.#newestFirst;
    return [known, ...this.#newestFirst.filter((pair) => pair !== known)];
  }

  isNewest(pair: KeyPair): boolean {
    return pair === this.#newestFirst[0];
  }

  /** The push service took a push that was signed with this pair. */
  taken(endpoint: string, pair: KeyPair): void {
    this.#earlier.delete(endpoint);
    if (this.isNewest(pair)) return;
    const [oldest] = this.#earlier.keys();
    if (oldest !== undefined && this.#earlier.size >= mostRemembered) this.#earlier.delete(oldest);
    this.#earlier.set(endpoint, { pair, toldAtMs: this.#now() });
  }

  /** The browser ends this subscription just now, and another takes its place. */
  isExchanged(endpoint: string): boolean {
    const told = this.#earlier.get(endpoint);
    return told !== undefined && this.#now() - told.toldAtMs < exchangeMs;
  }
}
