// Tasks that end when a test says so, and how many of them somebody else had to wait for. Not the pools: pools.ts.

/** The tasks of neighbours: each begins in its pool and never ends by itself. */
export class HeldTasks {
  readonly #open: (() => void)[] = [];
  #isOver = false;

  /** What such a task does. */
  readonly hold = (): Promise<void> =>
    this.#isOver ? Promise.resolve() : new Promise((resolve) => void this.#open.push(resolve));

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends the one that began first; false where none has begun. */
  endOne(): boolean {
    const end = this.#open.shift();
    end?.();
    return end !== undefined;
  }

  endAll(): void {
    this.#isOver = true;
    while (this.endOne());
  }
}

/**
 * In turns, until it has ended: its own, and one for each of the neighbours' tasks that had to end before. For what
 * needs nothing from outside of the process.
 */
export async function turnsUntil(task: Promise<unknown>, held: HeldTasks): Promise<number> {
  const state: { isDone: boolean } = { isDone: false };
  const done = task.finally(() => (state.isDone = true));
  for (let turns = 1; ; turns += 1) {
    await quiet();
    if (state.isDone) return await done.then(() => turns);
    // Nobody is left to wait for.
    if (!held.endOne()) return await done.then(() => turns);
  }
}

/** Until all that can happen by itself has happened. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
}

/** What all but one of a hundred stay within. */
export function p99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.99) - 1)] ?? 0;
}
