// Puts durable events into the order of their seqs before this node tells its connections, and fills holes from the log. Who is told is fan-out.ts.

import { LRUCache } from 'lru-cache';
import type { AppId } from '../ports/app-id.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { ReadRange, StoredMessage, StreamHead } from '../ports/stores/index.ts';
import type { Delivery } from './delivery.ts';

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
  /** Nothing was told here so far: some session got up to `last` from the log, and others may be owed it by an event that is under way. */
  isFollowedOnly: boolean;
  /** Wall clock of when it was stored, for the delivery time of its first acknowledgement; 0 once that was taken. */
  lastStoredAt: number;
  /** Above a hole, waiting for it to be filled. */
  early: Map<number, { order: Delivery; tell: () => void }>;
  isBackfilling: boolean;
}

export type StreamSequencer = ReturnType<typeof createStreamSequencer>;

/** Streams whose place is remembered; a forgotten one starts anew with its next event. */
const keptStreams = 100_000;
const readSize = 200;
/** Streams that are compared by one call of the store. */
const comparedAtOnce = 500;

export function createStreamSequencer(deps: {
  log: StreamLogReader;
  /** Tells this node's connections of an event that was found in the log. */
  deliverStored: (app: AppId, message: StoredMessage, epoch: string) => Promise<void>;
  logger: Log;
  metrics: Metrics;
}) {
  const { log, deliverStored: tellStored, logger, metrics } = deps;
  const lives = new LRUCache<string, Live>({ max: keptStreams });
  /** Those with a hole that could not be filled. */
  const stuck = new Set<Live>();
  const keyOf = (app: AppId, stream: string): string => `${app} ${stream}`;

  return {
    /** Calls `tell` when it is this event's turn: at once, or when the hole before it has been filled, or never when it was told before. */
    accept(app: AppId, order: Delivery, tell: () => void): void {
      const { stream, seq, epoch = 'e1', timestamp } = order.event;
      if (stream === undefined || seq === undefined) {
        tell();
        return;
      }
      const live = lives.get(keyOf(app, stream));
      if (live?.epoch !== epoch) {
        const begun = begin(app, { stream, epoch, seq });
        begun.isFollowedOnly = false;
        begun.lastStoredAt = Date.parse(timestamp);
        tell();
      } else if (seq === live.last + 1 && !live.isBackfilling) {
        live.last = seq;
        live.isFollowedOnly = false;
        live.lastStoredAt = Date.parse(timestamp);
        tell();
      } else if (seq > live.last) {
        live.early.set(seq, { order, tell });
        void backfill(live, 'hole');
      } else if (live.isFollowedOnly) {
        // Who has it from the log is not told again (session-writer.ts).
        tell();
      }
    },

    /** Sessions here follow this stream and have it up to `seq` from the log: what comes after it must not be missed, even if nothing of it was told here yet. */
    follow(app: AppId, at: { stream: string; epoch: string; seq: number }): void {
      if (lives.get(keyOf(app, at.stream)) === undefined) begin(app, at);
    },

    /** It is certain that the log reaches this far. Tells what was missed of a stream that is known here. */
    remind(app: AppId, at: { stream: string; seq: number }): void {
      const live = lives.peek(keyOf(app, at.stream));
      if (live === undefined || live.last >= at.seq) return;
      void backfill(live, 'head');
    },

    /** The newest seq that was told here; undefined when the stream is not known on this node. */
    last(app: AppId, stream: string): number | undefined {
      return lives.peek(keyOf(app, stream))?.last;
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
        for (let at = 0; at < known.length; at += comparedAtOnce) {
          await compare(app, known.slice(at, at + comparedAtOnce));
        }
      }
    },

    /** Tries again what could not be filled, e.g. because the store was away: no further event need ever come to do it. */
    async backfillStuck(): Promise<void> {
      for (const live of stuck) if (lives.peek(keyOf(live.app, live.stream)) !== live) stuck.delete(live);
      await Promise.all([...stuck].map((live) => backfill(live, 'head')));
    },
  };

  function begin(app: AppId, { stream, epoch, seq }: { stream: string; epoch: string; seq: number }): Live {
    const live: Live = {
      app,
      stream,
      epoch,
      last: seq,
      isFollowedOnly: true,
      lastStoredAt: 0,
      early: new Map(),
      isBackfilling: false,
    };
    lives.set(keyOf(app, stream), live);
    return live;
  }

  async function compare(app: AppId, known: readonly Live[]): Promise<void> {
    const heads = await log.heads(
      app,
      known.map(({ stream }) => stream),
    );
    await Promise.all(
      known.map(async (live) => {
        const head = heads.get(live.stream);
        if (head === undefined) return;
        // Of a log that replaced the one known here nothing was told.
        const compared = head.epoch === live.epoch ? live : begin(app, { stream: live.stream, ...head, seq: 0 });
        if (head.seq > compared.last) await backfill(compared, 'head');
      }),
    );
  }

  async function backfill(live: Live, cause: 'hole' | 'head'): Promise<void> {
    if (live.isBackfilling) return;
    live.isBackfilling = true;
    try {
      await fill(live, cause);
      stuck.delete(live);
    } catch (error) {
      logger.warn('a hole in a stream could not be filled', {
        app: live.app,
        stream: live.stream,
        after: live.last,
        err: error,
      });
      stuck.add(live);
    } finally {
      live.isBackfilling = false;
    }
  }

  /** Ends in the same turn as the last look at what came early, so that nothing that came meanwhile is left there. */
  async function fill(live: Live, cause: 'hole' | 'head'): Promise<void> {
    let isUnknown = cause === 'head';
    for (;;) {
      deliverEarly(live);
      if (!isUnknown && live.early.size === 0) return;
      const found = await log.read(live.app, live.stream, { afterSeq: live.last, limit: readSize });
      for (const message of found) await deliverFound(live, message, cause);
      isUnknown = found.length === readSize;
      // What an event says was before it is no longer in the log: it was pruned, and nothing will fill the hole.
      if (found.length === 0) leapOver(live);
    }
  }

  async function deliverFound(live: Live, message: StoredMessage, cause: 'hole' | 'head'): Promise<void> {
    const early = live.early.get(message.seq);
    if (early === undefined) {
      await tellStored(live.app, message, live.epoch);
      metrics.count('log_heal_total', [cause]);
    }
    live.early.delete(message.seq);
    live.last = message.seq;
    live.isFollowedOnly = false;
    live.lastStoredAt = message.storedAt;
    early?.tell();
  }

  function leapOver(live: Live): void {
    if (live.early.size > 0) live.last = Math.min(...live.early.keys()) - 1;
  }

  function deliverEarly(live: Live): void {
    const { early } = live;
    for (let next = early.get(live.last + 1); next !== undefined; next = early.get(live.last + 1)) {
      live.last += 1;
      live.isFollowedOnly = false;
      live.lastStoredAt = Date.parse(next.order.event.timestamp);
      early.delete(live.last);
      next.tell();
    }
    for (const seq of early.keys()) if (seq <= live.last) early.delete(seq);
  }
}
