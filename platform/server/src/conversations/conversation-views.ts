// Conversations as the API shows them: with their heads, and in a user's list with the unread count. One call
// of each store for a whole page.

import { BelfryError, conversationStream, type Conversation as WireConversation } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { ConversationStore, ConversationSummary, CursorStore, MessageStore } from '../ports/stores/index.ts';
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
  messages: Pick<MessageStore, 'newest' | 'countUnread'>;
  cursors: Pick<CursorStore, 'ofUser'>;
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
    if (conversation === undefined || audience === undefined) throw new BelfryError('not_found');
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
    const [views, newest, mine] = await Promise.all([
      this.all(app, rows),
      messages.newest(app, userId, streams),
      cursors.ofUser(app, userId, streams),
    ]);
    const unread = await messages.countUnread(
      app,
      userId,
      streams.map((stream) => ({ stream, afterSeq: mine.get(stream)?.read ?? 0 })),
    );
    return views.map((conversation) => {
      const last = newest.get(conversation.stream);
      const cursor = mine.get(conversation.stream);
      return {
        ...conversation,
        ...(last === undefined ? {} : { lastMessage: viewMessage(conversation.id, last) }),
        unreadCount: unread.get(conversation.stream) ?? 0,
        cursors: { delivered: cursor?.delivered ?? 0, read: cursor?.read ?? 0 },
      };
    });
  }
}
