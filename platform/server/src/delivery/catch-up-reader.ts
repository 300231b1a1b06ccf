// Reads the log for sessions that catch up, until each stream of theirs is live again. Which streams, and
// from where on: catch-up.ts and session-writer.ts.

import { backOffMs } from '../concurrency/back-off.ts';
import type { SharedReads } from '../conversations/shared-reads.ts';
import type { Facts } from '../ports/facts.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { encode, type Encoded } from '../sessions/encoded.ts';
import type { Session } from '../sessions/session.ts';
import { CaughtUpRuns } from './caught-up.ts';
import { decideStored } from './decide-realtime.ts';
import { eventOfStored } from './delivery.ts';
import type { MayRead } from './may-read.ts';
import { stateOf, type CatchUp } from './session-state.ts';
import type { SkippedRanges } from './skipped-ranges.ts';
import type { StreamPlaces } from './stream-places.ts';

const readSize = 200;
/** After a failed read. */
const retry = { baseMs: 1000, maxMs: 15_000 };

export interface CatchUpReaderDeps {
  log: Pick<SharedReads, 'heads' | 'read'>;
  mayRead: MayRead['mayRead'];
  /** Learns of streams that sessions here follow, so that what they miss is noticed. */
  places: Pick<StreamPlaces, 'follow'>;
  skipped: SkippedRanges;
  /** Above so many bytes unsent a session gets no more for now. */
  behindBytes: number;
  surroundings: Surroundings;
  facts: Pick<Facts, 'record'>;
}

export class CatchUpReader {
  readonly #deps: CatchUpReaderDeps;
  /**
   * The streams that are being read for each session: one reader a session and stream, however often it is
   * asked for.
   */
  readonly #running = new WeakMap<Session, Set<string>>();
  readonly #watched = new WeakSet<Session>();

  constructor(deps: CatchUpReaderDeps) {
    this.#deps = deps;
  }

  /** Goes on with every catch-up of the session that can go on. */
  resume(session: Session): void {
    for (const stream of stateOf(session).catchUps?.keys() ?? []) void this.run(session, stream);
  }

  /** From now on the session's catch-ups go on when its buffer has drained. */
  watchDrain(session: Session): void {
    if (this.#watched.has(session)) return;
    this.#watched.add(session);
    session.outlet.onDrain(() => this.resume(session));
  }

  async run(session: Session, stream: string): Promise<void> {
    const active = this.#running.get(session) ?? new Set<string>();
    this.#running.set(session, active);
    if (active.has(stream)) return;
    active.add(stream);
    try {
      // Again and again, because another catch-up may have taken the place of the one that was read for, and
      // found this reader active.
      for (let end: 'moved_on' | 'full' = 'moved_on'; end === 'moved_on';) {
        const catchUp = stateOf(session).catchUps?.get(stream);
        if (session.closed || catchUp?.isStarted !== true) return;
        end = await this.#readOn(session, stream, catchUp);
      }
    } catch (error) {
      this.#retryLater(session, stream, error);
    } finally {
      active.delete(stream);
    }
  }

  /** Nothing else would: the stream's live events are only held back as long as the session catches up. */
  #retryLater(session: Session, stream: string, error: unknown): void {
    const { clock, log } = this.#deps.surroundings;
    const catchUp = stateOf(session).catchUps?.get(stream);
    if (session.closed || catchUp === undefined) return;
    const failures = (catchUp.failures ?? 0) + 1;
    catchUp.failures = failures;
    // Once: a store that is away would fill the log with one line a connection and try.
    if (failures === 1) log.warn('a connection could not catch up', { connectionId: session.id, stream, err: error });
    clock.after(backOffMs(failures, retry), () => void this.run(session, stream));
  }

  async #readOn(session: Session, stream: string, catchUp: CatchUp): Promise<'moved_on' | 'full'> {
    const { log, mayRead, surroundings } = this.#deps;
    const isCurrent = (): boolean => !session.closed && stateOf(session).catchUps?.get(stream) === catchUp;
    if (catchUp.failures === undefined) surroundings.metrics.count('catch_ups_total', [catchUp.cause]);
    const { epoch, seq } = (await log.heads(session.app, [stream])).get(stream) ?? { epoch: 'e1', seq: 0 };
    // The log was replaced meanwhile: of the one there is now the session has nothing.
    if (epoch !== catchUp.epoch) Object.assign(catchUp, { epoch, after: 0 });
    // What was delivered before the session could be found came after its client was answered, and may be behind a
    // page that was read for others.
    catchUp.newest = Math.max(catchUp.newest, seq);
    while (isCurrent()) {
      // Asked for each page: users who were removed from a conversation get no more of it, however far behind
      // they are.
      if (!(await mayRead(session.app, stream, session.userId))) {
        if (isCurrent()) stateOf(session).catchUps?.delete(stream);
        return 'moved_on';
      }
      if (!isCurrent()) break;
      // The log ends here, and nothing was held back since: so it is at once for most of those who come back. In one
      // turn with the last look at it: a live event that comes later finds the stream live.
      if (catchUp.after >= catchUp.newest) {
        this.#goLive(session, { stream, epoch, seq: catchUp.after });
        break;
      }
      const newestBefore = catchUp.newest;
      const range = { afterSeq: catchUp.after, limit: readSize, reach: newestBefore };
      const page = await log.read(session.app, { stream, epoch }, range);
      const end = this.#sendPage(session, page, { stream, catchUp, epoch, isCurrent });
      if (end !== 'sent') return end;
      delete catchUp.failures;
      // What was held back before the read and is not in the log was deleted with its stream; what was held back
      // during the read may be behind it, and is read for again.
      if (page.length === 0 && catchUp.newest === newestBefore) catchUp.newest = catchUp.after;
    }
    return 'moved_on';
  }

  /**
   * In one turn, but for what is not sent any more: the session's buffer is full, or another catch-up has
   * taken over.
   */
  #sendPage(
    session: Session,
    page: readonly StoredMessage[],
    at: { stream: string; catchUp: CatchUp; epoch: string; isCurrent: () => boolean },
  ): 'sent' | 'moved_on' | 'full' {
    const { stream, catchUp, epoch, isCurrent } = at;
    const { facts, surroundings, behindBytes } = this.#deps;
    const runs = new CaughtUpRuns({ clock: surroundings.clock, facts }, session, stream);
    try {
      for (const message of page) {
        if (!isCurrent()) return 'moved_on';
        if (session.outlet.bufferedBytes() > behindBytes) {
          // Its buffer is full again: it goes on from here when that has drained.
          catchUp.cause = 'behind';
          this.watchDrain(session);
          return 'full';
        }
        // Pruned since the session asked: what is gone is not coming any more.
        if (message.seq > catchUp.after + 1)
          this.#reportGap(session, stream, { from: catchUp.after + 1, to: message.seq - 1 });
        if (this.#deliver(session, message, epoch)) runs.sent(message.seq);
        catchUp.after = message.seq;
      }
      return 'sent';
    } finally {
      runs.end();
    }
  }

  /** False when the message is not for this session. */
  #deliver(session: Session, message: StoredMessage, epoch: string): boolean {
    const { skipped } = this.#deps;
    const reason = decideStored(session, message);
    if (reason === 'sent') {
      skipped.flush(session, message.stream);
      session.outlet.send(encodedOf(message, epoch));
    } else skipped.record(session, message, reason);
    return reason === 'sent';
  }

  #reportGap(session: Session, stream: string, range: { from: number; to: number }): void {
    const timestamp = new Date(this.#deps.surroundings.clock.now()).toISOString();
    session.outlet.send(encode({ action: 'gap', stream, timestamp, data: { ...range, reason: 'too_old' } }));
  }

  #goLive(session: Session, at: { stream: string; epoch: string; seq: number }): void {
    const { stream, epoch, seq } = at;
    const state = stateOf(session);
    state.catchUps?.delete(stream);
    (state.floors ??= new Map()).set(stream, { epoch, seq });
    // Seqs at the end of its catch-up that were not for it would otherwise look like a hole.
    this.#deps.skipped.flush(session, stream);
    this.#deps.places.follow(session.app, at, session.userId);
  }
}

/** Of messages that one read brought for many; they are encoded once for all. */
const encodings = new WeakMap<StoredMessage, { epoch: string; encoded: Encoded }>();

function encodedOf(message: StoredMessage, epoch: string): Encoded {
  const known = encodings.get(message);
  if (known?.epoch === epoch) return known.encoded;
  const encoded = encode(eventOfStored(message, epoch));
  encodings.set(message, { epoch, encoded });
  return encoded;
}
