// Writes events to one session in the right order: skips, falls behind, goes on. Who gets which event was decided before; reading the log is catch-up.ts.

import type { RealtimeReason } from '@belfry/protocol';
import { encode, type Encoded } from '../sessions/encoded.ts';
import type { Session } from '../sessions/session.ts';
import type { Clock } from '../ports/clock.ts';
import type { Metrics } from '../ports/metrics.ts';
import { feedOf } from './feed.ts';

/** One event on its way to many sessions; `encoded` makes the bytes at the first call. */
export interface Outgoing {
  stream?: string | undefined;
  seq?: number | undefined;
  encoded(): Encoded;
}

export type Outflow = ReturnType<typeof createOutflow>;

export function createOutflow(deps: { clock: Clock; metrics: Metrics; behindBytes: number }) {
  const { clock, metrics, behindBytes } = deps;
  let catchUpLater: ((session: Session) => void) | undefined;
  const watched = new WeakSet<Session>();

  return {
    /** Sends a live event, or says why it can't be sent now. Durable ones are then left to the log, others are lost to this session. */
    live(session: Session, event: Outgoing): Extract<RealtimeReason, 'sent' | 'slow_consumer'> {
      if (session.closed) return 'slow_consumer';
      const feed = feedOf(session);
      const { stream, seq } = event;
      if (stream === undefined || seq === undefined) {
        if (session.outlet.bufferedBytes() > behindBytes) return 'slow_consumer';
        session.outlet.send(event.encoded());
        return 'sent';
      }
      const catchUp = feed.catchUps?.get(stream);
      if (catchUp !== undefined) {
        catchUp.newest = Math.max(catchUp.newest, seq);
        return catchUp.cause === 'behind' ? 'slow_consumer' : 'sent';
      }
      if (isBelowFloor(session, stream, seq)) return 'sent';
      if (session.outlet.bufferedBytes() > behindBytes) {
        fallBehind(session, stream, seq);
        return 'slow_consumer';
      }
      flushSkipped(session, stream);
      session.outlet.send(event.encoded());
      return 'sent';
    },

    /** Sends an event that was read from the log; the caller looks at the buffer. */
    fromLog(session: Session, event: Outgoing): void {
      if (event.stream !== undefined) flushSkipped(session, event.stream);
      session.outlet.send(event.encoded());
    },

    /** Notes that this seq is not for this session; it is told just before the next that is. */
    skip(session: Session, at: { stream: string; seq: number }, reason: RealtimeReason): void {
      const { stream, seq } = at;
      const feed = feedOf(session);
      const catchUp = feed.catchUps?.get(stream);
      if (catchUp !== undefined) {
        catchUp.newest = Math.max(catchUp.newest, seq);
        return;
      }
      if (isBelowFloor(session, stream, seq)) return;
      noteSkipped(session, at, reason);
    },

    noteSkipped,
    flushSkipped,
    /** From now on `onBehind` hears when this session's buffer has drained. */
    watchDrain,

    /** Who takes a session up again when its buffer has drained. */
    onBehind(listen: (session: Session) => void): void {
      catchUpLater = listen;
    },

    behindBytes,
  };

  function fallBehind(session: Session, stream: string, seq: number): void {
    const feed = feedOf(session);
    feed.catchUps ??= new Map();
    // From the skipped ones on, so that they are told of again by the log.
    const after = Math.min(seq, feed.skipped?.get(stream)?.from ?? seq) - 1;
    feed.skipped?.delete(stream);
    feed.catchUps.set(stream, { after, newest: seq, cause: 'behind' });
    metrics.count('slow_consumers_total', ['behind']);
    watchDrain(session);
  }

  function watchDrain(session: Session): void {
    if (watched.has(session)) return;
    watched.add(session);
    session.outlet.onDrain(() => catchUpLater?.(session));
  }

  function noteSkipped(
    session: Session,
    { stream, seq }: { stream: string; seq: number },
    reason: RealtimeReason,
  ): void {
    const feed = feedOf(session);
    feed.skipped ??= new Map();
    const known = feed.skipped.get(stream);
    if (known === undefined || known.to + 1 !== seq)
      feed.skipped.set(stream, { from: known?.from ?? seq, to: seq, reason });
    else known.to = seq;
  }

  function flushSkipped(session: Session, stream: string): void {
    const { skipped } = feedOf(session);
    const range = skipped?.get(stream);
    if (range === undefined) return;
    skipped?.delete(stream);
    const timestamp = new Date(clock.now()).toISOString();
    session.outlet.send(encode({ action: 'skipped', stream, timestamp, data: { ...range } }));
  }

  /** Whether the log has already given this session the live event; the mark goes with the first event above it. */
  function isBelowFloor(session: Session, stream: string, seq: number): boolean {
    const { floors } = feedOf(session);
    const floor = floors?.get(stream);
    if (floor === undefined) return false;
    if (seq <= floor) return true;
    floors?.delete(stream);
    return false;
  }
}
