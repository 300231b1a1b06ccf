// Puts durable events into the order of their seqs before this node tells its connections, and fills holes from the log. Who is told is fan-out.ts.

import { LRUCache } from 'lru-cache';
import type { AppId } from '../ports/app-id.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { ReadRange, StoredMessage, StreamHead } from '../ports/stores/index.ts';
import type { FanOutOrder } from './order.ts';

interface StreamLogReader {
  heads(app: AppId, streams: readonly string[]): Promise<ReadonlyMap<string, StreamHead>>;
  read(app: AppId, stream: string, range: ReadRange): Promise<readonly StoredMessage[]>;
}

interface Live {
  app: AppId;
  stream: string;
  epoch: string;
  /** Newest seq that was told here. */
  last: number;
  /** Wall clock of when it was stored, for the delivery time of its first acknowledgement; 0 once that was taken. */
  lastStoredAt: number;
  /** Above a hole, waiting for it to be filled. */
  early: Map<number, { order: FanOutOrder; tell: () => void }> | undefined;
  healing: boolean;
}

export type LiveStreams = ReturnType<typeof createLiveStreams>;

/** Streams whose place is remembered; a forgotten one starts anew with its next event. */
const keptStreams = 100_000;
const readSize = 200;

export function createLiveStreams(deps: {
  log: StreamLogReader;
  /** Tells this node's connections of an event that was found in the log. */
  tellStored(app: AppId, message: StoredMessage, epoch: string): Promise<void>;
  logger: Log;
  metrics: Metrics;
}) {
  const { log, tellStored, logger, metrics } = deps;
  const lives = new LRUCache<string, Live>({ max: keptStreams });
  const keyOf = (app: AppId, stream: string): string => `${app} ${stream}`;

  return {
    /** Calls `tell` when it is this event's turn: at once, or when the hole before it has been filled, or never when it was told before. */
    accept(app: AppId, order: FanOutOrder, tell: () => void): void {
      const { stream, seq, epoch = 'e1', timestamp } = order.event;
      if (stream === undefined || seq === undefined) {
        tell();
        return;
      }
      const live = lives.get(keyOf(app, stream));
      if (live === undefined || live.epoch !== epoch) {
        lives.set(keyOf(app, stream), {
          app,
          stream,
          epoch,
          last: seq,
          lastStoredAt: Date.parse(timestamp),
          early: undefined,
          healing: false,
        });
        tell();
      } else if (seq === live.last + 1 && !live.healing) {
        live.last = seq;
        live.lastStoredAt = Date.parse(timestamp);
        tell();
      } else if (seq > live.last) {
        live.early ??= new Map();
        live.early.set(seq, { order, tell });
        void heal(live, 'hole');
      }
    },

    /** The newest seq that was told here; undefined when the stream is not known on this node. */
    last(app: AppId, stream: string): number | undefined {
      return lives.get(keyOf(app, stream))?.last;
    },

    /** How long ago the newest event was stored, ms, when `seq` is that event and nobody asked before. */
    takeDeliveryMs(app: AppId, at: { stream: string; seq: number }, nowMs: number): number | undefined {
      const live = lives.peek(keyOf(app, at.stream));
      if (live?.last !== at.seq || live.lastStoredAt === 0) return undefined;
      const ms = nowMs - live.lastStoredAt;
      live.lastStoredAt = 0;
      return Math.max(0, ms);
    },

    /** Compares every stream known here with the log and tells what was missed; for when hints may have been lost. */
    async compareHeads(): Promise<void> {
      const byApp = Map.groupBy([...lives.values()], ({ app }) => app);
      for (const [app, known] of byApp) {
        const heads = await log.heads(
          app,
          known.map(({ stream }) => stream),
        );
        await Promise.all(
          known.map((live) => ((heads.get(live.stream)?.seq ?? 0) > live.last ? heal(live, 'head') : undefined)),
        );
      }
    },
  };

  async function heal(live: Live, cause: 'hole' | 'head'): Promise<void> {
    if (live.healing) return;
    live.healing = true;
    try {
      await fill(live, cause);
    } catch (error) {
      // Nothing is lost: the next event of the stream, or the next comparison of heads, tries again.
      logger.warn('a hole in a stream could not be filled', {
        app: live.app,
        stream: live.stream,
        after: live.last,
        err: error,
      });
    } finally {
      live.healing = false;
    }
    if (live.early !== undefined && live.early.size > 0 && live.early.has(live.last + 1)) tellEarly(live);
  }

  async function fill(live: Live, cause: 'hole' | 'head'): Promise<void> {
    for (;;) {
      tellEarly(live);
      const isDone = cause === 'hole' && (live.early === undefined || live.early.size === 0);
      if (isDone) return;
      const found = await log.read(live.app, live.stream, { afterSeq: live.last, limit: readSize });
      for (const message of found) {
        if (message.seq !== live.last + 1) continue;
        const early = live.early?.get(message.seq);
        if (early === undefined) {
          await tellStored(live.app, message, live.epoch);
          metrics.count('log_heal_total', [cause]);
        } else early.tell();
        live.early?.delete(message.seq);
        live.last = message.seq;
        live.lastStoredAt = message.storedAt;
      }
      if (found.length < readSize) {
        tellEarly(live);
        return;
      }
    }
  }

  function tellEarly(live: Live): void {
    const { early } = live;
    if (early === undefined) return;
    for (let next = early.get(live.last + 1); next !== undefined; next = early.get(live.last + 1)) {
      live.last += 1;
      live.lastStoredAt = Date.parse(next.order.event.timestamp);
      early.delete(live.last);
      next.tell();
    }
    for (const seq of early.keys()) if (seq <= live.last) early.delete(seq);
  }
}
