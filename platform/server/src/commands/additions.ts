// `add_reaction`, `remove_reaction`, `pin_message`, `unpin_message`: a user adds something to a message,
// or takes it away.

import type { ChatActions } from '../broadcasting/chat-actions.ts';
import { viewUpdate } from '../conversations/views.ts';
import type { Handler } from './command.ts';
import { originOf } from './origin.ts';

export function createReaction(
  deps: { chatActions: Pick<ChatActions, 'react'> },
  isOn: boolean,
): Handler<'add_reaction'> & Handler<'remove_reaction'> {
  return async (session, { messageId, reaction }) => {
    const { app, userId } = session;
    const change = { reaction, userId, isOn, origin: originOf(session) };
    return { answer: viewUpdate(await deps.chatActions.react(app, messageId, change)) };
  };
}

export function createPin(
  deps: { chatActions: Pick<ChatActions, 'pinMessage'> },
  isOn: boolean,
): Handler<'pin_message'> & Handler<'unpin_message'> {
  return async (session, { messageId }) => {
    const { app, userId } = session;
    const change = { userId, isOn, origin: originOf(session) };
    return { answer: viewUpdate(await deps.chatActions.pinMessage(app, messageId, change)) };
  };
}
