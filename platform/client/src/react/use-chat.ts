// The user's conversations and one of them, for React components. Kept up to date while a component that uses
// them is mounted.
import { useEffect } from 'react';
import type { Chat, ChatSnapshot } from '../chat/chat-state.ts';
import type { Conversation, ConversationSnapshot } from '../chat/conversation.ts';
import type { MessageList, MessageListSnapshot } from '../chat/message-list.ts';
import { chatOf } from '../chat/shared-chat.ts';
import { useBelfry } from './belfry-provider.tsx';
import { useObservable } from './use-observable.ts';

/** The list, and the chat itself for what can be done. */
export function useChat(): ChatSnapshot & { readonly chat: Chat } {
  const chat = chatOf(useBelfry());
  useEffect(() => chat.start(), [chat]);
  return { ...useObservable(chat), chat };
}

/** Opens the conversation: while the component is mounted and the page can be seen, it counts as read. */
export function useConversation(id: string): ConversationSnapshot & { readonly conversation: Conversation } {
  const chat = chatOf(useBelfry());
  const conversation = chat.conversation(id);
  useEffect(() => {
    const stop = chat.start();
    const close = conversation.open();
    return () => {
      close();
      stop();
    };
  }, [chat, conversation]);
  return { ...useObservable(conversation), conversation };
}

/** The messages of a conversation that are pinned. */
export function usePins(conversationId: string): MessageListSnapshot & { readonly list: MessageList } {
  const chat = chatOf(useBelfry());
  return useMessageList(chat, chat.conversation(conversationId).pins());
}

/** The messages of a conversation that answer one. */
export function useReplies(
  conversationId: string,
  messageId: string,
): MessageListSnapshot & { readonly list: MessageList } {
  const chat = chatOf(useBelfry());
  return useMessageList(chat, chat.conversation(conversationId).replies(messageId));
}

function useMessageList(chat: Chat, list: MessageList): MessageListSnapshot & { readonly list: MessageList } {
  useEffect(() => {
    const stop = chat.start();
    const close = list.open();
    return () => {
      close();
      stop();
    };
  }, [chat, list]);
  return { ...useObservable(list), list };
}
