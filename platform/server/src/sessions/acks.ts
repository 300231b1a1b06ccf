// Gathers the acknowledgements of this node's connections and writes them together. Whether an acknowledged seq exists is judged by the command.
import type { AppId } from '../ports/app-id.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { CursorAdvance, CursorStore } from '../ports/stores/cursors.ts';
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
  record(session: Session, stream: string, seq: number): void;
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
}

export function createAcks({ cursors, clock, log, maxDelayMs = 200 }: AcksDeps): Acks {
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
    const position = positionOf(session, stream);
    if (seq <= position.delivered && (!seen || seq <= position.seen)) return;
    const batch = batchOf(session.app);
    const heard = seen ? position.heardSeen : position.heardHidden;
    if (heard?.batch === batch) {
      heard.range.to = seq;
      heard.range.atMs = clock.now();
    } else {
      const { userId, id: connectionId } = session;
      // What was acknowledged hidden and is now seen counts anew, so that who looks at it learns that it was seen.
      const from = (seen ? position.seen : position.delivered) + 1;
      const range = { stream, userId, connectionId, from, to: seq, visible: seen, atMs: clock.now() };
      add(batch, { position, range, mobile });
    }
    position.delivered = Math.max(position.delivered, seq);
    if (seen) position.seen = Math.max(position.seen, seq);
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
          await cursors.advance(app, advancesOf(batch));
          const ranges = batch.noted.map(({ range }) => range);
          forget(batch);
          for (const listen of listeners) listen(app, ranges);
        } catch (error) {
          failures.push(error);
          putBack(app, batch);
        }
      }),
    );
    recordStoreState(failures);
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
    for (const { position, range, mobile } of failed.noted) {
      const newer = range.visible ? position.heardSeen : position.heardHidden;
      if (newer?.batch === batch) newer.range.from = Math.min(range.from, newer.range.from);
      else add(batch, { position, range, mobile });
    }
    arm();
  }

  function recordStoreState(failures: readonly unknown[]): void {
    if (failures.length > 0 && !storeIsAway) log.warn('acknowledgements wait for the store', { err: failures[0] });
    if (failures.length === 0 && storeIsAway) log.info('acknowledgements are stored again');
    storeIsAway = failures.length > 0;
  }

  function batchOf(app: AppId): Batch {
    let batch = waiting.get(app);
    if (batch === undefined) waiting.set(app, (batch = { noted: [] }));
    return batch;
  }

  return {
    record: note,
    flush,
    onAcked: (listen) => listeners.push(listen),
    async stop() {
      stopped = true;
      timer?.cancel();
      await flush();
    },
  };
}

interface Batch {
  readonly noted: Heard[];
}

/** What one connection acknowledged of one stream, all of it visible or all of it hidden, since the batch began. */
interface Heard {
  batch: Batch;
  position: Position;
  range: AckedRange;
  mobile: boolean;
}

/** How far one connection has got in one stream. It knows where it stands in the batch, so that nothing is looked up by name for each acknowledgement. */
interface Position {
  delivered: number;
  seen: number;
  heardSeen: Heard | undefined;
  heardHidden: Heard | undefined;
}

function positionOf(session: Session, stream: string): Position {
  // Kept by the session itself: it goes when the session goes. Nobody else writes there.
  const streams = (session.acked as Map<string, Position> | undefined) ?? new Map<string, Position>();
  session.acked = streams;
  let position = streams.get(stream);
  if (position === undefined) {
    position = { delivered: 0, seen: 0, heardSeen: undefined, heardHidden: undefined };
    streams.set(stream, position);
  }
  return position;
}

function add(batch: Batch, { position, range, mobile }: Omit<Heard, 'batch'>): void {
  const noted = { batch, position, range, mobile };
  if (range.visible) position.heardSeen = noted;
  else position.heardHidden = noted;
  batch.noted.push(noted);
}

/** So that no position holds on to a batch that is written. */
function forget({ noted }: Batch): void {
  for (const each of noted) {
    const { position } = each;
    if (position.heardSeen === each) position.heardSeen = undefined;
    if (position.heardHidden === each) position.heardHidden = undefined;
  }
}

/** One a user and stream, whatever the number of the user's connections. */
function advancesOf({ noted }: Batch): CursorAdvance[] {
  const advances = new Map<string, CursorAdvance>();
  for (const { range, mobile } of noted) {
    const { userId, stream, to, visible } = range;
    // Neither part can contain a space (ids.ts in the protocol), so the key is unambiguous.
    const key = `${stream} ${userId}`;
    const advance: CursorAdvance = { userId, stream, delivered: to };
    if (visible) advance.seen = to;
    if (mobile) advance.seenMobile = to;
    advances.set(key, maxOf(advance, advances.get(key)));
  }
  return [...advances.values()];
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
