// The problem of one part of the page, until its next call succeeds; that the server could not be reached,
// until it can.
import { problemOf, unreachable, type Problem } from './problem.ts';
import type { Reach } from './reach.ts';

export class Trouble {
  problem: Problem | undefined = $state.raw();
  readonly #reach: Reach;
  #endWait: () => void = () => undefined;

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  /** `onReturn` is called when the server could not be reached, and answers again. */
  async attempt(work: () => Promise<unknown>, onReturn?: () => void): Promise<void> {
    try {
      await work();
      this.clear();
    } catch (error) {
      this.report(error, onReturn);
    }
  }

  report(error: unknown, onReturn?: () => void): void {
    this.clear();
    this.problem = problemOf(error);
    if (this.problem.code !== unreachable) return;
    this.#endWait = this.#reach.onReturn(() => {
      this.clear();
      onReturn?.();
    });
  }

  clear(): void {
    this.#endWait();
    this.problem = undefined;
  }
}
