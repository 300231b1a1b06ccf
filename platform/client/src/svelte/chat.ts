// The user's conversations and one of them, for Svelte 5. Kept up to date while something reads them in a
// template, `$derived` or `$effect`.
import { createSubscriber } from 'svelte/reactivity';
import type { Chat, ChatSnapshot } from '../chat/chat-state.ts';
import type { Conversation, ConversationSnapshot } from '../chat/conversation.ts';
import type { MessageList, MessageListSnapshot } from '../chat/message-list.ts';
import { chatOf } from '../chat/shared-chat.ts';
import type { Observable } from '../observable.ts';
import type { Belfry, Unsubscribe } from '../types.ts';
import { useBelfry } from './web-socket-by-page.ts';

/** The value that an observable of the SDK holds now. */
export interface Current<T> {
  readonly current: T;
}

/** A chat, a conversation or a feature; `begin` runs while something reads it. */
export function useObservable<T>(observable: Observable<T>, begin?: () => Unsubscribe): Current<T> {
  const read = createSubscriber((changed) => {
    const unsubscribe = observable.subscribe(changed);
    const end = begin?.();
    return () => {
      end?.();
      unsubscribe();
    };
  });
  return {
    get current() {
      read();
      return observable.snapshot();
    },
  };
}

/**
 * The list, and the chat itself for what can be done. `belfry` is taken from the context when it is left out.
 */
export function useChat(belfry: Belfry = useBelfry()): Current<ChatSnapshot> & { readonly chat: Chat } {
  const chat = chatOf(belfry);
  const list = useObservable(chat, () => chat.start());
  return {
    chat,
    get current() {
      return list.current;
    },
  };
}

/** Opens the conversation: while it is shown and the page can be seen, it counts as read. */
export function useConversation(
  id: string,
  belfry: Belfry = useBelfry(),
): Current<ConversationSnapshot> & { readonly conversation: Conversation } {
  const chat = chatOf(belfry);
  const conversation = chat.conversation(id);
  const shown = useObservable(conversation, () => {
    const stop = chat.start();
    const close = conversation.open();
    return () => {
      close();
      stop();
    };
  });
  return {
    conversation,
    get current() {
      return shown.current;
    },
  };
}

/** The messages of a conversation that are pinned. */
export function usePins(
  conversationId: string,
  belfry: Belfry = useBelfry(),
): Current<MessageListSnapshot> & { readonly list: MessageList } {
  const chat = chatOf(belfry);
  return useMessageList(chat, chat.conversation(conversationId).pins());
}

/** The messages of a conversation that answer one. */
export function useReplies(
  conversationId: string,
  messageId: string,
  belfry: Belfry = useBelfry(),
): Current<MessageListSnapshot> & { readonly list: MessageList } {
  const chat = chatOf(belfry);
  return useMessageList(chat, chat.conversation(conversationId).replies(messageId));
}

function useMessageList(chat: Chat, list: MessageList): Current<MessageListSnapshot> & { readonly list: MessageList } {
  const shown = useObservable(list, () => {
    const stop = chat.start();
    const close = list.open();
    return () => {
      close();
      stop();
    };
  });
  return {
    list,
    get current() {
      return shown.current;
    },
  };
}
