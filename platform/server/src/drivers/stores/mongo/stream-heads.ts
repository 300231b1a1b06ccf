// Where logs begin and end, and in which life they are. Not their messages.

import { LRUCache } from 'lru-cache';
import { forEachBounded } from '../../../concurrency/for-each-bounded.ts';
import type { GatheredByApp } from '../../../concurrency/gathered-by-app.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { StreamHead } from '../../../ports/stores/index.ts';
import { conversationOfStream, conversationStream, firstEpoch } from '../conversation-stream.ts';
import { trusted, type Collection } from './collection.ts';
import type { ConversationDocument } from './conversation-document.ts';
import { gatheredReads } from './gathered-reads.ts';
import type { LogLife } from './log-life.ts';
import type { MessageDocument } from './message-document.ts';

/** Streams of one call that are read at once. */
const readsAtOnce = 10;
/** Conversations of which one read has the lives. */
const livesAtOnce = 500;
/** Streams whose ends and lives are remembered, about 300 bytes each. */
const keptStreams = 20_000;

interface Bounds {
  seq: number;
  firstSeq: number;
}

export interface Life {
  epoch: string;
  /** Its conversation was removed, and not made anew. */
  isRemoved: boolean;
  isUnswept: boolean;
}

export class StreamHeads {
  readonly #messages: Collection<MessageDocument>;
  readonly #conversations: Collection<ConversationDocument>;
  readonly #life: LogLife;
  /** By id of the conversation. */
  readonly #livesOf: GatheredByApp<string, Life>;
  /** As they were seen last, by app, stream and epoch. */
  readonly #seen = new LRUCache<string, Bounds>({ maxSize: keptStreams, sizeCalculation: () => 1 });
  /** As they were seen last, by app and stream. */
  readonly #lives = new LRUCache<string, Life>({ maxSize: keptStreams, sizeCalculation: () => 1 });

  constructor(messages: Collection<MessageDocument>, conversations: Collection<ConversationDocument>, life: LogLife) {
    this.#messages = messages;
    this.#conversations = conversations;
    this.#life = life;
    this.#livesOf = gatheredReads(livesAtOnce, (app, ids) => this.#readLives(app, ids));
  }

  /**
   * The seqs of each are of the epoch that stands beside them: it is read after them, and was the same before, where
   * it is remembered. No epoch comes back.
   */
  async of(app: AppId, streams: readonly string[]): Promise<Map<string, StreamHead>> {
    const heads = new Map<string, StreamHead>();
    let left = [...new Set(streams)];
    let before = await this.#livesBefore(app, left);
    while (left.length > 0) {
      const bounds = await this.#bounds(app, left, before);
      const after = await this.lives(app, left);
      for (const stream of left) {
        const life = lifeOf(after, stream);
        const { epoch, isUnswept } = life;
        if (after.has(stream)) this.#lives.set(JSON.stringify([app, stream]), life);
        const { seq, firstSeq } = isUnswept ? { seq: 0, firstSeq: 1 } : (bounds.get(stream) ?? { seq: 0, firstSeq: 1 });
        const earlier = lifeOf(before, stream);
        if (isUnswept || (epoch === earlier.epoch && !earlier.isUnswept))
          heads.set(stream, { epoch: epoch + this.#life, seq, firstSeq });
      }
      left = left.filter((stream) => !heads.has(stream));
      before = after;
    }
    return new Map(streams.flatMap((stream) => takeOne(heads, stream)));
  }

  /** Of which none is remembered, they are read. */
  async #livesBefore(app: AppId, streams: readonly string[]): Promise<Map<string, Life>> {
    const known = new Map<string, Life>();
    for (const stream of streams) {
      const life = this.#lives.get(JSON.stringify([app, stream]));
      if (life !== undefined) known.set(stream, life);
    }
    const unknown = streams.filter((stream) => !known.has(stream));
    return new Map([...known, ...(await this.lives(app, unknown))]);
  }

  /** A message of an earlier life, which a node wrote that had not heard of its end, is no head of this one. */
  async #bounds(
    app: AppId,
    streams: readonly string[],
    lives: ReadonlyMap<string, Life>,
  ): Promise<Map<string, Bounds>> {
    const bounds = new Map<string, Bounds>();
    await forEachBounded(streams, readsAtOnce, async (stream) => {
      const { epoch } = lifeOf(lives, stream);
      const key = JSON.stringify([app, stream, epoch]);
      const seen = this.#seen.get(key);
      const found =
        (seen && (await this.#boundsFrom(seen, { app, stream, epoch }))) ?? (await this.#boundsOf(app, stream, epoch));
      if (found.seq > 0) this.#seen.set(key, found);
      bounds.set(stream, found);
    });
    return bounds;
  }

  async #boundsOf(app: AppId, stream: string, ofEpoch: string): Promise<Bounds> {
    const end = async (direction: 1 | -1) => {
      const options = { only: ['seq', 'epoch'], sort: { seq: direction } } as const;
      // Not asked for by its epoch, which no index has: hardly any log holds a message of another.
      const any = await this.#messages.findOne({ app, stream }, options);
      if (any === undefined || (any.epoch ?? ofEpoch) === ofEpoch) return any;
      return await this.#messages.findOne({ app, stream, epoch: trusted({ $in: [ofEpoch, null] }) }, options);
    };
    // The last first: what is pruned meanwhile is never the newest.
    const seq = (await end(-1))?.seq ?? 0;
    const firstSeq = seq <= 1 ? undefined : (await end(1))?.seq;
    return { seq, firstSeq: firstSeq ?? Math.max(1, seq) };
  }

  /**
   * From where they were seen last: a log grows at its end and is pruned at its beginning alone. Not every server
   * finds the end of a long log without reading all of it. Undefined where that does not tell.
   */
  async #boundsFrom(
    seen: Bounds,
    { app, stream, epoch }: { app: AppId; stream: string; epoch: string },
  ): Promise<Bounds | undefined> {
    const only = ['seq', 'epoch'] as const;
    const sinceSeen = { app, stream, seq: trusted({ $gte: seen.seq }) };
    const findFirst = () => this.#messages.findOne({ app, stream, seq: seen.firstSeq }, { only });
    // Of one message it is not known yet whether it is asked for.
    const isLong = seen.firstSeq < seen.seq;
    const [last, firstOfLong] = await Promise.all([
      this.#messages.findOne(sinceSeen, { only, sort: { seq: -1 } }),
      isLong ? findFirst() : undefined,
    ]);
    // A message of an earlier life may stand above those of this one.
    if (last === undefined || (last.epoch ?? epoch) !== epoch) return undefined;
    if (seen.firstSeq >= last.seq) return { seq: last.seq, firstSeq: seen.firstSeq };
    const first = isLong ? firstOfLong : await findFirst();
    if (first === undefined || (first.epoch ?? epoch) !== epoch) return undefined;
    return { seq: last.seq, firstSeq: seen.firstSeq };
  }

  /** An epoch that clients see as it is kept: without the part that a restore changes. */
  kept(epoch: string): string {
    return epoch.endsWith(this.#life) ? epoch.slice(0, epoch.length - this.#life.length) : epoch;
  }

  /** Streams of conversations that never were are not in the map; nor are those of no conversation. */
  async lives(app: AppId, streams: readonly string[]): Promise<Map<string, Life>> {
    const ids = streams.flatMap((stream) => conversationOfStream(stream) ?? []);
    if (ids.length === 0) return new Map();
    const found = await this.#livesOf.ofAll(app, ids);
    return new Map([...found].map(([id, life]) => [conversationStream(id), life]));
  }

  async #readLives(app: AppId, ids: readonly string[]): Promise<Map<string, Life>> {
    const found = await this.#conversations.find(
      { app, id: trusted({ $in: [...ids] }) },
      { only: ['id', 'epoch', 'removedAt', 'isUnswept'], sort: { id: 1 } },
    );
    return new Map(
      found.map(({ id, epoch, removedAt, isUnswept = false }) => [
        id,
        { epoch, isRemoved: removedAt !== undefined, isUnswept },
      ]),
    );
  }
}

export function lifeOf(lives: ReadonlyMap<string, Life>, stream: string): Life {
  return lives.get(stream) ?? { epoch: firstEpoch, isRemoved: false, isUnswept: false };
}

function takeOne(heads: ReadonlyMap<string, StreamHead>, stream: string): [string, StreamHead][] {
  const head = heads.get(stream);
  return head === undefined ? [] : [[stream, head]];
}
