// Appends to the ordered logs: one writer per stream and process, which numbers and stores the waiting
// messages in groups. Does not publish what it stored.

import { BelfryError, isBelfryError } from '@belfry/protocol';
import { leastUsed } from '../caching/least-used.ts';
import { backOffMs } from '../concurrency/back-off.ts';
import { partsOf } from '../concurrency/parts-of.ts';
import type { AppId } from '../ports/app-id.ts';
import type { AppendResult, MessageStore, ReadRange, StoredMessage, StreamHead } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { answerStored, StreamWriter, type Appended, type Draft, type OnStored, type Waiting } from './stream-writer.ts';

export type { Appended, Draft, OnStored } from './stream-writer.ts';

export interface StreamLogDeps {
  messages: MessageStore;
  surroundings: Pick<Surroundings, 'clock' | 'metrics'>;
  /** Messages that may wait for one stream; above it `overloaded`. */
  maxWaiting: number;
  /** In [0, 1); for jitter. */
  random?: () => number;
}

/** Of one stream in one call of the store; larger groups would only delay their first message. */
const maxGroup = 256;
/**
 * Of one call over several streams: a broadcast to more inboxes is several calls, so that no call holds up
 * the others for long.
 */
const maxStreams = 500;
/** Writers that are kept for their known head; a dropped one costs one read. */
const keptWriters = 20_000;
/**
 * Another writer of the stream was faster this often in a row: then the store's head and its index do not
 * agree, and trying on would never end. With the waits below that is about nine seconds.
 */
const maxLostRaces = 40;
/**
 * Of the waits after the second race that was lost in a row, ms. Another node's append is over in a few ms.
 */
const raceWaits = { baseMs: 10, maxMs: 250 };

export class StreamLog {
  readonly #messages: MessageStore;
  readonly #surroundings: StreamLogDeps['surroundings'];
  readonly #maxWaiting: number;
  readonly #random: () => number;
  readonly #idle = leastUsed<StreamWriter>(keptWriters);
  readonly #active = new Map<string, StreamWriter>();
  /** Streams that have something to store, by app; taken together at the end of this turn. */
  #ready = new Map<AppId, StreamWriter[]>();

  constructor({ messages, surroundings, maxWaiting, random = Math.random }: StreamLogDeps) {
    this.#messages = messages;
    this.#surroundings = surroundings;
    this.#maxWaiting = maxWaiting;
    this.#random = random;
  }

  /**
   * Stores the draft as the stream's next message. Rejects with `idempotency_conflict` (same cid, other
   * content), `overloaded` (queue full) or `unavailable` (not stored as far as can be told).
   */
  append(app: AppId, draft: Draft, onStored?: OnStored): Promise<Appended> {
    const key = keyOf(app, draft.stream);
    const writer = this.#active.get(key) ?? this.#idle.get(key) ?? new StreamWriter(draft.stream);
    if (writer.waiting.length >= this.#maxWaiting)
      return Promise.reject(new BelfryError('overloaded', { afterMs: 1000 }));
    return new Promise((resolve, reject) => {
      const waiting = { draft, onStored, resolve, reject };
      if (this.#active.has(key)) {
        writer.waiting.push(waiting);
        return;
      }
      writer.group.push(waiting);
      this.#active.set(key, writer);
      this.#idle.delete(key);
      this.#makeReady(app, writer);
    });
  }

  /**
   * As `append`, for drafts of several streams: one call of the store takes many of them. One end a draft, in
   * their order; one that fails costs the others nothing.
   */
  appendMany(app: AppId, drafts: readonly Draft[], onStored?: OnStored): Promise<PromiseSettledResult<Appended>[]> {
    return Promise.allSettled(drafts.map((draft) => this.append(app, draft, onStored)));
  }

  async head(app: AppId, stream: string): Promise<StreamHead> {
    return (await this.#messages.heads(app, [stream])).get(stream) ?? { epoch: 'e1', seq: 0, firstSeq: 1 };
  }

  heads(app: AppId, streams: readonly string[]): Promise<ReadonlyMap<string, StreamHead>> {
    return this.#messages.heads(app, streams);
  }

  read(app: AppId, stream: string, range: ReadRange): Promise<readonly StoredMessage[]> {
    this.#surroundings.metrics.count('log_reads_total');
    return this.#messages.read(app, stream, range);
  }

  /** The stream was deleted: what is known of its head no longer holds. */
  forget(app: AppId, stream: string): void {
    this.#idle.delete(keyOf(app, stream));
    this.#active.get(keyOf(app, stream))?.forgetHead();
  }

  /** Streams that become ready in one turn go to the store together. */
  #makeReady(app: AppId, writer: StreamWriter): void {
    const { size } = this.#ready;
    const ready = this.#ready.get(app) ?? [];
    ready.push(writer);
    this.#ready.set(app, ready);
    if (size === 0) queueMicrotask(() => this.#begin());
  }

  #begin(): void {
    const ready = this.#ready;
    this.#ready = new Map();
    for (const [app, writers] of ready) {
      for (const part of partsOf(writers, maxStreams)) void this.#store(app, part);
    }
  }

  /** Stores a group of each stream, and makes those ready again that have more. Never rejects. */
  async #store(app: AppId, writers: readonly StreamWriter[]): Promise<void> {
    for (const writer of writers) writer.takeGroup(maxGroup);
    try {
      await this.#learnHeads(app, writers);
      const now = this.#surroundings.clock.now();
      const groups = writers.map((writer) => writer.number(now));
      const epochs = writers.map(({ epoch }) => epoch);
      const results = await this.#append(app, groups, epochs);
      if (results.length !== groups.length) throw new Error('the store did not answer every group');
      await Promise.all(
        writers.map((writer, index) =>
          this.#conclude(app, writer, { records: groups[index] ?? [], result: results[index] ?? { inserted: 0 } }),
        ),
      );
    } catch (error) {
      // Some of it may stand.
      await Promise.all(
        writers.map(async (writer) => {
          await this.#resolveUnknown(app, writer, error);
          this.#goOn(app, writer);
        }),
      );
    }
  }

  async #append(
    app: AppId,
    groups: readonly StoredMessage[][],
    epochs: readonly string[],
  ): Promise<readonly AppendResult[]> {
    const [first] = groups;
    if (groups.length > 1 || first === undefined) return this.#messages.appendMany(app, groups, epochs);
    return [await this.#messages.append(app, first, epochs[0])];
  }

  async #learnHeads(app: AppId, writers: readonly StreamWriter[]): Promise<void> {
    for (;;) {
      const unknown = writers.filter(({ knowsHead }) => !knowsHead);
      if (unknown.length === 0) return;
      for (const writer of unknown) writer.beginReadingHead();
      const heads = await this.#messages.heads(
        app,
        unknown.map(({ stream }) => stream),
      );
      for (const writer of unknown) {
        const { seq = 0, epoch = 'e1' } = heads.get(writer.stream) ?? {};
        writer.learnHead({ seq, epoch });
      }
    }
  }

  /** Answers what stands. What is left of the group goes first in the next one. */
  async #conclude(
    app: AppId,
    writer: StreamWriter,
    { records, result }: { records: readonly StoredMessage[]; result: AppendResult },
  ): Promise<void> {
    writer.answerStored(records.slice(0, result.inserted));
    if ('conflict' in result && result.conflict === 'cid') await this.#answerRepeated(app, writer);
    if ('conflict' in result && result.conflict === 'seq') {
      writer.forgetHead();
      writer.lostRaces += 1;
      if (writer.lostRaces >= maxLostRaces) writer.rejectGroup(new BelfryError('unavailable', { afterMs: 1000 }));
      else await this.#waitAfterRace(writer.lostRaces);
    }
    this.#goOn(app, writer);
  }

  /**
   * None after the first: a node that did not know of another's append has to read the head once. Then with a
   * random part, or those that met meet again.
   */
  async #waitAfterRace(lostRaces: number): Promise<void> {
    if (lostRaces === 1) return;
    const waitMs = backOffMs(lostRaces - 1, { ...raceWaits, random: this.#random });
    await new Promise<void>((resolve) => {
      this.#surroundings.clock.after(waitMs, resolve);
    });
  }

  #goOn(app: AppId, writer: StreamWriter): void {
    writer.putBackGroup();
    if (writer.waiting.length > 0) {
      this.#makeReady(app, writer);
      return;
    }
    // In the same turn as the look at what waits: a draft that came in between would wait for ever.
    const key = keyOf(app, writer.stream);
    this.#active.delete(key);
    this.#idle.set(key, writer);
  }

  /** The first of the group met its own cid: answers it from the log. */
  async #answerRepeated(app: AppId, writer: StreamWriter): Promise<void> {
    const first = writer.group.shift();
    if (first === undefined) return;
    try {
      const { senderId, cid } = first.draft;
      const message = await this.#messages.byCid(app, writer.stream, { senderId, cid });
      if (message === undefined) first.reject(new BelfryError('unavailable', { afterMs: 1000 }));
      else answerKnown(first, message);
    } catch (error) {
      first.reject(asUnavailable(error));
    }
  }

  /**
   * The store failed under the group, and some of it may stand: what is found by its cid is in the log, the
   * rest has to be sent again.
   */
  async #resolveUnknown(app: AppId, writer: StreamWriter, failure: unknown): Promise<void> {
    writer.forgetHead();
    for (let waiting = writer.group.shift(); waiting !== undefined; waiting = writer.group.shift()) {
      const { senderId, cid, id, bodyHash } = waiting.draft;
      try {
        const message = await this.#messages.byCid(app, writer.stream, { senderId, cid });
        if (message === undefined) waiting.reject(asUnavailable(failure));
        else if (message.id !== id || message.bodyHash !== bodyHash) answerKnown(waiting, message);
        else answerStored(waiting, message, (await this.head(app, writer.stream)).epoch);
      } catch {
        waiting.reject(asUnavailable(failure));
      }
    }
  }
}

function keyOf(app: AppId, stream: string): string {
  return `${app} ${stream}`;
}

function answerKnown(waiting: Waiting, message: StoredMessage): void {
  if (message.bodyHash === waiting.draft.bodyHash) waiting.resolve({ message, duplicate: true });
  else waiting.reject(new BelfryError('idempotency_conflict'));
}

function asUnavailable(error: unknown): BelfryError {
  return isBelfryError(error) ? error : new BelfryError('unavailable', { afterMs: 1000, cause: error });
}
