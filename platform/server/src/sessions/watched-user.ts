// One watched user: what the watchers know of them, and when a change is worth an event. Reading presence:
// watches.ts.
import type { PresenceState } from '@belfry/protocol';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Session } from './session.ts';

/**
 * Going offline is reported this long after the last connection went, so that a reload or a move to another
 * node says nothing.
 */
const offlineGraceMs = 5000;

interface WatchedUserDeps {
  clock: Pick<Clock, 'after'>;
  /** Has the user's state read anew. */
  readAgain: () => void;
  /** Tells the watchers. */
  report: (state: PresenceState) => void;
}

export class WatchedUser {
  readonly watchers = new Set<Session>();
  readonly #deps: WatchedUserDeps;
  /** The state that the watchers know, in short. Undefined until it was read once. */
  #known: string | undefined;
  /** Connections of the user came or went since the last reading began. */
  #isHinted = false;
  #turn: Promise<void> = Promise.resolve();
  #grace: Timer | undefined;
  #isGraceOver = false;

  constructor(deps: WatchedUserDeps) {
    this.#deps = deps;
  }

  hint(): void {
    this.#isHinted = true;
  }

  /** To be called when a reading begins: true once for all hints before it. */
  takeHint(): boolean {
    const isHinted = this.#isHinted;
    this.#isHinted = false;
    return isHinted;
  }

  /** `wasHinted` is what `takeHint` said when the reading of this state began. */
  update(state: PresenceState, wasHinted: boolean): void {
    const summary = summaryOf(state);
    // The first reading is only remembered: the watcher gets the state as the answer to its command.
    if (this.#known === undefined && !wasHinted) this.#known = summary;
    if (state.online || summary === this.#known) {
      this.endGrace();
      if (summary !== this.#known) this.#report(state);
    } else if (this.#isGraceOver && !wasHinted) {
      this.endGrace();
      this.#report(state);
    } else if (wasHinted || this.#grace === undefined) {
      // Counted anew from each hint: the last connection may have gone later, on another node.
      this.#startGrace();
    }
  }

  /** After all that was given before; `work` must not reject. */
  inTurn(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work);
  }

  endGrace(): void {
    this.#grace?.cancel();
    this.#grace = undefined;
    this.#isGraceOver = false;
  }

  #startGrace(): void {
    this.endGrace();
    this.#grace = this.#deps.clock.after(offlineGraceMs, () => {
      this.#isGraceOver = true;
      this.#deps.readAgain();
    });
  }

  #report(state: PresenceState): void {
    this.#known = summaryOf(state);
    this.#deps.report(state);
  }
}

/** Changes when there is something to report: not with the moment the user was last seen. */
function summaryOf(state: PresenceState): string {
  return state.online ? state.deviceTypes.join(' ') : 'offline';
}
