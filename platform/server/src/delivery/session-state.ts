// The state that delivery keeps for each session: the streams it catches up on, the seqs that were not for
// it, and its decisions. How they change is up to the session writer and catch-ups.

import type { RealtimeReason } from '@belfry/protocol';
import type { Session } from '../sessions/session.ts';

/** A stream that the session gets from the log for now; live events of it are held back. */
export interface CatchUp {
  /** Of which life of the stream the seqs are. */
  epoch: string;
  /** The session has everything up to here. */
  after: number;
  /** The newest seq this node knows to exist. */
  newest: number;
  /** The first live event that was held back instead of sent. */
  firstHeld?: number;
  /** `behind` waits for the buffer to drain; `sync` also brings a session that missed an event. */
  cause: 'resume' | 'sync' | 'behind';
  /** False until the client has the answer that says what follows. */
  isStarted: boolean;
  /** Tries that failed in a row. */
  failures?: number;
}

export interface Skipped {
  from: number;
  to: number;
  reason: RealtimeReason;
}

/**
 * The decision for one connection, as the result, the journey and explain show it. Shared: nobody changes it.
 */
export interface ConnectionDecision {
  readonly connectionId: string;
  readonly deviceType: Session['device']['type'];
  readonly page: string;
  readonly reason: RealtimeReason;
  /** What it was decided by, as it was then: the policy of its page, and what the client had said. */
  readonly pagePattern?: string;
  readonly pageVersion?: number;
  readonly visible?: boolean;
  readonly attended?: boolean;
}

/**
 * The decisions for this node's connections, by user. Users without a connection here are not in it. Shared
 * between broadcasts: nobody changes it.
 */
export type LocalDecisions = ReadonlyMap<string, readonly ConnectionDecision[]>;

export class SessionState {
  catchUps: Map<string, CatchUp> | undefined;
  /** By stream; contiguous, since it ends with the next event that is sent. */
  skipped: Map<string, Skipped> | undefined;
  /**
   * Where it resumed each stream, for its acknowledgements: it never had what comes before (journey-ack.ts).
   */
  resumedAfter: Map<string, number> | undefined;
  /** After a catch-up, until the first event above: live events up to here were sent from the log already. */
  floors: Map<string, { epoch: string; seq: number }> | undefined;
  readonly #session: Session;
  #page: Session['page'];
  #visible: boolean;
  #attended: boolean;
  #latest: ConnectionDecision | undefined;
  readonly #decisions = new Map<RealtimeReason, ConnectionDecision>();

  constructor(session: Session) {
    this.#session = session;
    this.#page = session.page;
    this.#visible = session.visible;
    this.#attended = session.attended;
  }

  /** Live, and nothing to be sent before the next event. */
  get isPlain(): boolean {
    return isEmpty(this.catchUps) && isEmpty(this.skipped) && isEmpty(this.floors);
  }

  /**
   * The same object for the same page, attention and reason, so that a fan-out allocates nothing per connection.
   */
  decision(reason: RealtimeReason): ConnectionDecision {
    if (this.#latest?.reason === reason && this.#isAsBefore()) return this.#latest;
    return (this.#latest = this.#find(reason));
  }

  #isAsBefore(): boolean {
    const { page, visible, attended } = this.#session;
    return this.#page === page && this.#visible === visible && this.#attended === attended;
  }

  #find(reason: RealtimeReason): ConnectionDecision {
    if (!this.#isAsBefore()) {
      this.#page = this.#session.page;
      this.#visible = this.#session.visible;
      this.#attended = this.#session.attended;
      this.#decisions.clear();
    }
    let decision = this.#decisions.get(reason);
    if (decision === undefined) {
      const { id, device, page, visible, attended } = this.#session;
      const { pattern: pagePattern, version: pageVersion } = page.policy;
      decision = {
        ...{ connectionId: id, deviceType: device.type, page: page.path, reason },
        ...{ pagePattern, pageVersion, visible, attended },
      };
      this.#decisions.set(reason, decision);
    }
    return decision;
  }
}

function isEmpty(map: ReadonlyMap<string, unknown> | undefined): boolean {
  return map === undefined || map.size === 0;
}

/** The state of a session; made when delivery first meets the session. */
export function stateOf(session: Session): SessionState {
  if (session.deliveryState instanceof SessionState) return session.deliveryState;
  const state = new SessionState(session);
  session.deliveryState = state;
  return state;
}
