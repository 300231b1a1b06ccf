// Says what has changed in a list of connections, in turns; where that is too much, that it is to be asked for again,
// and nothing more until it was. What has changed: view.ts, merged-view.ts.

import type { Said } from './turns.ts';
import type { ViewDelta } from './view-shape.ts';

interface SpokenList {
  /** Undefined where nothing has changed. */
  delta: (nowMs: number) => ViewDelta | undefined;
  nextNumber: () => number;
}

export type WhyReset = 'too_many_changes' | 'node_back';

/** More rows than these are asked for again, as one answer. */
const mostChangedRows = 200;
const mostNewRows = 80;
const resetEveryMs = 2000;

export class Speaking {
  readonly #list: SpokenList;
  #reset: { atMs: number; why: WhyReset } | undefined;

  constructor(list: SpokenList) {
    this.#list = list;
  }

  /** Whoever looks has all there is. */
  asked(): void {
    this.#reset = undefined;
  }

  /** It is to be asked for again, whatever has changed. */
  reset(nowMs: number, why: WhyReset): Said {
    this.#reset = { atMs: nowMs, why };
    return { action: 'view_reset', data: { n: this.#list.nextNumber(), why } };
  }

  next(nowMs: number): Said | undefined {
    if (this.#reset !== undefined) {
      // It was told to ask anew, and has not: what is said before then is nothing to it.
      return nowMs - this.#reset.atMs >= resetEveryMs ? this.reset(nowMs, this.#reset.why) : undefined;
    }
    const delta = this.#list.delta(nowMs);
    if (delta === undefined) return undefined;
    const added = delta.put.filter(({ at }) => at !== undefined).length;
    const isTooMuch = delta.put.length + delta.gone.length > mostChangedRows || added > mostNewRows;
    return isTooMuch ? this.reset(nowMs, 'too_many_changes') : { action: 'view_delta', data: { ...delta } };
  }
}
