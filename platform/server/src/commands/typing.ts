// `typing`: the user types, or has stopped.

import type { ChatActions } from '../broadcasting/chat-actions.ts';
import type { Handler } from './command.ts';
import { originOf } from './origin.ts';

export function createTypingCommand(deps: {
  chatActions: Pick<ChatActions, 'broadcastTypingStatus'>;
}): Handler<'typing'> {
  return async (session, { conversationId, isTyping }) => {
    const change = { conversationId, userId: session.userId, isTyping };
    await deps.chatActions.broadcastTypingStatus(session.app, change, originOf(session));
    return { answer: {} };
  };
}
