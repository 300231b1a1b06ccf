// Keeps this node's records in presence up to date with its sessions, one change of a session at a time. Not
// a reader of presence.
import type { Log } from '../ports/log.ts';
import type { ConnectionChange, Presence } from '../ports/presence.ts';
import type { Session } from './session.ts';

/** No method rejects: a change that presence did not take is made again by `repair`. */
export interface PresenceRecords {
  join(session: Session): Promise<void>;
  change(session: Session, change: ConnectionChange): Promise<void>;
  leave(session: Session): Promise<void>;
  /** Makes the changes that failed before: to be called every few seconds. */
  repair(): Promise<void>;
}

export function createPresenceRecords(presence: Presence, log: Log): PresenceRecords {
  /** The last operation of each session: a leave must not overtake the join it undoes. */
  const tails = new WeakMap<Session, Promise<void>>();
  const failed = new Set<Session>();

  function inTurn(session: Session, run: () => Promise<void>): Promise<void> {
    const turn = (tails.get(session) ?? Promise.resolve()).then(async () => {
      try {
        await run();
      } catch (error) {
        if (failed.size === 0) log.warn('presence does not take changes', { err: error });
        failed.add(session);
      }
    });
    tails.set(session, turn);
    // Nothing is kept of a session that nothing happens to.
    void turn.then(() => {
      if (tails.get(session) === turn) tails.delete(session);
    });
    return turn;
  }

  const join = (session: Session): Promise<void> => inTurn(session, () => presence.join(session.app, session.record()));
  const leave = (session: Session): Promise<void> => inTurn(session, () => presence.leave(session.app, session.id));

  return {
    join,
    leave,
    change: (session, change) => inTurn(session, () => presence.change(session.app, session.id, change)),
    async repair() {
      const again = [...failed];
      failed.clear();
      await Promise.all(again.map((session) => (session.closed ? leave(session) : join(session))));
      if (again.length > 0 && failed.size === 0) log.info('presence takes changes again', { repaired: again.length });
    },
  };
}
