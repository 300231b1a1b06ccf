// Clients whose network comes and goes: one after the other is cut off and resumes. The fleet says when.
import type { Client } from './client.ts';
import type { Churned } from './orders.ts';

export class Churn {
  readonly #all: readonly Client[];
  readonly #movers: readonly Client[];
  #next = 0;
  #returned = 0;
  #failed = 0;

  /** Senders stay connected: a message sent while cut off would be lost, and the counts would be wrong. */
  constructor(all: readonly Client[], senders: readonly number[]) {
    const staying = new Set(senders);
    this.#all = all;
    this.#movers = all.filter((_, index) => !staying.has(index));
  }

  /** Cuts off the next client and brings it back. */
  one(): void {
    const client = this.#movers[this.#next % this.#movers.length];
    this.#next += 1;
    if (client === undefined) return;
    client.cut();
    client.open({ resume: true }).then(
      () => (this.#returned += 1),
      () => (this.#failed += 1),
    );
  }

  soFar(): Churned {
    const heads = new Map<string, number>();
    for (const { held } of this.#all) {
      for (const [stream, seq] of held) heads.set(stream, Math.max(seq, heads.get(stream) ?? 0));
    }
    const isBehind = ({ held }: Client): boolean => [...held].some(([stream, seq]) => seq < (heads.get(stream) ?? 0));
    return { returned: this.#returned, failed: this.#failed, behind: this.#movers.filter(isBehind).length };
  }
}
