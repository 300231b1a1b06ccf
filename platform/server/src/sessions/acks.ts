// Gathers the acknowledgements of this node's connections and writes them together. Whether an acknowledged seq exists is judged by the command.
import type { AppId } from '../ports/app-id.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Cursor, CursorAdvance, CursorStore } from '../ports/stores/cursors.ts';
import type { Session } from './session.ts';

/** One connection has now acknowledged the seqs `from` to `to` of a stream: a range that may be wide, so look it up, do not walk it. */
export interface AckedRange {
  stream: string;
  userId: string;
  connectionId: string;
  /** One above what this connection had acknowledged before; 1 on its first acknowledgement of the stream. */
  from: number;
  to: number;
  /** The connection was visible or a mobile device: its acknowledgement can hold a push back. */
  visible: boolean;
  atMs: number;
}

export interface Acks {
  /**
   * Notes that `session` holds the stream up to `seq` (below what it acknowledged before: ignored). Visibility is taken from the session as it
   * is now. Costs two map look-ups; stored within `maxDelayMs`.
   */
  note(session: Session, stream: string, seq: number): void;
  /** Resolves when all that was noted before the call is stored; rejects when the store is away (it is kept and tried again by itself). */
  flush(): Promise<void>;
  /** Called after the acknowledgements were stored, once an app and flush. */
  onAcked(listen: (app: AppId, acked: readonly AckedRange[]) => void): void;
  /** Stores what is left, then stops. */
  stop(): Promise<void>;
}

export interface AcksDeps {
  cursors: Pick<CursorStore, 'advance'>;
  clock: Clock;
  log: Log;
  /** Longest time an acknowledgement waits to be stored; 200 ms when left out, well below the shortest sensible `waitMs`. */
  maxDelayMs?: number;
  /** The cursors that moved, as they are now; once an app and flush. */
  onMoved?: (app: AppId, cursors: readonly Cursor[]) => void;
}

export function createAcks({ cursors, clock, log, maxDelayMs = 200, onMoved }: AcksDeps): Acks {
  /** What each connection has acknowledged, by stream; goes when the session goes. */
  const bySession = new WeakMap<Session, Map<string, Position>>();
  const listeners: ((app: AppId, acked: readonly AckedRange[]) => void)[] = [];
  let waiting = new Map<AppId, Batch>();
  let timer: Timer | undefined;
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let storeIsAway = false;
  let stopped = false;

  function note(session: Session, stream: string, seq: number): void {
    const mobile = session.device.type === 'mobile';
    const seen = session.visible || mobile;
    const before = positionOf(session, stream);
    if (seq <= before.delivered && (!seen || seq <= before.seen)) return;
    const batch = batchOf(session.app);
    mergeCursor(batch, { userId: session.userId, stream, seq, seen, mobile });
    mergeRange(batch, session, {
      stream,
      userId: session.userId,
      connectionId: session.id,
      // What was acknowledged hidden and is now seen counts anew, so that who looks at it learns that it was seen.
      from: (seen ? before.seen : before.delivered) + 1,
      to: seq,
      visible: seen,
      atMs: clock.now(),
    });
    before.delivered = Math.max(before.delivered, seq);
    if (seen) before.seen = Math.max(before.seen, seq);
    arm();
  }

  /** Single flight: one write runs, and all calls that come meanwhile share the one after it, which has what they noted. */
  function flush(): Promise<void> {
    if (running === undefined) return (running = write().finally(() => (running = undefined)));
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return flush();
      });
    return next;
  }

  async function write(): Promise<void> {
    timer?.cancel();
    timer = undefined;
    const taken = waiting;
    waiting = new Map();
    const failures: unknown[] = [];
    await Promise.all(
      [...taken].map(async ([app, batch]) => {
        try {
          const moved = await cursors.advance(app, [...batch.advances.values()]);
          const ranges = [...batch.ranges.values()];
          for (const listen of listeners) listen(app, ranges);
          if (moved.length > 0) onMoved?.(app, moved);
        } catch (error) {
          failures.push(error);
          putBack(app, batch);
        }
      }),
    );
    noteStoreState(failures);
    if (failures.length > 0) throw failures[0];
  }

  function arm(): void {
    if (stopped) return;
    timer ??= clock.after(maxDelayMs, () => {
      timer = undefined;
      // Said once in the log by noteStoreState, and tried again: the batch was put back, which armed the timer.
      flush().catch(() => undefined);
    });
  }

  function putBack(app: AppId, failed: Batch): void {
    const batch = batchOf(app);
    for (const [key, advance] of failed.advances) batch.advances.set(key, maxOf(advance, batch.advances.get(key)));
    for (const [key, range] of failed.ranges) {
      const newer = batch.ranges.get(key);
      batch.ranges.set(key, newer === undefined ? range : { ...newer, from: Math.min(range.from, newer.from) });
    }
    arm();
  }

  function noteStoreState(failures: readonly unknown[]): void {
    if (failures.length > 0 && !storeIsAway) log.warn('acknowledgements wait for the store', { err: failures[0] });
    if (failures.length === 0 && storeIsAway) log.info('acknowledgements are stored again');
    storeIsAway = failures.length > 0;
  }

  function positionOf(session: Session, stream: string): Position {
    let streams = bySession.get(session);
    if (streams === undefined) bySession.set(session, (streams = new Map<string, Position>()));
    let position = streams.get(stream);
    if (position === undefined) streams.set(stream, (position = { delivered: 0, seen: 0 }));
    return position;
  }

  function batchOf(app: AppId): Batch {
    let batch = waiting.get(app);
    if (batch === undefined) waiting.set(app, (batch = { advances: new Map(), ranges: new Map() }));
    return batch;
  }

  return {
    note,
    flush,
    onAcked: (listen) => listeners.push(listen),
    async stop() {
      stopped = true;
      timer?.cancel();
      await flush();
    },
  };
}

interface Position {
  delivered: number;
  seen: number;
}

interface Batch {
  /** By stream and user. */
  readonly advances: Map<string, CursorAdvance>;
  /** By connection, stream and visibility. */
  readonly ranges: Map<string, AckedRange>;
}

interface NotedAck {
  userId: string;
  stream: string;
  seq: number;
  seen: boolean;
  mobile: boolean;
}

function mergeCursor(batch: Batch, { userId, stream, seq, seen, mobile }: NotedAck): void {
  // Neither part can contain a space (ids.ts in the protocol), so the key is unambiguous.
  const key = `${stream} ${userId}`;
  const advance: CursorAdvance = { userId, stream, delivered: seq };
  if (seen) advance.seen = seq;
  if (mobile) advance.seenMobile = seq;
  batch.advances.set(key, maxOf(advance, batch.advances.get(key)));
}

function maxOf(advance: CursorAdvance, other: CursorAdvance | undefined): CursorAdvance {
  if (other === undefined) return advance;
  const merged: CursorAdvance = { userId: advance.userId, stream: advance.stream };
  for (const field of ['delivered', 'seen', 'seenMobile'] as const) {
    const value = Math.max(advance[field] ?? 0, other[field] ?? 0);
    if (value > 0) merged[field] = value;
  }
  return merged;
}

function mergeRange(batch: Batch, session: Session, range: AckedRange): void {
  const key = `${session.id} ${range.visible} ${range.stream}`;
  const before = batch.ranges.get(key);
  batch.ranges.set(key, before === undefined ? range : { ...range, from: Math.min(before.from, range.from) });
}
