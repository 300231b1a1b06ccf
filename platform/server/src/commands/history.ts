// `history`: a page of a conversation's messages.

import type { Messages } from '../conversations/messages.ts';
import type { Handler } from './command.ts';

export function createHistory(deps: { messages: Pick<Messages, 'history'> }): Handler<'history'> {
  return async ({ app, userId }, { conversationId, ...range }) => ({
    answer: await deps.messages.history(app, conversationId, { ...range, viewer: userId }),
  });
}
