// The lists of a conversation that an application asked for: its pins, and replies to messages. How one is
// kept up to date is message-list.ts.
import type { ServerEvent } from '@belfry/protocol';
import type { ChatApi } from './chat-api.ts';
import type { ChatMessage } from './message-adapter.ts';
import { MessageListState, type MessageList, type MessageListDeps } from './message-list.ts';

export interface MessageListsDeps extends Pick<MessageListDeps, 'id' | 'me' | 'known' | 'surroundings'> {
  api: Pick<ChatApi, 'pins' | 'replies'>;
}

export class MessageLists {
  readonly #deps: MessageListsDeps;
  /** By the message that they answer; '' are the pins. */
  readonly #lists = new Map<string, MessageListState>();

  constructor(deps: MessageListsDeps) {
    this.#deps = deps;
  }

  pins(): MessageList {
    const { api } = this.#deps;
    return this.#list('', {
      api: { messages: (id, query) => api.pins(id, query) },
      fits: ({ pinned }) => pinned !== undefined,
      mayEnter: ({ data }) => data['pinned'] !== undefined,
    });
  }

  replies(messageId: string): MessageList {
    const { api } = this.#deps;
    return this.#list(messageId, {
      api: { messages: (_id, query) => api.replies(messageId, query) },
      fits: ({ replyTo, deletedAt }) => replyTo === messageId && deletedAt === undefined,
      // A message never answers another one than before.
      mayEnter: () => false,
    });
  }

  take(message: ChatMessage): void {
    for (const list of this.#lists.values()) list.take(message);
  }

  change(event: ServerEvent): void {
    for (const list of this.#lists.values()) list.change(event);
  }

  reload(): void {
    for (const list of this.#lists.values()) list.reload();
  }

  pause(): void {
    for (const list of this.#lists.values()) list.pause();
  }

  forget(): void {
    for (const list of this.#lists.values()) list.forget();
  }

  #list(name: string, own: Pick<MessageListDeps, 'api' | 'fits' | 'mayEnter'>): MessageList {
    const list = this.#lists.get(name) ?? new MessageListState({ ...this.#deps, ...own });
    this.#lists.set(name, list);
    return list;
  }
}
