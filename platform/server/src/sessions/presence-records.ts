// Keeps this node's records in presence up to date with its sessions, one change of a session at a time. Not
// a reader of presence.
import type { Log } from '../ports/log.ts';
import type { ConnectionChange, Presence } from '../ports/presence.ts';
import type { Session } from './session.ts';

/** No method rejects: a change that presence did not take is made again by `repair`. */
export class PresenceRecords {
  readonly #presence: Pick<Presence, 'join' | 'change' | 'leave'>;
  readonly #log: Log;
  /** The last operation of each session: a leave must not overtake the join it undoes. */
  readonly #tails = new WeakMap<Session, Promise<void>>();
  readonly #failed = new Set<Session>();

  constructor(presence: Pick<Presence, 'join' | 'change' | 'leave'>, log: Log) {
    this.#presence = presence;
    this.#log = log;
  }

  join(session: Session): Promise<void> {
    return this.#inTurn(session, () => this.#presence.join(session.app, session.record()));
  }

  change(session: Session, change: ConnectionChange): Promise<void> {
    return this.#inTurn(session, () => this.#presence.change(session.app, session.id, change));
  }

  leave(session: Session): Promise<void> {
    return this.#inTurn(session, () => this.#presence.leave(session.app, session.id));
  }

  /**
   * Makes the changes that failed before: to be called every few seconds. Returns the sessions that presence may not
   * have known, and knows now.
   */
  async repair(): Promise<readonly Session[]> {
    const again = [...this.#failed];
    this.#failed.clear();
    await Promise.all(again.map((session) => (session.closed ? this.leave(session) : this.join(session))));
    if (again.length > 0 && this.#failed.size === 0) {
      this.#log.info('presence takes changes again', { repaired: again.length });
    }
    return again.filter((session) => !session.closed && !this.#failed.has(session));
  }

  #inTurn(session: Session, run: () => Promise<void>): Promise<void> {
    const turn = (this.#tails.get(session) ?? Promise.resolve()).then(async () => {
      try {
        await run();
      } catch (error) {
        if (this.#failed.size === 0) this.#log.warn('presence does not take changes', { err: error });
        this.#failed.add(session);
      }
    });
    this.#tails.set(session, turn);
    // Nothing is kept of a session that nothing happens to.
    void turn.then(() => {
      if (this.#tails.get(session) === turn) this.#tails.delete(session);
    });
    return turn;
  }
}
