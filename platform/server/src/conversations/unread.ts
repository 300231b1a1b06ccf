// How much of all conversations a user has not read. Of one conversation, with its newest message:
// conversation-views.ts.

import { conversationStream, type UnreadAnswer } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { ConversationStore, ConversationSummary, CursorStore, MessageStore } from '../ports/stores/index.ts';

export interface UnreadDeps {
  store: Pick<ConversationStore, 'ofUser'>;
  cursors: Pick<CursorStore, 'ofUser'>;
  messages: Pick<MessageStore, 'heads' | 'countUnread'>;
}

/** Read at once: enough for nearly everybody, and little enough that it holds nobody up. */
const readAtOnce = 500;
/** Conversations that are named in one answer. */
const mostNamed = 1000;

export class Unread {
  readonly #deps: UnreadDeps;

  constructor(deps: UnreadDeps) {
    this.#deps = deps;
  }

  /** Nothing of a user who is in no conversation, or who there is not. */
  async of(app: AppId, userId: string): Promise<UnreadAnswer> {
    const conversations: UnreadAnswer['conversations'] = [];
    let [total, withUnread] = [0, 0];
    let before: { activeAt: number; id: string } | undefined;
    do {
      const rows = await this.#deps.store.ofUser(app, userId, { ...(before && { before }), limit: readAtOnce });
      for (const row of await this.#count(app, userId, rows)) {
        total += row.unreadCount;
        withUnread += 1;
        if (conversations.length < mostNamed) conversations.push(row);
      }
      const last = rows.length < readAtOnce ? undefined : rows.at(-1);
      before = last && { activeAt: last.activeAt, id: last.conversation.id };
    } while (before !== undefined);
    return { total, conversations, hasMore: withUnread > conversations.length };
  }

  /** Messages are only counted where the user has not read to the end. */
  async #count(
    app: AppId,
    userId: string,
    rows: readonly ConversationSummary[],
  ): Promise<UnreadAnswer['conversations']> {
    const { cursors, messages } = this.#deps;
    const ids = rows.map(({ conversation: { id } }) => id);
    const streams = ids.map(conversationStream);
    const [heads, mine] = await Promise.all([messages.heads(app, streams), cursors.ofUser(app, userId, streams)]);
    const behind = streams.flatMap((stream) => {
      const afterSeq = mine.get(stream)?.read ?? 0;
      return (heads.get(stream)?.seq ?? 0) > afterSeq ? [{ stream, afterSeq }] : [];
    });
    const counts = behind.length === 0 ? undefined : await messages.countUnread(app, userId, behind);
    return ids.flatMap((conversationId) => {
      const unreadCount = counts?.get(conversationStream(conversationId)) ?? 0;
      return unreadCount === 0 ? [] : [{ conversationId, unreadCount }];
    });
  }
}
