// `edit_message`: a user changes what they said; its place in the conversation stays.

import type { ChatActions } from '../broadcasting/chat-actions.ts';
import type { Handler } from './command.ts';
import { originOf } from './origin.ts';

export function createEditMessage(deps: { chatActions: Pick<ChatActions, 'editMessage'> }): Handler<'edit_message'> {
  return async (session, { messageId, content }) => {
    const by = { userId: session.userId };
    const { seq, editedAt = 0 } = await deps.chatActions.editMessage(session.app, messageId, {
      content,
      by,
      origin: originOf(session),
    });
    return { answer: { messageId, seq, editedAt: new Date(editedAt).toISOString() } };
  };
}
