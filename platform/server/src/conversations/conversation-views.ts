// Conversations as the API shows them: with their heads, and in a user's list with the unread count. One call
// of each store for a whole page.

import { conversationStream, notFound, type Conversation as WireConversation } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import { isNarrowed } from '../ports/stores/addressing.ts';
import type {
  ConversationStore,
  ConversationSummary,
  Cursor,
  CursorStore,
  MessageStore,
  StoredMessage,
} from '../ports/stores/index.ts';
import type { Audiences } from './audiences.ts';
import type { StreamLog } from './stream-log.ts';
import { viewConversation, viewMessage } from './views.ts';

/** A conversation in the list of one user. */
export interface ConversationEntry extends WireConversation {
  lastMessage?: ReturnType<typeof viewMessage>;
  unreadCount: number;
  cursors: { delivered: number; read: number };
}

export interface ConversationViewsDeps {
  store: Pick<ConversationStore, 'get'>;
  messages: Pick<MessageStore, 'newest' | 'countUnread' | 'read'>;
  cursors: Pick<CursorStore, 'ofUser' | 'get'>;
  log: Pick<StreamLog, 'head' | 'heads'>;
  audiences: Pick<Audiences, 'get'>;
}

export class ConversationViews {
  readonly #deps: ConversationViewsDeps;

  constructor(deps: ConversationViewsDeps) {
    this.#deps = deps;
  }

  async one(app: AppId, id: string): Promise<WireConversation> {
    const { store, audiences, log } = this.#deps;
    const [conversation, audience, head] = await Promise.all([
      store.get(app, id),
      audiences.get(app, id),
      log.head(app, conversationStream(id)),
    ]);
    if (conversation === undefined || audience === undefined) throw notFound('conversation');
    return viewConversation(conversation, audience.participants, head);
  }

  async all(app: AppId, rows: readonly ConversationSummary[]): Promise<WireConversation[]> {
    const { audiences, log } = this.#deps;
    const heads = await log.heads(
      app,
      rows.map(({ conversation }) => conversationStream(conversation.id)),
    );
    return Promise.all(
      rows.map(async ({ conversation }) => {
        const audience = await audiences.get(app, conversation.id);
        const head = heads.get(conversationStream(conversation.id)) ?? {
          epoch: conversation.epoch,
          seq: 0,
          firstSeq: 1,
        };
        return viewConversation(conversation, audience?.participants ?? [], head);
      }),
    );
  }

  async ofUser(app: AppId, userId: string, rows: readonly ConversationSummary[]): Promise<ConversationEntry[]> {
    const { messages, cursors } = this.#deps;
    const streams = rows.map(({ conversation }) => conversationStream(conversation.id));
    const views = await this.all(app, rows);
    // After the heads: a client takes the newest message for the last one up to the head, whatever events say later.
    const [newest, mine] = await Promise.all([
      messages.newest(app, userId, streams),
      cursors.ofUser(app, userId, streams),
    ]);
    // Up to the head that the row names: what comes after it, a client counts by events.
    const unread = await messages.countUnread(
      app,
      userId,
      views.map(({ stream, headSeq }) => ({ stream, afterSeq: mine.get(stream)?.read ?? 0, throughSeq: headSeq })),
    );
    return views.map((conversation) => {
      const { stream } = conversation;
      const seen = { last: newest.get(stream), cursor: mine.get(stream), unread: unread.get(stream) };
      return entryOf(conversation, seen);
    });
  }

  /** The row of one conversation in the lists of several users. Those who see the same share it. */
  async ofUsers(
    app: AppId,
    id: string,
    userIds: readonly string[],
  ): Promise<{ entry: ConversationEntry; userIds: string[] }[]> {
    const { messages, cursors } = this.#deps;
    const conversation = await this.one(app, id);
    const { stream, headSeq: throughSeq } = conversation;
    const [lastOf, mine] = await Promise.all([this.#newestOf(app, stream, userIds), cursors.get(app, stream, userIds)]);
    const rows = new Map<string, { entry: ConversationEntry; userIds: string[] }>();
    for (const userId of userIds) {
      const [last, cursor] = [lastOf(userId), mine.get(userId)];
      const afterSeq = cursor?.read ?? 0;
      // As of nearly everybody: who joins has read all there is.
      const isAllRead = afterSeq >= throughSeq;
      const unread = isAllRead
        ? 0
        : (await messages.countUnread(app, userId, [{ stream, afterSeq, throughSeq }])).get(stream);
      const key = [last?.seq, afterSeq, cursor?.delivered, unread].join(' ');
      const row = rows.get(key) ?? { entry: entryOf(conversation, { last, cursor, unread }), userIds: [] };
      row.userIds.push(userId);
      rows.set(key, row);
    }
    return [...rows.values()];
  }

  /** Asks for each user only where the newest message is not one for everybody. */
  async #newestOf(
    app: AppId,
    stream: string,
    userIds: readonly string[],
  ): Promise<(userId: string) => StoredMessage | undefined> {
    const { messages } = this.#deps;
    const [last] = await messages.read(app, stream, { limit: 1, order: 'descending' });
    if (last === undefined || (last.deletedAt === undefined && !isNarrowed(last))) return () => last;
    const found = await Promise.all(
      userIds.map(async (userId) => [userId, (await messages.newest(app, userId, [stream])).get(stream)] as const),
    );
    const byUser = new Map(found);
    return (userId) => byUser.get(userId);
  }
}

function entryOf(
  conversation: WireConversation,
  seen: { last: StoredMessage | undefined; cursor: Cursor | undefined; unread: number | undefined },
): ConversationEntry {
  const { last, cursor, unread = 0 } = seen;
  return {
    ...conversation,
    ...(last === undefined ? {} : { lastMessage: viewMessage(conversation.id, last) }),
    unreadCount: unread,
    cursors: { delivered: cursor?.delivered ?? 0, read: cursor?.read ?? 0 },
  };
}
