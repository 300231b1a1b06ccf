// One clock for all times on the page: once a minute, and once a second while a time is young.

const secondMs = 1000;
const minuteMs = 60_000;

class Clock {
  #now = $state(Date.now());

  constructor() {
    setInterval(() => this.#tick(), secondMs);
    document.addEventListener('visibilitychange', () => (this.#now = Date.now()));
  }

  get now(): number {
    return this.#now;
  }

  #newest = 0;

  /** A time that is shown; while it is younger than a minute, the clock shows seconds. */
  show(at: number): void {
    this.#newest = Math.max(this.#newest, at);
  }

  #tick(): void {
    if (document.hidden) return;
    const now = Date.now();
    if (now - this.#newest < minuteMs || now - this.#now >= minuteMs) this.#now = now;
  }
}

export const clock = new Clock();
