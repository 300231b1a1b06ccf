// Whether somebody attends the page: it can be seen, and there was input of late. With it goes which policy the page
// has put into effect. What counts as input:
// surroundings/browser.ts; when the server is sent it: line.ts.
import type { Policies } from './policies.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import { longestTimerMs } from './timed-call.ts';
import type { Surroundings } from './types.ts';

export interface AttentionDeps {
  surroundings: Pick<Surroundings, 'clock' | 'isVisible'>;
  store: SnapshotStore;
  policies: Pick<Policies, 'settings'>;
  /** As the application has it; Infinity: to be seen is enough. */
  attendedAfterMs: number | undefined;
  /** Sends the server what is new; called before the application learns of it. */
  beat: () => void;
}

/** Longer ago than any page is open, and yet a number: any time is within `Infinity` of it. */
const neverMs = -1e15;

export class Attention {
  readonly #deps: AttentionDeps;
  /** By the monotonic clock, ms; Infinity while the system says that somebody is there. */
  #inputAt = neverMs;
  #cancelTimer: (() => void) | undefined;

  constructor(deps: AttentionDeps) {
    this.#deps = deps;
  }

  /** As every frame says it that speaks of it. */
  now(): { visible: boolean; attended: boolean; policyVersion: number | undefined } {
    const { surroundings, store } = this.#deps;
    const visible = surroundings.isVisible();
    return { visible, attended: visible && this.#leftMs() > 0, policyVersion: store.get().policy?.version };
  }

  /** `isHere` where it is known, and until the opposite is. */
  input(isHere?: boolean): void {
    const now = this.#deps.surroundings.clock.monotonic();
    this.#inputAt = isHere === undefined ? Math.max(this.#inputAt, now) : isHere ? Infinity : neverMs;
    this.look();
  }

  /** Time has passed, or the page was shown or hidden. `isTold`: the server has been sent it. */
  look(isTold = false): void {
    const { attended } = this.now();
    const { store, surroundings, beat } = this.#deps;
    if (!isTold && attended !== store.get().attended) beat();
    store.set({ attended });
    const leftMs = this.#leftMs();
    if (!attended || this.#cancelTimer || leftMs > longestTimerMs) return;
    this.#cancelTimer = surroundings.clock.setTimer(() => {
      this.stop();
      this.look();
    }, leftMs);
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #leftMs(): number {
    const { surroundings, policies, attendedAfterMs } = this.#deps;
    return this.#inputAt - surroundings.clock.monotonic() + (attendedAfterMs ?? policies.settings().attendedAfterMs);
  }
}
