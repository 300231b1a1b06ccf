// Messages that are in the log: history, and changing one without moving it. Appending is stream-log.ts,
// publishing is broadcasting's.

import {
  conversationStream,
  inboxStream,
  messageMetadataSchema,
  metadataBytes,
  notFound,
  BelfryError,
  isBelfryError,
  type Message as WireMessage,
} from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import { replyToOf } from '../ports/stores/additions.ts';
import { isAddressedTo } from '../ports/stores/addressing.ts';
import type {
  Annotation,
  Erased,
  EraseRequest,
  MessageStore,
  ReadRange,
  StoredMessage,
} from '../ports/stores/index.ts';
import type { Audiences } from './audiences.ts';
import { mergeMetadata, type Metadata } from './metadata.ts';
import { isMessageData, viewMessage } from './views.ts';

export interface HistoryRange {
  afterSeq?: number | undefined;
  beforeSeq?: number | undefined;
  limit: number;
}

export type ConversationMessage = StoredMessage & { conversationId: string };

/** The caller: a user may change only their own, an API key (no userId) anything of the app. */
export interface Editor {
  userId?: string | undefined;
}

export interface MessagesDeps {
  store: MessageStore;
  audiences: Pick<Audiences, 'requireMember'>;
  clock: Pick<Clock, 'now'>;
  /** A message of the stream was changed in its place. */
  onChanged?: (app: AppId, stream: string) => void;
}

type ViewedRange = HistoryRange & { viewer?: string | undefined };

export interface WirePage {
  messages: WireMessage[];
  hasMore: boolean;
}

/** Without when: that is now. */
type Change<A = Annotation> = A extends Annotation ? Omit<A, 'atMs'> : never;

export class Messages {
  readonly #deps: MessagesDeps;

  constructor(deps: MessagesDeps) {
    this.#deps = deps;
  }

  /**
   * Oldest first. Without bounds the newest `limit`; `hasMore` looks further in the direction that was asked
   * for. Messages that were not meant for the viewer are left out, as they are from their events.
   */
  async history(app: AppId, conversationId: string, query: ViewedRange): Promise<WirePage> {
    await this.#deps.audiences.requireMember(app, conversationId, query.viewer);
    return await this.#page(app, conversationId, query);
  }

  /** The same of those that are pinned. */
  async pins(app: AppId, conversationId: string, query: ViewedRange): Promise<WirePage> {
    await this.#deps.audiences.requireMember(app, conversationId, query.viewer);
    return await this.#page(app, conversationId, { ...query, only: { pinned: true } });
  }

  /** The same of those that answer a message, which the viewer must be able to see. */
  async replies(app: AppId, messageId: string, query: ViewedRange): Promise<WirePage> {
    const { id, conversationId } = await this.get(app, messageId, query.viewer);
    return await this.#page(app, conversationId, { ...query, only: { replyTo: id } });
  }

  /** The same of a user's inbox, as it stands in the log. */
  async inbox(
    app: AppId,
    userId: string,
    range: HistoryRange,
  ): Promise<{ messages: readonly StoredMessage[]; hasMore: boolean }> {
    const found = await this.#readMeant(app, inboxStream(userId), range);
    return { messages: pageOf(found, range), hasMore: found.length > range.limit };
  }

  /**
   * A message of a conversation, deleted ones too. `not_found` alike for none, for one in a conversation that the
   * viewer is not in and for one that is not for them.
   */
  async get(app: AppId, messageId: string, viewer: string | undefined): Promise<ConversationMessage> {
    const { store, audiences } = this.#deps;
    const message = (await store.byId(app, messageId))[0];
    const conversationId = message?.conversationId;
    if (message === undefined || conversationId === undefined || !message.stream.startsWith('c:'))
      throw notFound('message');
    await audiences.requireMember(app, conversationId, viewer).catch(asMissingMessage);
    if (viewer !== undefined && !isAddressedTo(message, viewer)) throw notFound('message');
    return { ...message, conversationId };
  }

  /**
   * The message this editor may change. `not_found` alike for none, another's conversation and another's
   * message; `message_deleted`.
   */
  async requireOwn(app: AppId, messageId: string, by: Editor): Promise<ConversationMessage> {
    const message = await this.get(app, messageId, by.userId);
    if (by.userId !== undefined && message.senderId !== by.userId) throw notFound('message');
    if (message.deletedAt !== undefined) throw new BelfryError('message_deleted');
    return message;
  }

  /**
   * Replaces what is given; the seq stays. Content was checked before by its message type, in the version that
   * `message` names. Metadata are merged, throws `too_large`.
   */
  async edit(
    app: AppId,
    message: StoredMessage,
    { content, metadata }: { content?: Metadata | undefined; metadata?: Metadata | null | undefined },
  ): Promise<StoredMessage> {
    const { store, clock, onChanged } = this.#deps;
    if (!isMessageData(message.data)) throw notFound('message');
    const { contentVersion } = message;
    const version = contentVersion === undefined ? {} : { contentVersion };
    const { metadata: before, ...data } = message.data;
    const known = messageMetadataSchema.optional().catch(undefined).parse(before);
    const merged = metadata === undefined ? known : mergeMetadata(known, metadata, metadataBytes.message);
    const change = {
      data: { ...data, ...(content === undefined ? {} : { content }), ...(merged && { metadata: merged }) },
      editedAt: clock.now(),
      ...version,
    };
    if (!(await store.edit(app, { stream: message.stream, seq: message.seq }, change)))
      throw new BelfryError('message_deleted');
    onChanged?.(app, message.stream);
    return { ...message, ...change };
  }

  /**
   * Adds something to a message that the viewer can see, or takes it away; `isChanged` where it was not so before.
   * Throws `not_found` (a notice is no message to add to), `message_deleted`, `too_many`.
   */
  async annotate(
    app: AppId,
    messageId: string,
    { viewer, change }: { viewer: string | undefined; change: Change },
  ): Promise<{ message: ConversationMessage; isChanged: boolean }> {
    const { store, clock, onChanged } = this.#deps;
    const { stream, seq, conversationId, data, deletedAt } = await this.get(app, messageId, viewer);
    if (deletedAt === undefined && !isMessageData(data)) throw notFound('message');
    const annotated = await store.annotate(app, { stream, seq }, { ...change, atMs: clock.now() });
    if (annotated === undefined) throw new BelfryError('message_deleted');
    const { message, outcome } = annotated;
    if (outcome === 'too_many') throw new BelfryError('too_many', { path: ['reaction'] });
    if (outcome === 'changed') onChanged?.(app, stream);
    return { message: { ...message, conversationId }, isChanged: outcome === 'changed' };
  }

  /** The message that this one answers, whose replies are others now; undefined where it answers none. */
  async answered(app: AppId, reply: StoredMessage): Promise<ConversationMessage | undefined> {
    const id = replyToOf(reply);
    if (id === undefined) return undefined;
    const message = (await this.byId(app, id)).find(({ stream }) => stream === reply.stream);
    const { conversationId } = message ?? {};
    if (message?.deletedAt !== undefined || message === undefined || conversationId === undefined) return undefined;
    this.#deps.onChanged?.(app, reply.stream);
    return { ...message, conversationId };
  }

  /** Empties it; the seq stays, and no push is owed any more. */
  async remove(app: AppId, message: StoredMessage): Promise<StoredMessage> {
    const { store, clock, onChanged } = this.#deps;
    const change = { data: {}, deletedAt: clock.now() };
    if (!(await store.remove(app, { stream: message.stream, seq: message.seq }, change)))
      throw new BelfryError('message_deleted');
    onChanged?.(app, message.stream);
    const { reactions: _r, pinned: _p, replies: _c, addedAt: _a, ...kept } = message;
    return { ...kept, ...change };
  }

  /** As `MessageStore.erase`. */
  async erase(app: AppId, request: EraseRequest & { removedAtMs?: number | undefined }): Promise<Erased> {
    const { store, onChanged } = this.#deps;
    const { streams, ...step } = await store.erase(app, request);
    for (const stream of streams) onChanged?.(app, stream);
    return step;
  }

  byId(app: AppId, messageId: string): Promise<readonly StoredMessage[]> {
    return this.#deps.store.byId(app, messageId);
  }

  async #page(app: AppId, conversationId: string, query: ViewedRange & Pick<ReadRange, 'only'>): Promise<WirePage> {
    const found = await this.#readMeant(app, conversationStream(conversationId), query);
    return {
      messages: pageOf(found, query).map((message) => viewMessage(conversationId, message)),
      hasMore: found.length > query.limit,
    };
  }

  /** One more than `limit` where there are as many, in the direction of the range. */
  async #readMeant(
    app: AppId,
    stream: string,
    { afterSeq, beforeSeq, limit, viewer, only }: ViewedRange & Pick<ReadRange, 'only'>,
  ): Promise<StoredMessage[]> {
    const isForward = afterSeq !== undefined;
    const meant: StoredMessage[] = [];
    let bounds: { afterSeq?: number; beforeSeq?: number } = {
      ...(afterSeq === undefined ? {} : { afterSeq }),
      ...(beforeSeq === undefined ? {} : { beforeSeq }),
    };
    for (;;) {
      const range = {
        ...bounds,
        ...(only === undefined ? {} : { only }),
        limit: limit + 1,
        order: isForward ? ('ascending' as const) : ('descending' as const),
      };
      const found = await this.#deps.store.read(app, stream, range);
      meant.push(...found.filter((message) => viewer === undefined || isAddressedTo(message, viewer)));
      const last = found.at(-1);
      if (last === undefined || found.length <= limit || meant.length > limit) return meant;
      bounds = { ...bounds, ...(isForward ? { afterSeq: last.seq } : { beforeSeq: last.seq }) };
    }
  }
}

/** Oldest first, of what was read in the direction of the range. */
function pageOf(found: readonly StoredMessage[], { afterSeq, limit }: HistoryRange): readonly StoredMessage[] {
  const page = found.slice(0, limit);
  return afterSeq === undefined ? page.toReversed() : page;
}

/** Said of the conversation, it would tell whoever asks for a message of somebody else's that there is one. */
function asMissingMessage(error: unknown): never {
  throw isBelfryError(error) && error.code === 'not_found' ? notFound('message') : error;
}
