// Writes down what happens, each with its time. Judges nothing.

import type { FaultEvent, Happening } from './history.ts';

export class Notebook {
  readonly events: FaultEvent[] = [];

  /** ms since the process began, of a clock that never goes back. */
  now(): number {
    return Math.round(performance.now());
  }

  note(happening: Happening): void {
    this.events.push({ ...happening, at: this.now() });
  }
}
