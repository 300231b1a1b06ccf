// `history`, `replies`, `pins`: a page of a conversation's messages, of the answers to one, of the pinned
// ones.

import type { Messages } from '../conversations/messages.ts';
import type { Handler } from './command.ts';

export function createHistory(deps: { messages: Pick<Messages, 'history'> }): Handler<'history'> {
  return async ({ app, userId }, { conversationId, ...range }) => ({
    answer: await deps.messages.history(app, conversationId, { ...range, viewer: userId }),
  });
}

export function createReplies(deps: { messages: Pick<Messages, 'replies'> }): Handler<'replies'> {
  return async ({ app, userId }, { messageId, ...range }) => ({
    answer: await deps.messages.replies(app, messageId, { ...range, viewer: userId }),
  });
}

export function createPins(deps: { messages: Pick<Messages, 'pins'> }): Handler<'pins'> {
  return async ({ app, userId }, { conversationId, ...range }) => ({
    answer: await deps.messages.pins(app, conversationId, { ...range, viewer: userId }),
  });
}
