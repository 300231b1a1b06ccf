// Writes down every event with its time. Checks nothing.

import type { FaultEvent, Happening } from './history.ts';

export class Notebook {
  readonly events: FaultEvent[] = [];

  /**
   * ms since the process began, of a clock that never goes back. Not rounded: on a busy machine a refusal and
   * what was sent before it fall into one ms.
   */
  now(): number {
    return performance.now();
  }

  record(happening: Happening): void {
    this.events.push({ ...happening, at: this.now() });
  }
}
