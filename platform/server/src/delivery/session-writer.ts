// Writes events to one session in the right order: skips, falls behind, goes on. Who gets which event was decided before; reading the log is catch-up.ts.

import type { RealtimeReason } from '@belfry/protocol';
import { encode, type Encoded } from '../sessions/encoded.ts';
import type { Session } from '../sessions/session.ts';
import type { Clock } from '../ports/clock.ts';
import type { Metrics } from '../ports/metrics.ts';
import { stateOf, type CatchUp } from './session-state.ts';

/** One event on its way to many sessions; `encoded` makes the bytes at the first call. */
export interface Outgoing {
  stream?: string | undefined;
  epoch?: string | undefined;
  seq?: number | undefined;
  encoded(): Encoded;
}

/** The place of an event in a stream. */
export interface StreamPlace {
  stream: string;
  epoch?: string | undefined;
  seq: number;
}

type LiveReason = Extract<RealtimeReason, 'sent' | 'slow_consumer'>;

export type SessionWriter = ReturnType<typeof createSessionWriter>;

export function createSessionWriter(deps: { clock: Clock; metrics: Metrics; behindBytes: number }) {
  const { clock, metrics, behindBytes } = deps;
  let catchUpNow: ((session: Session) => void) | undefined;
  const watched = new WeakSet<Session>();

  return {
    /** Sends a live event, or says why it can't be sent now. Durable ones are then left to the log, others are lost to this session. */
    live(session: Session, event: Outgoing): LiveReason {
      const { stream, epoch, seq } = event;
      // As nearly every session is, in nearly every turn.
      if (!session.closed && stateOf(session).isPlain && session.outlet.bufferedBytes() <= behindBytes) {
        session.outlet.send(event.encoded());
        return 'sent';
      }
      const reason = check(session, stream);
      if (session.closed) return reason;
      if (stream !== undefined && seq !== undefined) {
        if (!isNext(session, { stream, epoch, seq })) return reason;
        if (reason === 'slow_consumer') {
          fallBehind(session, { stream, epoch, seq });
          return reason;
        }
        flushSkipped(session, stream);
      }
      if (reason === 'sent') session.outlet.send(event.encoded());
      return reason;
    },

    /** What `live` would answer for the next event of this stream, or for one of none. */
    judge: check,

    /** Sends an event that was read from the log; the caller looks at the buffer. */
    fromLog(session: Session, event: Outgoing): void {
      if (event.stream !== undefined) flushSkipped(session, event.stream);
      session.outlet.send(event.encoded());
    },

    /** Notes that this seq is not for this session; it is told just before the next that is. */
    skip(session: Session, place: StreamPlace, reason: RealtimeReason): void {
      if (!session.closed && isNext(session, place)) recordSkipped(session, place, reason);
    },

    /** The event came by this session, which has its answer instead. */
    own(session: Session, place: StreamPlace): void {
      if (!session.closed && isNext(session, place)) flushSkipped(session, place.stream);
    },

    noteSkipped: recordSkipped,
    flushSkipped,
    /** From now on `onBehind` hears when this session's buffer has drained. */
    watchDrain,

    /** Who takes a session up again: when its buffer has drained, and when it missed something. */
    onBehind(listen: (session: Session) => void): void {
      catchUpNow = listen;
    },

    behindBytes,
  };

  function check(session: Session, stream: string | undefined): LiveReason {
    if (session.closed) return 'slow_consumer';
    const catchUp = stream === undefined ? undefined : stateOf(session).catchUps?.get(stream);
    if (catchUp !== undefined) return catchUp.cause === 'behind' ? 'slow_consumer' : 'sent';
    return session.outlet.bufferedBytes() > behindBytes ? 'slow_consumer' : 'sent';
  }

  /**
   * Whether the session is to be told of this event now. Not while it catches up, where the log brings it; not when the log brought it already; and not when
   * one before it is missing: then the log brings both.
   */
  function isNext(session: Session, { stream, epoch = 'e1', seq }: StreamPlace): boolean {
    const feed = stateOf(session);
    const catchUp = feed.catchUps?.get(stream);
    if (catchUp !== undefined) {
      catchUp.newest = Math.max(catchUp.newest, seq);
      catchUp.firstHeld ??= seq;
      return false;
    }
    const floor = feed.floors?.get(stream);
    if (floor === undefined) return true;
    if (floor.epoch === epoch && seq <= floor.seq) return false;
    feed.floors?.delete(stream);
    if (floor.epoch !== epoch) {
      // Another log: what is noted about the one before means nothing in it.
      feed.skipped?.delete(stream);
      return true;
    }
    if (seq === floor.seq + 1) return true;
    beginCatchUp(session, stream, { epoch, after: floor.seq, newest: seq, cause: 'sync', isStarted: true });
    catchUpNow?.(session);
    return false;
  }

  function fallBehind(session: Session, { stream, epoch = 'e1', seq }: StreamPlace): void {
    // From the skipped ones on, so that they are told of again by the log.
    const after = Math.min(seq, stateOf(session).skipped?.get(stream)?.from ?? seq) - 1;
    beginCatchUp(session, stream, { epoch, after, newest: seq, cause: 'behind', isStarted: true });
    metrics.count('slow_consumers_total', ['behind']);
    watchDrain(session);
  }

  function beginCatchUp(session: Session, stream: string, catchUp: CatchUp): void {
    const feed = stateOf(session);
    feed.skipped?.delete(stream);
    (feed.catchUps ??= new Map()).set(stream, catchUp);
  }

  function watchDrain(session: Session): void {
    if (watched.has(session)) return;
    watched.add(session);
    session.outlet.onDrain(() => catchUpNow?.(session));
  }

  function recordSkipped(session: Session, { stream, seq }: StreamPlace, reason: RealtimeReason): void {
    const feed = stateOf(session);
    feed.skipped ??= new Map();
    const known = feed.skipped.get(stream);
    if (known !== undefined && seq <= known.to + 1) {
      known.to = Math.max(known.to, seq);
      return;
    }
    // A range over a hole would say of an event that was lost that it was not for this session.
    flushSkipped(session, stream);
    feed.skipped.set(stream, { from: seq, to: seq, reason });
  }

  function flushSkipped(session: Session, stream: string): void {
    const { skipped } = stateOf(session);
    const range = skipped?.get(stream);
    if (range === undefined) return;
    skipped?.delete(stream);
    const timestamp = new Date(clock.now()).toISOString();
    session.outlet.send(encode({ action: 'skipped', stream, timestamp, data: { ...range } }));
  }
}
