// `message`: a user says something in a conversation. Answered once it is stored.

import type { ChatActions } from '../broadcasting/chat-actions.ts';
import type { Handler } from './command.ts';
import { originOf } from './origin.ts';

export function createMessage(deps: { chatActions: Pick<ChatActions, 'broadcastMessage'> }): Handler<'message'> {
  return async (session, { conversationId, ...draft }, control) => {
    const answer = await deps.chatActions.broadcastMessage(session.app, conversationId, {
      ...draft,
      senderId: session.userId,
      origin: { ...originOf(session), onQueued: control.accepted },
    });
    return { answer };
  };
}
