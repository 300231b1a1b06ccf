// Keeps the count of replies on the message that they answer, without a transaction: a reply says by itself, from
// the write that stores or deletes it, that the count may be wrong, until it is right. Whoever is cut short leaves
// that to the next reader. Not the replies: messages.ts.

import { forEachBounded } from '../../../concurrency/for-each-bounded.ts';
import { KeyedQueue } from '../../../concurrency/keyed-queue.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { Clock } from '../../../ports/clock.ts';
import { trusted, type Collection, type Stored } from './collection.ts';
import { untilUncontended } from './contention.ts';
import { notOfMessages, type MessageDocument } from './message-document.ts';

/** The message that is answered. */
export interface Answered {
  stream: string;
  id: string;
}

const countsAtOnce = 10;
/** Replies that are looked at together. */
const perPart = 500;

export class ReplyCounts {
  readonly #messages: Collection<MessageDocument>;
  readonly #clock: Pick<Clock, 'after' | 'now'>;
  /** Counts of one message are made one after the other: the first makes it for all who wait. */
  readonly #queue = new KeyedQueue<string>();

  constructor(messages: Collection<MessageDocument>, clock: Pick<Clock, 'after' | 'now'>) {
    this.#messages = messages;
    this.#clock = clock;
  }

  /**
   * Resolves when they are right, or when that failed: the replies still say so then. `atMs` is the time of the
   * change.
   */
  async recount(app: AppId, answered: readonly Answered[], atMs: number): Promise<void> {
    await forEachBounded(once(answered), countsAtOnce, async (each) => {
      try {
        await this.#count(app, each, atMs);
      } catch {
        // The change itself stands. Whoever reads the message counts again.
      }
    });
  }

  /** Before changes of a stream are read: a count that is put right is one of them. */
  async countStream(app: AppId, stream: string): Promise<void> {
    const owing = await this.#messages.find(
      { app, stream, owesCount: trusted({ $exists: true }) },
      { only: ['owesCount'], limit: perPart },
    );
    await this.#countAll(
      app,
      owing.map(({ owesCount = '' }) => ({ stream, id: owesCount })),
    );
  }

  /** Of messages that were read, those of which the count was put right just now. By `_id`. */
  async corrected(
    app: AppId,
    read: readonly Pick<MessageDocument, 'stream' | 'id'>[],
  ): Promise<ReadonlyMap<string, Stored<MessageDocument>>> {
    const inConversations = read.filter(({ stream }) => stream.startsWith('c:'));
    const [stream, ...others] = new Set(inConversations.map((each) => each.stream));
    if (stream === undefined) return new Map();
    const owing = await this.#messages.find(
      {
        app,
        // A page is of one stream: some servers look its messages up in the index then, and read the stream else.
        stream: others.length === 0 ? stream : trusted({ $in: [stream, ...others] }),
        owesCount: trusted({ $in: [...new Set(inConversations.map(({ id }) => id))] }),
      },
      { only: ['stream', 'owesCount'], limit: perPart },
    );
    return this.#countAll(
      app,
      owing.map(({ stream: of, owesCount = '' }) => ({ stream: of, id: owesCount })),
    );
  }

  /** For readers, to whom a count that can't be made is a failure. */
  async #countAll(app: AppId, answered: readonly Answered[]): Promise<Map<string, Stored<MessageDocument>>> {
    const corrected = new Map<string, Stored<MessageDocument>>();
    await forEachBounded(once(answered), countsAtOnce, async (each) => {
      const message = await this.#count(app, each, this.#clock.now());
      if (message !== undefined) corrected.set(message._id.toHexString(), message);
    });
    return corrected;
  }

  /** The message as it is afterwards; undefined when it is not there or was deleted. */
  #count(app: AppId, { stream, id }: Answered, atMs: number): Promise<Stored<MessageDocument> | undefined> {
    return this.#queue.run(JSON.stringify([app, stream, id]), async () => {
      const { message } = await untilUncontended(this.#clock, () => this.#tryToCount(app, { stream, id }, atMs));
      return message;
    });
  }

  /** Undefined when something else was added meanwhile, as another count is. */
  async #tryToCount(
    app: AppId,
    { stream, id }: Answered,
    atMs: number,
  ): Promise<{ message: Stored<MessageDocument> | undefined } | undefined> {
    // Read before what is counted: only of these the count is known to be right afterwards.
    const owing = await this.#messages.find(
      { app, stream, owesCount: id },
      { only: ['storedAt', 'deletedAt'], limit: perPart },
    );
    const isThere = { app, id, stream, deletedAt: trusted({ $exists: false }) };
    const message = await this.#messages.findOne(isThere, { without: notOfMessages });
    if (owing.length === 0) return { message };
    const after = message === undefined ? undefined : await this.#putCount(app, message, atMs);
    if (after === undefined && message !== undefined) return undefined;
    await this.#messages.batch(
      owing.map(({ _id, deletedAt }) => ({
        // One that was deleted meanwhile says so anew.
        updateOne: {
          filter: { _id, deletedAt: deletedAt ?? { $exists: false } },
          update: { $unset: { owesCount: 1 } },
        },
      })),
    );
    return { message: after };
  }

  async #putCount(
    app: AppId,
    message: Stored<MessageDocument>,
    atMs: number,
  ): Promise<Stored<MessageDocument> | undefined> {
    const { _id, stream, id, addedAt } = message;
    const counted = { app, stream, countedFor: id };
    const [replyCount, last] = await Promise.all([
      this.#messages.count(counted),
      this.#messages.findOne(counted, { only: ['storedAt'], sort: { storedAt: -1 } }),
    ]);
    const repliedAt = last?.storedAt;
    if (replyCount === (message.replyCount ?? 0) && repliedAt === message.repliedAt) return message;
    const nextAt = Math.max(atMs, (addedAt ?? 0) + 1);
    const isNone = replyCount === 0 || repliedAt === undefined;
    return this.#messages.change(
      { _id, addedAt: addedAt ?? trusted({ $exists: false }), deletedAt: trusted({ $exists: false }) },
      {
        $set: { addedAt: nextAt, ...(!isNone && { replyCount, repliedAt }) },
        $max: { changedAt: nextAt },
        ...(isNone && { $unset: { replyCount: 1, repliedAt: 1 } }),
      },
    );
  }
}

function once(answered: readonly Answered[]): Answered[] {
  return [...new Map(answered.map((each) => [JSON.stringify([each.stream, each.id]), each])).values()];
}
