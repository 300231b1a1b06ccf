// Appends to the ordered logs: one writer per stream and process, which numbers and stores what waits for it in groups. Not who is told of it.

import { BelfryError, isBelfryError } from '@belfry/protocol';
import { LRUCache } from 'lru-cache';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { MessageStore, ReadRange, StoredMessage, StreamHead } from '../ports/stores/index.ts';

/** A message before it has its place: seq and times are the log's to give. */
export type Draft = Omit<StoredMessage, 'seq' | 'storedAt' | 'editedAt' | 'deletedAt' | 'outbox'> & {
  /** Set when a push is owed: the relay takes over this many ms after the message was stored. */
  outboxAfterMs?: number;
};

export interface Appended {
  message: StoredMessage;
  /** The cid was known with the same content: `message` is the first one, and nothing was stored. */
  duplicate: boolean;
}

export interface StreamLog {
  /**
   * Stores the draft as the stream's next message and calls `onStored` in the order of the seqs, before anything else sees it; not for a duplicate. `onStored` may not throw.
   * Rejects with `idempotency_conflict` (same cid, other content), `overloaded` (queue full) or `unavailable` (not stored as far as can be told).
   */
  append(app: AppId, draft: Draft, onStored?: (message: StoredMessage, epoch: string) => void): Promise<Appended>;
  head(app: AppId, stream: string): Promise<StreamHead>;
  heads(app: AppId, streams: readonly string[]): Promise<ReadonlyMap<string, StreamHead>>;
  read(app: AppId, stream: string, range: ReadRange): Promise<readonly StoredMessage[]>;
  /** The stream was deleted: what is known of its head no longer holds. */
  forget(app: AppId, stream: string): void;
}

interface Waiting {
  draft: Draft;
  onStored: ((message: StoredMessage, epoch: string) => void) | undefined;
  resolve: (appended: Appended) => void;
  reject: (error: unknown) => void;
}

interface Writer {
  /** The stream's newest seq as far as this process knows; undefined after an error, when it must be read again. */
  head: { seq: number; epoch: string } | undefined;
  /** Set by `forget`: a head that is being read meanwhile may be that of the log that is gone. */
  isForgotten: boolean;
  waiting: Waiting[];
  running: boolean;
}

/** One group goes to the store as one call; larger groups would only delay their first message. */
const maxGroup = 256;
/** Writers that are kept for their known head; a dropped one costs one read. */
const keptWriters = 20_000;
/** Another writer of the stream was faster this often in a row: then the store's head and its index do not agree, and trying on would never end. */
const maxLostRaces = 100;

export function createStreamLog(deps: {
  messages: MessageStore;
  clock: Clock;
  /** Messages that may wait for one stream; above it `overloaded`. */
  maxWaiting: number;
  metrics: Pick<Metrics, 'count'>;
}): StreamLog {
  const { messages, clock, maxWaiting, metrics } = deps;
  const idle = new LRUCache<string, Writer>({ max: keptWriters });
  const active = new Map<string, Writer>();

  return {
    append(app, draft, onStored) {
      const key = keyOf(app, draft.stream);
      const writer = active.get(key) ?? idle.get(key) ?? newWriter();
      if (writer.waiting.length >= maxWaiting) return Promise.reject(new BelfryError('overloaded', { afterMs: 1000 }));
      return new Promise((resolve, reject) => {
        writer.waiting.push({ draft, onStored, resolve, reject });
        if (writer.running) return;
        writer.running = true;
        active.set(key, writer);
        idle.delete(key);
        void run(app, draft.stream, writer);
      });
    },

    async head(app, stream) {
      return (await messages.heads(app, [stream])).get(stream) ?? { epoch: 'e1', seq: 0, firstSeq: 1 };
    },
    heads: (app, streams) => messages.heads(app, streams),
    read(app, stream, range) {
      metrics.count('log_reads_total');
      return messages.read(app, stream, range);
    },
    forget(app, stream) {
      idle.delete(keyOf(app, stream));
      const writer = active.get(keyOf(app, stream));
      if (writer === undefined) return;
      writer.head = undefined;
      writer.isForgotten = true;
    },
  };

  async function run(app: AppId, stream: string, writer: Writer): Promise<void> {
    while (writer.waiting.length > 0) {
      const group = writer.waiting.splice(0, maxGroup);
      try {
        await store(app, { stream, writer, group });
      } catch (error) {
        writer.head = undefined;
        await resolveUnknown(app, stream, { group, error });
      }
    }
    // In the same turn as the last look at `waiting`: a draft that came in between would wait for ever.
    writer.running = false;
    active.delete(keyOf(app, stream));
    idle.set(keyOf(app, stream), writer);
  }

  /** Stores a group, going on behind whatever was in its way. Leaves in `group` only what is not settled. */
  async function store(app: AppId, at: { stream: string; writer: Writer; group: Waiting[] }): Promise<void> {
    const { stream, writer, group } = at;
    let lostRaces = 0;
    while (group.length > 0) {
      const head = writer.head ?? (await learnHead(app, stream, writer));
      const now = clock.now();
      const records = group.map((waiting, index) => toStored(waiting.draft, head.seq + 1 + index, now));
      const result = await messages.append(app, records);
      head.seq += result.inserted;
      lostRaces = result.inserted > 0 ? 0 : lostRaces;
      for (const message of records.slice(0, result.inserted)) answerStored(group.shift(), message, head.epoch);
      if (!('conflict' in result)) continue;
      if (result.conflict === 'seq') {
        writer.head = undefined;
        lostRaces += 1;
        if (lostRaces >= maxLostRaces) throw new BelfryError('unavailable', { afterMs: 1000 });
      } else await answerRepeated(app, stream, group);
    }
  }

  async function learnHead(app: AppId, stream: string, writer: Writer): Promise<{ seq: number; epoch: string }> {
    for (;;) {
      writer.isForgotten = false;
      const head = await readHead(app, stream);
      if (!isForgotten(writer)) return (writer.head = head);
    }
  }

  async function readHead(app: AppId, stream: string): Promise<{ seq: number; epoch: string }> {
    const { seq = 0, epoch = 'e1' } = (await messages.heads(app, [stream])).get(stream) ?? {};
    return { seq, epoch };
  }

  /** The first of the group met its own cid: answers it from the log. */
  async function answerRepeated(app: AppId, stream: string, group: Waiting[]): Promise<void> {
    const first = group[0];
    if (first === undefined) return;
    const { senderId, cid } = first.draft;
    const message = await messages.byCid(app, stream, { senderId, cid });
    group.shift();
    if (message === undefined) first.reject(new BelfryError('unavailable', { afterMs: 1000 }));
    else answerKnown(first, message);
  }

  /** The store failed under the group, and some of it may stand: what is found by its cid is in the log, the rest is told to try again. */
  async function resolveUnknown(
    app: AppId,
    stream: string,
    failed: { group: Waiting[]; error: unknown },
  ): Promise<void> {
    for (const waiting of failed.group) {
      const { senderId, cid, id } = waiting.draft;
      try {
        const message = await messages.byCid(app, stream, { senderId, cid });
        if (message === undefined) waiting.reject(asUnavailable(failed.error));
        else if (message.id === id && message.bodyHash === waiting.draft.bodyHash)
          answerStored(waiting, message, (await readHead(app, stream)).epoch);
        else answerKnown(waiting, message);
      } catch {
        waiting.reject(asUnavailable(failed.error));
      }
    }
  }
}

function newWriter(): Writer {
  return { head: undefined, isForgotten: false, waiting: [], running: false };
}

/** Asked by a call, since the compiler takes a field for what it was before the wait. */
function isForgotten(writer: Writer): boolean {
  return writer.isForgotten;
}

function keyOf(app: AppId, stream: string): string {
  return `${app} ${stream}`;
}

function answerStored(waiting: Waiting | undefined, message: StoredMessage, epoch: string): void {
  try {
    waiting?.onStored?.(message, epoch);
  } finally {
    // It is stored, whatever came of telling it: who waits must not wait for ever.
    waiting?.resolve({ message, duplicate: false });
  }
}

function answerKnown(waiting: Waiting, message: StoredMessage): void {
  if (message.bodyHash === waiting.draft.bodyHash) waiting.resolve({ message, duplicate: true });
  else waiting.reject(new BelfryError('idempotency_conflict'));
}

function toStored(draft: Draft, seq: number, now: number): StoredMessage {
  const { outboxAfterMs, ...rest } = draft;
  return {
    ...rest,
    seq,
    storedAt: now,
    ...(outboxAfterMs === undefined ? {} : { outbox: { dueAt: now + outboxAfterMs } }),
  };
}

function asUnavailable(error: unknown): BelfryError {
  return isBelfryError(error) ? error : new BelfryError('unavailable', { afterMs: 1000, cause: error });
}
