// Brings a session from where its client is to the present: after a reconnect (resume), or on request (sync).
// Finds out what follows; catch-up-reader.ts then sends it.

import { BelfryError, mayReceive, parseStream, type ResumedStream, type StreamPosition } from '@belfry/protocol';
import type { SharedReads } from '../conversations/shared-reads.ts';
import type { Clock } from '../ports/clock.ts';
import type { StreamHead } from '../ports/stores/index.ts';
import { ConnectionHistory } from '../sessions/connection-history.ts';
import { encode } from '../sessions/encoded.ts';
import type { Session } from '../sessions/session.ts';
import type { CatchUpReader } from './catch-up-reader.ts';
import type { MayRead } from './may-read.ts';
import { stateOf, type CatchUp, type SessionState, type Skipped } from './session-state.ts';

export interface CatchUpsDeps {
  log: Pick<SharedReads, 'heads'>;
  reader: CatchUpReader;
  mayRead: MayRead['mayRead'];
  /** Streams that one request may name. */
  maxStreams: number;
  clock: Pick<Clock, 'now'>;
}

export class CatchUps {
  readonly #deps: CatchUpsDeps;

  constructor(deps: CatchUpsDeps) {
    this.#deps = deps;
  }

  /**
   * Marks the streams, so that live events of them wait, then finds how far each is behind. The answer goes
   * to the client; `start` after it does the reading. A stream that the user may not read is answered like
   * one whose log was replaced; a conversation among them is then said to be gone, since the client that
   * names it has it in its list. Throws `too_many`.
   */
  async prepare(
    session: Session,
    positions: readonly StreamPosition[],
    cause: 'resume' | 'sync',
  ): Promise<{ resumed: ResumedStream[]; start: () => void }> {
    const { log, maxStreams } = this.#deps;
    if (positions.length > maxStreams)
      throw new BelfryError('too_many', { path: [cause === 'resume' ? 'resume' : 'streams'] });
    const marked = positions.map((position) => mark(stateOf(session), position, cause));
    try {
      const heads = await log.heads(session.app, [...new Set(positions.map(({ stream }) => stream))]);
      const resumed = await Promise.all(
        marked.map((each) => this.#place(session, each, heads.get(each.position.stream))),
      );
      if (positions.length > 0 && (cause === 'resume' || resumed.some(isBehind))) {
        ConnectionHistory.of(session).resumed(resumed, this.#deps.clock.now());
      }
      return { resumed, start: () => marked.forEach((each) => this.#start(session, each)) };
    } catch (error) {
      for (const each of marked.toReversed()) this.#unmark(session, each);
      throw error;
    }
  }

  async #place(session: Session, marked: Marked, head: StreamHead | undefined): Promise<ResumedStream> {
    const { stream, epoch, seq } = marked.position;
    const state = stateOf(session);
    if (!(await this.#deps.mayRead(session.app, stream, session.userId))) {
      if (state.catchUps?.get(stream) === marked.catchUp) state.catchUps.delete(stream);
      marked.isGone = true;
      return { stream, gap: { from: 1, to: 0, reason: 'unknown_epoch' } };
    }
    const present = head ?? { epoch: 'e1', seq: 0, firstSeq: 1 };
    const resumedAt = (after: number): void => {
      marked.catchUp.epoch = present.epoch;
      marked.catchUp.after = after;
      marked.catchUp.newest = Math.max(marked.catchUp.newest, present.seq);
      // The least, since it also has what was delivered before a `sync`. Kept for streams that the user may
      // read only: no client can make it grow.
      const all = (state.resumedAfter ??= new Map<string, number>());
      all.set(stream, Math.min(all.get(stream) ?? after, after));
    };
    const gapFrom = (from: number, reason: 'unknown_epoch' | 'too_old'): ResumedStream => {
      // The client reads what the gap covers from history; what comes after it is still delivered here.
      resumedAt(present.seq);
      return { stream, epoch: present.epoch, gap: { from, to: present.seq, reason } };
    };
    if (epoch !== present.epoch || seq > present.seq) return gapFrom(1, 'unknown_epoch');
    if (seq + 1 < present.firstSeq) return gapFrom(seq + 1, 'too_old');
    resumedAt(seq);
    return { stream, epoch: present.epoch, from: seq + 1, to: present.seq };
  }

  #start(session: Session, { position: { stream }, catchUp, isGone }: Marked): void {
    if (isGone) {
      this.#reportGone(session, stream);
      return;
    }
    catchUp.isStarted = true;
    void this.#deps.reader.run(session, stream);
  }

  /** The same for one that was deleted, that the user was removed from, and that never was. */
  #reportGone(session: Session, stream: string): void {
    const action = 'conversation_removed';
    const parsed = parseStream(stream);
    if (session.closed || parsed?.type !== 'conversation' || !mayReceive(session.page.features, action)) return;
    const { conversationId } = parsed;
    const timestamp = new Date(this.#deps.clock.now()).toISOString();
    session.outlet.send(encode({ action, conversationId, timestamp, data: { conversationId, reason: 'removed' } }));
  }

  /** The client got an error: goes on as if it had not asked, with what was only held back meanwhile. */
  #unmark(session: Session, { position: { stream }, catchUp, before, skipped }: Marked): void {
    const state = stateOf(session);
    if (state.catchUps?.get(stream) !== catchUp) return;
    const { epoch, newest, firstHeld } = catchUp;
    if (before !== undefined) {
      before.newest = Math.max(before.newest, newest);
      state.catchUps.set(stream, before);
    } else if (firstHeld !== undefined) {
      const after = (skipped?.from ?? firstHeld) - 1;
      state.catchUps.set(stream, { epoch, after, newest, cause: 'sync', isStarted: true });
    } else {
      state.catchUps.delete(stream);
      if (skipped !== undefined) state.skipped?.set(stream, skipped);
    }
    void this.#deps.reader.run(session, stream);
  }
}

function isBehind(stream: ResumedStream): boolean {
  return 'gap' in stream || stream.to >= stream.from;
}

/** One stream of a request, and what was there before it. */
interface Marked {
  position: StreamPosition;
  catchUp: CatchUp;
  before: CatchUp | undefined;
  skipped: Skipped | undefined;
  /** The user may not read it. */
  isGone: boolean;
}

/** Marks first, then the log is read: from here on a live event of the stream is held back. */
function mark(state: SessionState, position: StreamPosition, cause: 'resume' | 'sync'): Marked {
  const { stream, epoch, seq } = position;
  state.catchUps ??= new Map();
  const before = state.catchUps.get(stream);
  const skipped = state.skipped?.get(stream);
  const newest = Math.max(seq, before?.newest ?? 0);
  const catchUp: CatchUp = { epoch, after: seq, newest, cause, isStarted: false };
  state.catchUps.set(stream, catchUp);
  // The log brings them again, from the client's own position on.
  state.skipped?.delete(stream);
  return { position, catchUp, before, skipped, isGone: false };
}
