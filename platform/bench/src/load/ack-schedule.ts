// When each client acknowledges: some time after the first event that it got, as the browser SDK does. The
// frame itself: client.ts.

export interface Acknowledging {
  /** How long it gathers now, ms. */
  readonly gatherMs: number;
  acknowledge(): void;
}

/** Shorter than anybody gathers; ten thousand clients have no timer each. */
const tickMs = 10;
/** Longer than anybody gathers. */
const slotCount = 128;

export class AckSchedule {
  readonly #slots: Acknowledging[][] = Array.from({ length: slotCount }, () => []);
  readonly #startedMs = performance.now();
  readonly #timer: NodeJS.Timeout;
  #ticks = 0;

  constructor() {
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  /** To be called once until it has acknowledged. */
  add(client: Acknowledging): void {
    const ticks = Math.min(slotCount - 1, Math.ceil(client.gatherMs / tickMs));
    this.#slots[(this.#ticks + ticks) % slotCount]?.push(client);
  }

  /** All clients acknowledge now. */
  flush(): void {
    for (const slot of this.#slots) acknowledge(slot);
  }

  /** Forgets all clients: they are gone. */
  forget(): void {
    for (const slot of this.#slots) slot.length = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const due = Math.floor((performance.now() - this.#startedMs) / tickMs);
    for (; this.#ticks < due; this.#ticks += 1) {
      const slot = this.#slots[this.#ticks % slotCount];
      if (slot !== undefined) acknowledge(slot);
    }
  }
}

function acknowledge(slot: Acknowledging[]): void {
  for (const client of slot.splice(0)) client.acknowledge();
}
