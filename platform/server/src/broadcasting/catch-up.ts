// Brings a session from where it is to the present: after a reconnect (resume), on request (sync), or when it was too slow. Reads the log, then hands over to live events.

import { BelfryError, parseStream, type ResumedStream, type StreamPosition } from '@belfry/protocol';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { AppId } from '../ports/app-id.ts';
import type { ReadRange, StoredMessage, StreamHead } from '../ports/stores/index.ts';
import { encode } from '../sessions/encoded.ts';
import type { Session } from '../sessions/session.ts';
import { decideByRule } from './decide.ts';
import { feedOf, type CatchUp } from './feed.ts';
import { eventOfStored, ruleOfStored } from './order.ts';
import type { Outflow } from './outflow.ts';

interface LogReader {
  heads(app: AppId, streams: readonly string[]): Promise<ReadonlyMap<string, StreamHead>>;
  read(app: AppId, stream: string, range: ReadRange): Promise<readonly StoredMessage[]>;
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
  ): Promise<{ resumed: ResumedStream[]; start(): void }>;
  /** Goes on with what a session fell behind on. */
  resumeBehind(session: Session): void;
}

const readSize = 200;

export function createCatchUps(deps: {
  log: LogReader;
  outflow: Outflow;
  mayRead(app: AppId, stream: string, userId: string): Promise<boolean>;
  maxStreams: number;
  logger: Log;
  metrics: Metrics;
}): CatchUps {
  const { log, outflow, mayRead, maxStreams, logger, metrics } = deps;
  const running = new WeakMap<Session, Set<string>>();

  return {
    async prepare(session, positions, cause) {
      if (positions.length > maxStreams) throw new BelfryError('too_many', { path: ['streams'] });
      const feed = feedOf(session);
      feed.catchUps ??= new Map();
      const marks = new Map<string, CatchUp>();
      for (const { stream, seq } of positions) {
        const mark: CatchUp = { after: seq, newest: seq, cause };
        marks.set(stream, mark);
        // Subscribe first: from here on a live event of the stream is noted, and the log is read after it was marked.
        feed.catchUps.set(stream, mark);
        (feed.resumedAfter ??= new Map()).set(stream, seq);
      }
      try {
        const heads = await log.heads(session.app, [...marks.keys()]);
        const resumed = await Promise.all(
          positions.map((position) => place(session, position, heads.get(position.stream))),
        );
        return { resumed, start: () => [...marks.keys()].forEach((stream) => void run(session, stream)) };
      } catch (error) {
        for (const [stream, mark] of marks) if (feed.catchUps.get(stream) === mark) feed.catchUps.delete(stream);
        throw error;
      }
    },
    resumeBehind(session) {
      for (const [stream, { cause }] of feedOf(session).catchUps ?? [])
        if (cause === 'behind') void run(session, stream);
    },
  };

  async function place(
    session: Session,
    { stream, epoch, seq }: StreamPosition,
    head: StreamHead | undefined,
  ): Promise<ResumedStream> {
    const isAllowed = await mayRead(session.app, stream, session.userId);
    if (!isAllowed) {
      feedOf(session).catchUps?.delete(stream);
      return { stream, gap: { from: 1, to: 0, reason: 'unknown_epoch' } };
    }
    const present = head ?? { epoch: 'e1', seq: 0, firstSeq: 1 };
    const gapFrom = (from: number, reason: 'unknown_epoch' | 'too_old'): ResumedStream => {
      const mark = feedOf(session).catchUps?.get(stream);
      // What the gap covers is the client's to read from history; what comes after it is still ours to tell.
      if (mark !== undefined) mark.after = present.seq;
      return { stream, epoch: present.epoch, gap: { from, to: present.seq, reason } };
    };
    if (epoch !== present.epoch || seq > present.seq) return gapFrom(1, 'unknown_epoch');
    if (seq + 1 < present.firstSeq) return gapFrom(seq + 1, 'too_old');
    return { stream, epoch: present.epoch, from: seq + 1, to: present.seq };
  }

  /** One reader a session and stream, however often it is asked for. */
  async function run(session: Session, stream: string): Promise<void> {
    const active = running.get(session) ?? new Set<string>();
    running.set(session, active);
    if (active.has(stream)) return;
    active.add(stream);
    try {
      await readOn(session, stream);
    } catch (error) {
      // The client finds the hole by the next seq, and asks again with `sync`; as does the next drain of a slow one.
      logger.warn('a connection could not catch up', { connectionId: session.id, stream, err: error });
    } finally {
      active.delete(stream);
    }
  }

  async function readOn(session: Session, stream: string): Promise<void> {
    const mark = feedOf(session).catchUps?.get(stream);
    if (mark === undefined) return;
    metrics.count('catch_ups_total', [mark.cause]);
    const epoch = (await log.heads(session.app, [stream])).get(stream)?.epoch ?? 'e1';
    while (!session.closed && feedOf(session).catchUps?.get(stream) === mark) {
      const page = await log.read(session.app, stream, { afterSeq: mark.after, limit: readSize });
      for (const message of page) {
        if (session.outlet.bufferedBytes() > outflow.behindBytes) {
          // Its buffer is full again: it goes on from here when that has drained.
          mark.cause = 'behind';
          outflow.watchDrain(session);
          return;
        }
        tell(session, message, epoch);
        mark.after = message.seq;
      }
      // In one turn with the last look at the mark: a live event that comes later finds the stream live. An empty page ends it in any case: what
      // is noted as newest and is not in the log was deleted with its stream.
      if (page.length === 0 || (page.length < readSize && mark.after >= mark.newest)) {
        goLive(session, stream, mark);
        return;
      }
    }
  }

  function tell(session: Session, message: StoredMessage, epoch: string): void {
    const { deviceType, connectionType, features } = {
      deviceType: session.device.type,
      connectionType: session.page.policy.connectionType,
      features: session.page.features,
    };
    const isNamed = message.targets?.includes(session.userId) ?? true;
    const isExcluded = message.exclude?.includes(session.userId) ?? false;
    const reason =
      isNamed && !isExcluded
        ? decideByRule({ deviceType, connectionType, features }, ruleOfStored(message))
        : 'excluded_sender';
    if (reason === 'sent') {
      const event = eventOfStored(message, epoch);
      outflow.fromLog(session, { stream: message.stream, seq: message.seq, encoded: () => encode(event) });
    } else outflow.noteSkipped(session, { stream: message.stream, seq: message.seq }, reason);
  }

  function goLive(session: Session, stream: string, mark: CatchUp): void {
    const feed = feedOf(session);
    if (feed.catchUps?.get(stream) === mark) feed.catchUps.delete(stream);
    feed.floors ??= new Map();
    feed.floors.set(stream, mark.after);
    // What it was not to see at the end of its catch-up would otherwise look like a hole.
    outflow.flushSkipped(session, stream);
  }
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
