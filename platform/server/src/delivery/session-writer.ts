// Writes live events to one session in the right order, and leaves to the log what the session cannot take
// now. The decision is made before; reading the log is catch-up-reader.ts.

import type { RealtimeReason } from '@belfry/protocol';
import type { Metrics } from '../ports/metrics.ts';
import type { Session } from '../sessions/session.ts';
import type { CatchUpReader } from './catch-up-reader.ts';
import type { OutgoingEvent } from './outgoing-event.ts';
import { stateOf, type CatchUp } from './session-state.ts';
import type { SkippedRanges } from './skipped-ranges.ts';

/** The place of an event in a stream. */
export interface EventPosition {
  stream: string;
  epoch?: string | undefined;
  seq: number;
}

type LiveReason = Extract<RealtimeReason, 'sent' | 'slow_consumer'>;

export class SessionWriter {
  readonly #catchUps: Pick<CatchUpReader, 'resume' | 'watchDrain'>;
  readonly #skipped: SkippedRanges;
  readonly #metrics: Pick<Metrics, 'count'>;
  readonly #behindBytes: number;

  constructor(deps: {
    catchUps: Pick<CatchUpReader, 'resume' | 'watchDrain'>;
    skipped: SkippedRanges;
    metrics: Pick<Metrics, 'count'>;
    /** Above so many bytes unsent a session is behind. */
    behindBytes: number;
  }) {
    this.#catchUps = deps.catchUps;
    this.#skipped = deps.skipped;
    this.#metrics = deps.metrics;
    this.#behindBytes = deps.behindBytes;
  }

  /**
   * Sends a live event, or says why it can't be sent now. Durable ones are then left to the log, others are
   * lost to this session.
   */
  send(session: Session, outgoing: OutgoingEvent): LiveReason {
    // As nearly every session is, in nearly every turn.
    if (!session.closed && stateOf(session).isPlain && session.outlet.bufferedBytes() <= this.#behindBytes) {
      session.outlet.send(outgoing.encoded());
      return 'sent';
    }
    const { stream, epoch, seq } = outgoing.event;
    const reason = this.check(session, stream);
    if (session.closed) return reason;
    if (stream !== undefined && seq !== undefined) {
      if (!this.#isNext(session, { stream, epoch, seq })) return reason;
      if (reason === 'slow_consumer') {
        this.#fallBehind(session, { stream, epoch, seq });
        return reason;
      }
      this.#skipped.flush(session, stream);
    }
    if (reason === 'sent') session.outlet.send(outgoing.encoded());
    return reason;
  }

  /** The answer of `send` for the next event of this stream, or for one of none. */
  check(session: Session, stream: string | undefined): LiveReason {
    if (session.closed) return 'slow_consumer';
    const catchUp = stream === undefined ? undefined : stateOf(session).catchUps?.get(stream);
    if (catchUp !== undefined) return catchUp.cause === 'behind' ? 'slow_consumer' : 'sent';
    return session.outlet.bufferedBytes() > this.#behindBytes ? 'slow_consumer' : 'sent';
  }

  /** Records that this seq is not for this session, which hears so just before the next that is. */
  skip(session: Session, position: EventPosition, reason: RealtimeReason): void {
    if (!session.closed && this.#isNext(session, position)) this.#skipped.record(session, position, reason);
  }

  /** The event came by this session, which has its answer instead. */
  own(session: Session, position: EventPosition): void {
    if (!session.closed && this.#isNext(session, position)) this.#skipped.flush(session, position.stream);
  }

  /**
   * Whether the session is to get this event now. Not while it catches up, where the log brings it; not when
   * the log brought it already; and not when one before it is missing: then the log brings both.
   */
  #isNext(session: Session, { stream, epoch = 'e1', seq }: EventPosition): boolean {
    const state = stateOf(session);
    const catchUp = state.catchUps?.get(stream);
    if (catchUp !== undefined) {
      catchUp.newest = Math.max(catchUp.newest, seq);
      catchUp.firstHeld ??= seq;
      return false;
    }
    const floor = state.floors?.get(stream);
    if (floor === undefined) return true;
    if (floor.epoch === epoch && seq <= floor.seq) return false;
    state.floors?.delete(stream);
    if (floor.epoch !== epoch) {
      // Another log: what is recorded of the one before means nothing in it.
      state.skipped?.delete(stream);
      return true;
    }
    if (seq === floor.seq + 1) return true;
    beginCatchUp(session, stream, { epoch, after: floor.seq, newest: seq, cause: 'sync', isStarted: true });
    this.#catchUps.resume(session);
    return false;
  }

  #fallBehind(session: Session, { stream, epoch = 'e1', seq }: EventPosition): void {
    // From the skipped ones on, so that the log brings them again.
    const after = Math.min(seq, stateOf(session).skipped?.get(stream)?.from ?? seq) - 1;
    beginCatchUp(session, stream, { epoch, after, newest: seq, cause: 'behind', isStarted: true });
    this.#metrics.count('slow_consumers_total', ['behind']);
    this.#catchUps.watchDrain(session);
  }
}

function beginCatchUp(session: Session, stream: string, catchUp: CatchUp): void {
  const state = stateOf(session);
  state.skipped?.delete(stream);
  (state.catchUps ??= new Map()).set(stream, catchUp);
}
