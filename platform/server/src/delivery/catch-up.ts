// Brings a session from where it is to the present: after a reconnect (resume), on request (sync), or when it was too slow. Reads the log, then hands over to live events.

import {
  BelfryError,
  inboxStream,
  isVisitor,
  parseStream,
  type ResumedStream,
  type StreamPosition,
} from '@belfry/protocol';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import { backOffMs } from '../concurrency/back-off.ts';
import type { AppId } from '../ports/app-id.ts';
import type { StoredMessage, StreamHead } from '../ports/stores/index.ts';
import { encode, type Encoded } from '../sessions/encoded.ts';
import type { Session } from '../sessions/session.ts';
import { isAddressedTo } from '../ports/stores/addressing.ts';
import { decideByRule } from './decide-realtime.ts';
import { stateOf, type CatchUp, type SessionState, type Skipped } from './session-state.ts';
import type { StreamSequencer } from './stream-sequencer.ts';
import { eventOfStored, ruleOfStored } from './delivery.ts';
import type { SessionWriter } from './session-writer.ts';

interface LogReader {
  heads(app: AppId, streams: readonly string[]): Promise<ReadonlyMap<string, StreamHead>>;
  /** `reach` is the newest seq that is known to exist; the messages may be those that somebody else has read, when they get there. */
  read(
    app: AppId,
    at: { stream: string; epoch: string },
    range: { afterSeq: number; limit: number; reach: number },
  ): Promise<readonly StoredMessage[]>;
}

export interface CatchUps {
  /**
   * Marks the streams, so that live events of them wait, then finds how far each is behind. The answer goes to the client; `start` after it does the reading.
   * A stream that the user may not read is answered like one whose log was replaced. Throws `too_many`.
   */
  prepare(
    session: Session,
    positions: readonly StreamPosition[],
    cause: 'resume' | 'sync',
  ): Promise<{ resumed: ResumedStream[]; start: () => void }>;
  /** Goes on with every catch-up of the session that can go on. */
  resumeBehind(session: Session): void;
}

const readSize = 200;
/** After a failed read. */
const retry = { baseMs: 1000, maxMs: 15_000 };

export function createCatchUps(deps: {
  log: LogReader;
  writer: SessionWriter;
  /** Learns of streams that sessions here follow, so that what they miss is noticed. */
  live: () => Pick<StreamSequencer, 'follow'>;
  mayRead: (app: AppId, stream: string, userId: string) => Promise<boolean>;
  maxStreams: number;
  clock: Clock;
  logger: Log;
  metrics: Metrics;
}): CatchUps {
  const { log, writer, live, mayRead, maxStreams, clock, logger, metrics } = deps;
  const running = new WeakMap<Session, Set<string>>();

  return {
    async prepare(session, positions, cause) {
      if (positions.length > maxStreams)
        throw new BelfryError('too_many', { path: [cause === 'resume' ? 'resume' : 'streams'] });
      const marked = positions.map((position) => mark(stateOf(session), position, cause));
      try {
        const heads = await log.heads(session.app, [...new Set(positions.map(({ stream }) => stream))]);
        const resumed = await Promise.all(marked.map((each) => place(session, each, heads.get(each.position.stream))));
        return { resumed, start: () => marked.forEach((each) => startMarked(session, each)) };
      } catch (error) {
        for (const each of marked.toReversed()) unmark(session, each);
        throw error;
      }
    },
    resumeBehind(session) {
      for (const stream of stateOf(session).catchUps?.keys() ?? []) void run(session, stream);
    },
  };

  async function place(session: Session, marked: Marked, head: StreamHead | undefined): Promise<ResumedStream> {
    const { stream, epoch, seq } = marked.position;
    const feed = stateOf(session);
    if (!(await mayRead(session.app, stream, session.userId))) {
      if (feed.catchUps?.get(stream) === marked.catchUp) feed.catchUps.delete(stream);
      return { stream, gap: { from: 1, to: 0, reason: 'unknown_epoch' } };
    }
    const present = head ?? { epoch: 'e1', seq: 0, firstSeq: 1 };
    const resumedAt = (after: number): void => {
      marked.catchUp.epoch = present.epoch;
      marked.catchUp.after = after;
      marked.catchUp.newest = Math.max(marked.catchUp.newest, present.seq);
      // The least, since what it was told before a `sync` it has as well. Kept for streams that the user may read only: no client can make it grow.
      const all = (feed.resumedAfter ??= new Map<string, number>());
      all.set(stream, Math.min(all.get(stream) ?? after, after));
    };
    const gapFrom = (from: number, reason: 'unknown_epoch' | 'too_old'): ResumedStream => {
      // What the gap covers is the client's to read from history; what comes after it is still ours to tell.
      resumedAt(present.seq);
      return { stream, epoch: present.epoch, gap: { from, to: present.seq, reason } };
    };
    if (epoch !== present.epoch || seq > present.seq) return gapFrom(1, 'unknown_epoch');
    if (seq + 1 < present.firstSeq) return gapFrom(seq + 1, 'too_old');
    resumedAt(seq);
    return { stream, epoch: present.epoch, from: seq + 1, to: present.seq };
  }

  function startMarked(session: Session, { position: { stream }, catchUp }: Marked): void {
    catchUp.isStarted = true;
    void run(session, stream);
  }

  /** The client got an error: goes on as if it had not asked, with what was only noted meanwhile. */
  function unmark(session: Session, { position: { stream }, catchUp, before, skipped }: Marked): void {
    const feed = stateOf(session);
    if (feed.catchUps?.get(stream) !== catchUp) return;
    const { epoch, newest, firstHeld: firstNoted } = catchUp;
    if (before !== undefined) {
      before.newest = Math.max(before.newest, newest);
      feed.catchUps.set(stream, before);
    } else if (firstNoted !== undefined) {
      const after = (skipped?.from ?? firstNoted) - 1;
      feed.catchUps.set(stream, { epoch, after, newest, cause: 'sync', isStarted: true });
    } else {
      feed.catchUps.delete(stream);
      if (skipped !== undefined) feed.skipped?.set(stream, skipped);
    }
    void run(session, stream);
  }

  /** One reader a session and stream, however often it is asked for. */
  async function run(session: Session, stream: string): Promise<void> {
    const active = running.get(session) ?? new Set<string>();
    running.set(session, active);
    if (active.has(stream)) return;
    active.add(stream);
    try {
      // Again and again, because another catch-up may have taken the place of the one that was read for, and found this reader active.
      for (let end: 'moved_on' | 'full' = 'moved_on'; end === 'moved_on';) {
        const catchUp = stateOf(session).catchUps?.get(stream);
        if (session.closed || catchUp?.isStarted !== true) return;
        end = await readOn(session, stream, catchUp);
      }
    } catch (error) {
      retryLater(session, stream, error);
    } finally {
      active.delete(stream);
    }
  }

  /** Nothing else would: the stream's live events are only noted as long as the session catches up. */
  function retryLater(session: Session, stream: string, error: unknown): void {
    const catchUp = stateOf(session).catchUps?.get(stream);
    if (session.closed || catchUp === undefined) return;
    const failures = (catchUp.failures ?? 0) + 1;
    catchUp.failures = failures;
    // Once: a store that is away would fill the log with one line a connection and try.
    if (failures === 1)
      logger.warn('a connection could not catch up', { connectionId: session.id, stream, err: error });
    clock.after(backOffMs(failures, retry), () => void run(session, stream));
  }

  async function readOn(session: Session, stream: string, catchUp: CatchUp): Promise<'moved_on' | 'full'> {
    const isCurrent = (): boolean => !session.closed && stateOf(session).catchUps?.get(stream) === catchUp;
    if (catchUp.failures === undefined) metrics.count('catch_ups_total', [catchUp.cause]);
    const epoch = (await log.heads(session.app, [stream])).get(stream)?.epoch ?? 'e1';
    // The log was replaced meanwhile: of the one there is now the session has nothing.
    if (epoch !== catchUp.epoch) Object.assign(catchUp, { epoch, after: 0 });
    while (isCurrent()) {
      // Asked for each page: who was removed from a conversation gets no more of it, however far behind he is.
      if (!(await mayRead(session.app, stream, session.userId))) {
        if (isCurrent()) stateOf(session).catchUps?.delete(stream);
        return 'moved_on';
      }
      const newestBefore = catchUp.newest;
      const range = { afterSeq: catchUp.after, limit: readSize, reach: newestBefore };
      const page = await log.read(session.app, { stream, epoch }, range);
      for (const message of page) {
        if (!isCurrent()) return 'moved_on';
        if (session.outlet.bufferedBytes() > writer.behindBytes) {
          // Its buffer is full again: it goes on from here when that has drained.
          catchUp.cause = 'behind';
          writer.watchDrain(session);
          return 'full';
        }
        // Pruned since the session asked: what is gone is not coming any more.
        if (message.seq > catchUp.after + 1)
          reportGap(session, stream, { from: catchUp.after + 1, to: message.seq - 1 });
        deliver(session, message, epoch);
        catchUp.after = message.seq;
      }
      delete catchUp.failures;
      // In one turn with the last look at it: a live event that comes later finds the stream live. What was noted before the read and is not in the
      // log was deleted with its stream; what was noted during the read may be behind it, and is read for again.
      const isAtEnd = page.length === 0 ? catchUp.newest === newestBefore : catchUp.after >= catchUp.newest;
      if (isAtEnd && page.length < readSize && isCurrent()) goLive(session, { stream, epoch, seq: catchUp.after });
    }
    return 'moved_on';
  }

  function deliver(session: Session, message: StoredMessage, epoch: string): void {
    const { stream, seq } = message;
    const { page, device } = session;
    const connection = {
      deviceType: device.type,
      connectionType: page.policy.connectionType,
      features: page.features,
    };
    const reason = isAddressedTo(message, session.userId)
      ? decideByRule(connection, ruleOfStored(message))
      : 'excluded_sender';
    if (reason === 'sent') {
      writer.fromLog(session, { stream, seq, encoded: () => encodedOf(message, epoch) });
    } else writer.noteSkipped(session, { stream, seq }, reason);
  }

  function reportGap(session: Session, stream: string, range: { from: number; to: number }): void {
    const timestamp = new Date(clock.now()).toISOString();
    session.outlet.send(encode({ action: 'gap', stream, timestamp, data: { ...range, reason: 'too_old' } }));
  }

  function goLive(session: Session, at: { stream: string; epoch: string; seq: number }): void {
    const { stream, epoch, seq } = at;
    const feed = stateOf(session);
    feed.catchUps?.delete(stream);
    (feed.floors ??= new Map()).set(stream, { epoch, seq });
    // What it was not to see at the end of its catch-up would otherwise look like a hole.
    writer.flushSkipped(session, stream);
    live().follow(session.app, at);
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

/** One stream of a request, and what was there before it. */
interface Marked {
  position: StreamPosition;
  catchUp: CatchUp;
  before: CatchUp | undefined;
  skipped: Skipped | undefined;
}

/** Subscribe first: from here on a live event of the stream is noted, and the log is read after it was marked. */
function mark(feed: SessionState, position: StreamPosition, cause: 'resume' | 'sync'): Marked {
  const { stream, epoch, seq } = position;
  feed.catchUps ??= new Map();
  const before = feed.catchUps.get(stream);
  const skipped = feed.skipped?.get(stream);
  const newest = Math.max(seq, before?.newest ?? 0);
  const catchUp: CatchUp = { epoch, after: seq, newest, cause, isStarted: false };
  feed.catchUps.set(stream, catchUp);
  // The log tells of them again, from the client's own position on.
  feed.skipped?.delete(stream);
  return { position, catchUp, before, skipped };
}

/** As `mayReadStream`, where the answer is at hand: whose inbox it is always is, whether the user is in the conversation when `isMember` knows. */
export function mayReadStreamNow(
  stream: string,
  userId: string,
  isMember: (conversationId: string) => boolean | undefined,
): boolean | undefined {
  if (stream.startsWith('c:')) return isMember(stream.slice(2));
  return stream === inboxStream(userId) && !isVisitor(userId) ? true : undefined;
}

/** Whether a stream is one that this user may read; membership is asked of `isMember`. */
export async function mayReadStream(
  stream: string,
  userId: string,
  isMember: (conversationId: string) => Promise<boolean>,
): Promise<boolean> {
  const parsed = parseStream(stream);
  if (parsed === undefined) return false;
  return parsed.type === 'inbox' ? parsed.userId === userId : await isMember(parsed.conversationId);
}
