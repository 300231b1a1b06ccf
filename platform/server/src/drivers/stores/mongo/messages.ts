// The logs of an app. Not the documents' shape (message-document.ts), the appending (append-batches.ts), the finding
// (message-search.ts), how additions are kept (message-additions.ts, reply-counts.ts) and the relay's view over all
// apps (outbox.ts).

import { forEachBounded } from '../../../concurrency/for-each-bounded.ts';
import type { AppId } from '../../../ports/app-id.ts';
import { isCountedReply, replyToOf } from '../../../ports/stores/additions.ts';
import type {
  Annotated,
  Annotation,
  AppendResult,
  ChangeRange,
  Erased,
  EraseRequest,
  MessageSearch,
  MessageStore,
  Page,
  PageRequest,
  ReadRange,
  StoredMessage,
  StreamHead,
  UnreadRange,
} from '../../../ports/stores/index.ts';
import type { ConversationActivity } from './activity.ts';
import { AppendBatches } from './append-batches.ts';
import { trusted, type Collection, type Stored } from './collection.ts';
import { inBatches } from './in-batches.ts';
import { clearedAdditions, notOfMessages, termsField, toMessage, type MessageDocument } from './message-document.ts';
import type { MessageAdditions } from './message-additions.ts';
import type { MessageErasing } from './message-erasing.ts';
import type { MessagePruning } from './message-pruning.ts';
import type { MessageSearching } from './message-search.ts';
import type { RemovedConversations } from './removed-conversations.ts';
import type { ReplyCounts } from './reply-counts.ts';
import { countUnread, newestFor } from './addressed.ts';
import type { StreamHeads } from './stream-heads.ts';

type Data = Record<string, unknown>;
type Place = Pick<StoredMessage, 'stream' | 'seq'>;

export interface MessageParts {
  messages: Collection<MessageDocument>;
  heads: StreamHeads;
  activity: ConversationActivity;
  removed: RemovedConversations;
  additions: MessageAdditions;
  replyCounts: ReplyCounts;
  searching: MessageSearching;
  pruning: MessagePruning;
  erasing: MessageErasing;
}

/** Streams of one call that are read at once. */
const readsAtOnce = 10;
const isNotDeleted = { deletedAt: trusted({ $exists: false }) };

export class MongoMessages implements MessageStore {
  readonly #messages: Collection<MessageDocument>;
  readonly #batches: AppendBatches;
  readonly #parts: MessageParts;

  constructor(parts: MessageParts) {
    this.#messages = parts.messages;
    this.#batches = new AppendBatches(parts.messages, parts.heads);
    this.#parts = parts;
  }

  async append(app: AppId, messages: readonly StoredMessage[], epoch?: string): Promise<AppendResult> {
    const result = await this.#batches.append(app, messages, epoch);
    const newest = messages[result.inserted - 1];
    if (newest === undefined) return result;
    this.#parts.activity.record(app, newest.stream, newest.storedAt);
    const stored = messages.slice(0, result.inserted);
    const answered = stored.filter(isCountedReply).flatMap((message) => {
      const id = replyToOf(message);
      return id === undefined ? [] : [{ stream: message.stream, id }];
    });
    await this.#parts.replyCounts.recount(app, answered, newest.storedAt);
    return result;
  }

  appendMany(
    app: AppId,
    groups: readonly (readonly StoredMessage[])[],
    epochs: readonly string[] = [],
  ): Promise<readonly AppendResult[]> {
    return Promise.all(groups.map((group, at) => this.append(app, group, epochs[at])));
  }

  heads(app: AppId, streams: readonly string[]): Promise<ReadonlyMap<string, StreamHead>> {
    return this.#parts.heads.of(app, streams);
  }

  async read(app: AppId, stream: string, range: ReadRange): Promise<readonly StoredMessage[]> {
    const { afterSeq = -1, beforeSeq = Number.MAX_SAFE_INTEGER, limit, order, only } = range;
    const within = trusted({ $gt: afterSeq, $lt: beforeSeq });
    const direction = order === 'descending' ? -1 : 1;
    const found =
      only !== undefined && 'pinned' in only
        ? await this.#messages.find(
            { app, stream, pinned: within },
            { sort: { pinned: direction }, limit, without: notOfMessages },
          )
        : await this.#messages.find(
            { app, stream, seq: within, ...(only !== undefined && { answers: only.replyTo }) },
            { sort: { seq: direction }, limit, without: notOfMessages },
          );
    return this.#shown(app, found);
  }

  async newest(app: AppId, userId: string, streams: readonly string[]): Promise<ReadonlyMap<string, StoredMessage>> {
    const found: Stored<MessageDocument>[] = [];
    await forEachBounded([...new Set(streams)], readsAtOnce, async (stream) => {
      const newest = await newestFor(this.#messages, app, { stream, userId });
      if (newest !== undefined) found.push(newest);
    });
    return new Map((await this.#shown(app, found)).map((message) => [message.stream, message]));
  }

  async countUnread(app: AppId, userId: string, since: readonly UnreadRange[]): Promise<ReadonlyMap<string, number>> {
    const counts = new Map(since.map(({ stream }) => [stream, 0]));
    await forEachBounded(since, readsAtOnce, async (range) => {
      counts.set(range.stream, await countUnread(this.#messages, app, { userId, range }));
    });
    const counted = [...counts].flatMap(([stream, count]) => (count > 0 ? [stream] : []));
    for (const stream of await this.#parts.removed.among(app, counted)) counts.set(stream, 0);
    return counts;
  }

  async byId(app: AppId, messageId: string): Promise<readonly StoredMessage[]> {
    return this.#shown(app, await this.#messages.find({ app, id: messageId }, { without: notOfMessages }));
  }

  async byCid(
    app: AppId,
    stream: string,
    { senderId = '', cid }: { senderId: string | undefined; cid: string },
  ): Promise<StoredMessage | undefined> {
    const found = await this.#messages.find({ app, stream, sender: senderId, cid }, { without: notOfMessages });
    const [message] = await this.#shown(app, found);
    return message;
  }

  async edit(
    app: AppId,
    { stream, seq }: Place,
    { data, editedAt, contentVersion }: { data: Data; editedAt: number; contentVersion?: number },
  ): Promise<boolean> {
    const { matched } = await this.#messages.update(
      { app, stream, seq, ...isNotDeleted },
      {
        $set: {
          ...{ data: JSON.stringify(data), editedAt, ...termsField(stream, data) },
          ...(contentVersion !== undefined && { contentVersion }),
        },
        // Something may have been added later.
        $max: { changedAt: editedAt },
      },
    );
    return matched > 0;
  }

  async remove(
    app: AppId,
    { stream, seq }: Place,
    { data, deletedAt }: { data: Data; deletedAt: number },
  ): Promise<boolean> {
    const isThere = { app, stream, seq, ...isNotDeleted };
    // Does not change while it is there.
    const { countedFor: id } = (await this.#messages.findOne(isThere, { only: ['countedFor'] })) ?? {};
    const { matched } = await this.#messages.update(isThere, {
      $set: {
        ...{ data: JSON.stringify(data), deletedAt, changedAt: deletedAt, exception: seq },
        ...(id !== undefined && { owesCount: id }),
      },
      $unset: { dueAt: 1, taker: 1, terms: 1, ...clearedAdditions },
    });
    if (matched === 0) return false;
    if (id !== undefined) await this.#parts.replyCounts.recount(app, [{ stream, id }], deletedAt);
    return true;
  }

  annotate(app: AppId, at: Place, change: Annotation): Promise<Annotated | undefined> {
    return this.#parts.additions.annotate(app, at, change);
  }

  async changed(app: AppId, stream: string, { after, upToSeq, limit }: ChangeRange): Promise<readonly StoredMessage[]> {
    await this.#parts.replyCounts.countStream(app, stream);
    const found = await this.#messages.find(
      {
        ...{ app, stream, changedAt: trusted({ $gte: after.changedAt }), seq: trusted({ $lte: upToSeq }) },
        $or: [
          { changedAt: trusted({ $gt: after.changedAt }) },
          { changedAt: after.changedAt, seq: trusted({ $gt: after.seq }) },
        ],
      },
      { sort: { changedAt: 1, seq: 1 }, limit, without: notOfMessages },
    );
    return this.#shown(app, found);
  }

  search(app: AppId, request: MessageSearch): Promise<Page<StoredMessage>> {
    return this.#parts.searching.search(app, request);
  }

  async clearOutbox(app: AppId, done: readonly Place[]): Promise<void> {
    const operations = done.map(({ stream, seq }) => ({
      updateOne: { filter: { app, stream, seq }, update: { $unset: { dueAt: 1 as const, taker: 1 as const } } },
    }));
    await inBatches(this.#messages, operations);
  }

  prune(app: AppId, beforeMs: number, limit: number): Promise<number> {
    return this.#parts.pruning.prune(app, beforeMs, limit);
  }

  ofSender(app: AppId, userId: string, page: PageRequest): Promise<Page<StoredMessage>> {
    return this.#parts.erasing.ofSender(app, userId, page);
  }

  erase(
    app: AppId,
    request: EraseRequest & { removedAtMs?: number | undefined },
  ): Promise<Erased & { streams: readonly string[] }> {
    return this.#parts.erasing.erase(app, request);
  }

  /** With all their replies counted, without what is left of conversations that were removed. */
  async #shown(app: AppId, found: readonly Stored<MessageDocument>[]): Promise<StoredMessage[]> {
    const { removed, replyCounts } = this.#parts;
    const [shown, corrected] = await Promise.all([removed.without(app, found), replyCounts.corrected(app, found)]);
    return shown.map((document) => toMessage(corrected.get(document._id.toHexString()) ?? document));
  }
}
