// Stores messages of many streams by few writes: those that come while writes are under way go together in the
// next one. Does not number them: conversations/stream-log.ts does, one writer a stream and process.

import { BelfryError, isBelfryError } from '@belfry/protocol';
import { mongo } from 'mongoose';
import { forEachBounded } from '../../../concurrency/for-each-bounded.ts';
import { asAppId, type AppId } from '../../../ports/app-id.ts';
import type { AppendResult, StoredMessage } from '../../../ports/stores/index.ts';
import { conversationOfStream } from '../conversation-stream.ts';
import { trusted, type Collection, type Stored } from './collection.ts';
import { toDocument, type MessageDocument } from './message-document.ts';
import { lifeOf, type Life, type StreamHeads } from './stream-heads.ts';

/** Writes under way at once. The server flushes what comes at once together. */
const writesAtOnce = 8;
/** Messages of one write. */
const maxPerWrite = 500;
/** Reads at once of what was in the way of messages that were not stored. */
const readsAtOnce = 10;

type End = 'stored' | 'seq' | 'cid' | 'not_tried' | { failure: unknown };

interface Waiting {
  app: AppId;
  stream: string;
  /** Undefined where any will do. */
  epoch: string | undefined;
  documents: readonly Stored<MessageDocument>[];
  resolve: (result: AppendResult) => void;
  reject: (error: unknown) => void;
}

export class AppendBatches {
  readonly #messages: Collection<MessageDocument>;
  readonly #heads: StreamHeads;
  #waiting: Waiting[] = [];
  #isScheduled = false;
  #writes = 0;

  constructor(messages: Collection<MessageDocument>, heads: StreamHeads) {
    this.#messages = messages;
    this.#heads = heads;
  }

  /** As `MessageStore.append`. */
  append(app: AppId, messages: readonly StoredMessage[], given?: string): Promise<AppendResult> {
    const [first] = messages;
    if (first === undefined) return Promise.resolve({ inserted: 0 });
    const { stream } = first;
    // No other stream is ever begun anew.
    const isOfConversation = conversationOfStream(stream) !== undefined;
    const epoch = isOfConversation && given !== undefined ? this.#heads.kept(given) : undefined;
    const documents = messages.map((message) => ({
      ...toDocument(app, message),
      ...(epoch !== undefined && { epoch }),
      _id: new mongo.ObjectId(),
    }));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ app, stream, epoch, documents, resolve, reject });
      if (this.#isScheduled) return;
      this.#isScheduled = true;
      // All that is appended in this turn is in one write.
      queueMicrotask(() => {
        this.#isScheduled = false;
        this.#begin();
      });
    });
  }

  /**
   * Single messages of many streams are one write without an order: one that can't be stored holds up no other.
   * Several of one stream are a write of their own, which ends at the first that can't be.
   */
  #begin(): void {
    while (this.#waiting.length > 0 && this.#writes < writesAtOnce) {
      const [first] = this.#waiting;
      const isSingle = first?.documents.length === 1;
      const batch = isSingle
        ? this.#waiting.filter(({ documents }) => documents.length === 1).slice(0, maxPerWrite)
        : this.#waiting.slice(0, 1);
      const taken = new Set(batch);
      this.#waiting = this.#waiting.filter((each) => !taken.has(each));
      this.#writes += 1;
      void this.#write(batch, { ordered: !isSingle });
    }
  }

  /** Never rejects. */
  async #write(batch: readonly Waiting[], { ordered }: { ordered: boolean }): Promise<void> {
    const documents = batch.flatMap((each) => each.documents);
    let ends: readonly End[];
    try {
      ends = await this.#withoutStale(batch, await this.#store(documents, ordered));
    } catch (failure) {
      ends = documents.map(() => ({ failure }));
    }
    this.#writes -= 1;
    this.#begin();
    let at = 0;
    for (const { documents: own, resolve, reject } of batch) {
      const mine = ends.slice(at, at + own.length);
      at += own.length;
      const failed = mine.find((end) => typeof end === 'object');
      if (failed !== undefined) reject(failed.failure);
      else resolve(resultOf(mine));
    }
  }

  async #store(documents: readonly Stored<MessageDocument>[], ordered: boolean): Promise<End[]> {
    try {
      const operations = documents.map((document) => ({ insertOne: { document } }));
      const { taken } = await this.#messages.batch(operations, { ordered });
      const ends = documents.map((_, at): End => {
        const [stop = Infinity] = taken;
        return ordered && at > stop ? 'not_tried' : 'stored';
      });
      await forEachBounded(taken, readsAtOnce, async (at) => {
        const document = documents[at];
        if (document !== undefined) ends[at] = await this.#whatIsInTheWay(document);
      });
      const [stop] = taken;
      // The write was repeated while the first was still being done: more of it may be there by now.
      if (ordered && stop !== undefined && ends[stop] === 'stored') return await this.#readBack(documents, 'not_tried');
      return ends;
    } catch (failure) {
      if (isBelfryError(failure) && failure.code === 'overloaded') throw failure;
      return await this.#readBack(documents, { failure });
    }
  }

  /**
   * Looked at after the write, for what is looked at before it may have changed: a log that was begun anew, or whose
   * conversation was removed, takes nothing that was numbered for the one before. What was stored there is taken
   * back; where that fails it is no head (stream-heads.ts), and who meets it takes it away.
   */
  async #withoutStale(batch: readonly Waiting[], ends: readonly End[]): Promise<readonly End[]> {
    const lives = new Map<AppId, ReadonlyMap<string, Life>>();
    for (const [app, own] of Map.groupBy(batch, (each) => each.app)) {
      const streams = own.flatMap(({ stream, epoch }) => (epoch === undefined ? [] : [stream]));
      if (streams.length > 0) lives.set(app, await this.#heads.lives(app, streams));
    }
    const result: End[] = [];
    for (const { app, stream, epoch, documents } of batch) {
      const mine = ends.slice(result.length, result.length + documents.length);
      const life = lifeOf(lives.get(app) ?? new Map<string, Life>(), stream);
      const isStale = epoch !== undefined && (life.isRemoved || life.epoch !== epoch);
      if (isStale) {
        const own = trusted({ $in: documents.map(({ _id }) => _id) });
        await this.#messages.removeMany({ app, stream, _id: own });
      }
      const end: End = life.isRemoved ? { failure: new BelfryError('unavailable') } : 'seq';
      result.push(...(isStale ? mine.map(() => end) : mine));
    }
    return result;
  }

  /** Which of the two keys was taken is read back: the error does not say it on every server. */
  async #whatIsInTheWay({ _id, app, stream, seq, epoch, sender, cid }: Stored<MessageDocument>): Promise<End> {
    const found = await this.#messages.findOne({ app, stream, sender, cid }, { only: ['seq'] });
    if (found === undefined) {
      if (epoch !== undefined) await this.#removeStale({ app, stream, seq, epoch });
      return 'seq';
    }
    // The write was repeated by the driver, and met what it had stored itself.
    return found._id.equals(_id) ? 'stored' : 'cid';
  }

  /** What is left there of an earlier life, where `epoch` is that of the present one. */
  async #removeStale({ app, stream, seq, epoch }: Pick<MessageDocument, 'app' | 'stream' | 'seq'> & { epoch: string }) {
    const there = await this.#messages.findOne({ app, stream, seq }, { only: ['epoch'] });
    if (there?.epoch === undefined || there.epoch === epoch) return;
    const life = lifeOf(await this.#heads.lives(asAppId(app), [stream]), stream);
    if (life.epoch === epoch) await this.#messages.remove({ _id: there._id });
  }

  /** What is there is stored; what is not may still come, and has the other end. */
  async #readBack(documents: readonly Stored<MessageDocument>[], otherwise: End): Promise<End[]> {
    const ends = documents.map(() => otherwise);
    await forEachBounded([...documents.entries()], readsAtOnce, async ([at, { _id, app, stream, sender, cid }]) => {
      const found = await this.#messages.findOne({ app, stream, sender, cid }, { only: ['seq'] });
      if (found?._id.equals(_id) === true) ends[at] = 'stored';
    });
    return ends;
  }
}

function resultOf(ends: readonly End[]): AppendResult {
  const inserted = ends.findIndex((end) => end !== 'stored');
  if (inserted === -1) return { inserted: ends.length };
  const [conflict] = ends.slice(inserted);
  return { inserted, conflict: conflict === 'cid' ? 'cid' : 'seq' };
}
