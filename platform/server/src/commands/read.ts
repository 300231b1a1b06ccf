// `read`: the user has read a conversation up to here; the others, and the user's own other devices, hear of
// it.

import type { ChatActions } from '../broadcasting/chat-actions.ts';
import type { Handler } from './command.ts';
import { originOf } from './origin.ts';

export function createRead(deps: { chatActions: Pick<ChatActions, 'broadcastReadStatus'> }): Handler<'read'> {
  return async (session, { conversationId, seq, messageIds }) => {
    const answer = await deps.chatActions.broadcastReadStatus(session.app, conversationId, {
      userId: session.userId,
      seq,
      messageIds,
      origin: originOf(session),
    });
    return { answer };
  };
}
