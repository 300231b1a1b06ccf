// Gathers the acknowledgements of this node's connections and stores them together. The command checks that a
// seq exists.
import { pause } from '../concurrency/pause.ts';
import { SingleFlight } from '../concurrency/single-flight.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Timer } from '../ports/clock.ts';
import type { AckedRange } from '../ports/message-facts.ts';
import type { CursorAdvance, CursorStore } from '../ports/stores/cursors.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Session } from './session.ts';

export type AckListener = (app: AppId, acked: readonly AckedRange[]) => void;

/** An acknowledgement waits this long to be stored at most: well below the shortest sensible `waitMs`. */
const maxDelayMs = 200;
/** At a stop: a store that answers late is not away. */
const lastTries = 5;
const betweenLastTriesMs = 500;

export class Acks {
  readonly #cursors: Pick<CursorStore, 'advance'>;
  readonly #surroundings: Pick<Surroundings, 'clock' | 'log'>;
  readonly #listeners: AckListener[] = [];
  readonly #writing = new SingleFlight(() => this.#write());
  #waiting = new Map<AppId, Batch>();
  #timer: Timer | undefined;
  #isStoreAway = false;
  #isStopped = false;

  constructor(deps: { cursors: Pick<CursorStore, 'advance'>; surroundings: Pick<Surroundings, 'clock' | 'log'> }) {
    this.#cursors = deps.cursors;
    this.#surroundings = deps.surroundings;
  }

  /**
   * Records that `session` holds the stream up to `seq` (below what it acknowledged before: ignored).
   * Whether anybody sees it is taken from the session as it is now. Costs two map look-ups; stored within 200
   * ms.
   */
  record(session: Session, stream: string, seq: number): void {
    const mobile = session.device.type === 'mobile';
    const seen = session.isSeenBySomebody();
    const position = positionOf(session, stream);
    if (seq <= position.delivered && (!seen || seq <= position.seen)) return;
    const atMs = this.#surroundings.clock.now();
    const batch = this.#batchOf(session.app);
    const pending = seen ? position.pendingSeen : position.pendingHidden;
    if (pending?.batch === batch) {
      pending.range.to = seq;
      pending.range.atMs = atMs;
    } else {
      const { userId, id: connectionId } = session;
      // A range that was acknowledged hidden and is now seen counts anew, so that listeners learn that it was
      // seen.
      const from = (seen ? position.seen : position.delivered) + 1;
      add(batch, { position, range: { stream, userId, connectionId, from, to: seq, visible: seen, atMs }, mobile });
    }
    position.delivered = Math.max(position.delivered, seq);
    if (seen) position.seen = Math.max(position.seen, seq);
    this.#arm();
  }

  /**
   * Resolves when everything that was recorded before the call is stored. Rejects when the store is away; it
   * is kept and tried again. One write runs at a time, and all calls that come meanwhile share the one after
   * it.
   */
  flush(): Promise<void> {
    return this.#writing.fresh();
  }

  /** Calls `listen` after the acknowledgements were stored, once an app and flush. */
  onAcked(listen: AckListener): void {
    this.#listeners.push(listen);
  }

  /**
   * Stores what is left, then stops. Rejects when the store did not take it in some tries: it is lost, and who
   * acknowledged may be told once more.
   */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    for (let left = lastTries - 1; ; left -= 1) {
      try {
        await this.flush();
        return;
      } catch (error) {
        if (left === 0) throw error;
      }
      await pause(this.#surroundings.clock, betweenLastTriesMs);
    }
  }

  async #write(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    const taken = this.#waiting;
    this.#waiting = new Map();
    const ends = await Promise.allSettled([...taken].map(([app, batch]) => this.#store(app, batch)));
    const failed = ends.find((end) => end.status === 'rejected');
    this.#recordStoreState(failed);
    if (failed !== undefined) throw failed.reason;
  }

  async #store(app: AppId, batch: Batch): Promise<void> {
    try {
      await this.#cursors.advance(app, advancesOf(batch));
      const ranges = batch.entries.map(({ range }) => range);
      forget(batch);
      for (const listen of this.#listeners) listen(app, ranges);
    } catch (error) {
      this.#putBack(app, batch);
      throw error;
    }
  }

  #putBack(app: AppId, failed: Batch): void {
    const batch = this.#batchOf(app);
    for (const { position, range, mobile } of failed.entries) {
      const newer = range.visible ? position.pendingSeen : position.pendingHidden;
      if (newer?.batch === batch) newer.range.from = Math.min(range.from, newer.range.from);
      else add(batch, { position, range, mobile });
    }
    this.#arm();
  }

  #arm(): void {
    if (this.#isStopped) return;
    this.#timer ??= this.#surroundings.clock.after(maxDelayMs, () => {
      this.#timer = undefined;
      // The failure is logged once and tried again: the batch was put back, which armed the timer.
      this.flush().catch(() => undefined);
    });
  }

  #recordStoreState(failed: PromiseRejectedResult | undefined): void {
    const { log } = this.#surroundings;
    if (failed !== undefined && !this.#isStoreAway) {
      log.warn('acknowledgements wait for the store', { err: failed.reason });
    }
    if (failed === undefined && this.#isStoreAway) log.info('acknowledgements are stored again');
    this.#isStoreAway = failed !== undefined;
  }

  #batchOf(app: AppId): Batch {
    let batch = this.#waiting.get(app);
    if (batch === undefined) this.#waiting.set(app, (batch = { entries: [] }));
    return batch;
  }
}

interface Batch {
  readonly entries: Entry[];
}

/**
 * Acknowledgements of one connection and stream since the batch began: all of them visible, or all of them
 * hidden.
 */
interface Entry {
  batch: Batch;
  position: Position;
  range: AckedRange;
  mobile: boolean;
}

/**
 * How far one connection has got in one stream. It knows its entries of the batch, so that nothing is looked
 * up by name for each acknowledgement.
 */
interface Position {
  delivered: number;
  seen: number;
  pendingSeen: Entry | undefined;
  pendingHidden: Entry | undefined;
}

function positionOf(session: Session, stream: string): Position {
  // Kept by the session itself: it goes when the session goes. Only this file writes there.
  const streams = (session.acked as Map<string, Position> | undefined) ?? new Map<string, Position>();
  session.acked = streams;
  let position = streams.get(stream);
  if (position === undefined) {
    position = { delivered: 0, seen: 0, pendingSeen: undefined, pendingHidden: undefined };
    streams.set(stream, position);
  }
  return position;
}

function add(batch: Batch, { position, range, mobile }: Omit<Entry, 'batch'>): void {
  const entry = { batch, position, range, mobile };
  if (range.visible) position.pendingSeen = entry;
  else position.pendingHidden = entry;
  batch.entries.push(entry);
}

/** So that no position holds on to a batch that is stored. */
function forget({ entries }: Batch): void {
  for (const entry of entries) {
    const { position } = entry;
    if (position.pendingSeen === entry) position.pendingSeen = undefined;
    if (position.pendingHidden === entry) position.pendingHidden = undefined;
  }
}

/** One a user and stream, whatever the number of the user's connections. */
function advancesOf({ entries }: Batch): CursorAdvance[] {
  const advances = new Map<string, CursorAdvance>();
  for (const { range, mobile } of entries) {
    const { userId, stream, to, visible } = range;
    // Neither part can contain a control character (ids.ts in the protocol), so the key is unambiguous.
    const key = `${stream}\n${userId}`;
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
