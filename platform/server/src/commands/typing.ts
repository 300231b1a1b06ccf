// `typing`: the user types, or has stopped.

import type { Broadcaster } from '../broadcasting/chat-actions.ts';
import type { Handler } from './command.ts';
import { originOf } from './origin.ts';

export function createTypingCommand(deps: {
  broadcaster: Pick<Broadcaster, 'broadcastTypingStatus'>;
}): Handler<'typing'> {
  return async (session, { conversationId, isTyping }) => {
    const change = { conversationId, userId: session.userId, isTyping };
    await deps.broadcaster.broadcastTypingStatus(session.app, change, originOf(session));
    return {};
  };
}
