// `delete_message`: a user takes back what they said; its place in the conversation stays.

import type { ChatActions } from '../broadcasting/chat-actions.ts';
import type { Handler } from './command.ts';
import { originOf } from './origin.ts';

export function createDeleteMessage(deps: {
  chatActions: Pick<ChatActions, 'deleteMessage'>;
}): Handler<'delete_message'> {
  return async (session, { messageId }) => {
    const by = { userId: session.userId, origin: originOf(session) };
    const { seq, deletedAt = 0 } = await deps.chatActions.deleteMessage(session.app, messageId, by);
    return { answer: { messageId, seq, deletedAt: new Date(deletedAt).toISOString() } };
  };
}
