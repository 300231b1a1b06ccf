// `edit_message`: a user changes what he said; its place in the conversation stays.

import type { Broadcaster } from '../broadcasting/chat-actions.ts';
import type { Handler } from './command.ts';
import { originOf } from './origin.ts';

export function createEditMessage(deps: { broadcaster: Pick<Broadcaster, 'editMessage'> }): Handler<'edit_message'> {
  return async (session, { messageId, content }) => {
    const by = { userId: session.userId };
    const { seq, editedAt = 0 } = await deps.broadcaster.editMessage(session.app, messageId, {
      content,
      by,
      origin: originOf(session),
    });
    return { messageId, seq, editedAt: new Date(editedAt).toISOString() };
  };
}
