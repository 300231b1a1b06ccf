// /messages/{id}/reactions, /pin and /replies, and the pins of a conversation. The messages: messages.ts.

import {
  actingUserQuerySchema,
  conversationIdSchema,
  messageAnswerSchema,
  reactionSchema,
  uuidSchema,
} from '@belfry/protocol';
import * as z from 'zod';
import { viewMessage } from '../../../conversations/views.ts';
import { actingUser, actingUserIfAny, originOfChange } from './caller.ts';
import { messageListRoute } from './message-list-route.ts';
import { defineRoute } from './route.ts';

const messageParams = z.object({ id: uuidSchema });

/** In common of a route of one addition and its opposite. */
const ofAddition = {
  tag: 'Messages',
  scope: 'messages:write',
  query: actingUserQuerySchema,
  answers: { 200: { description: 'The message as it is now.', schema: messageAnswerSchema } },
} as const;

function reactionRoute(row: { operationId: string; method: 'put' | 'delete'; summary: string }) {
  return defineRoute({
    ...row,
    ...ofAddition,
    auth: 'any',
    path: '/messages/{id}/reactions/{reaction}',
    example: { params: { reaction: '👍' }, query: { userId: 'bob' } },
    params: z.object({ id: uuidSchema, reaction: reactionSchema }),
    errors: ['message_deleted', ...(row.method === 'put' ? (['too_many'] as const) : [])],
    async handle({ caller, params: { id, reaction }, query }, { chatActions }) {
      const userId = actingUser(caller, query.userId, ['userId']);
      const change = { reaction, userId, isOn: row.method === 'put', origin: originOfChange(userId) };
      const message = await chatActions.react(caller.app, id, change);
      return { status: 200, body: { message: viewMessage(message.conversationId ?? '', message) } };
    },
  });
}

function pinRoute(row: { operationId: string; method: 'put' | 'delete'; summary: string }) {
  return defineRoute({
    ...row,
    ...ofAddition,
    auth: 'any',
    path: '/messages/{id}/pin',
    example: { query: { userId: 'ann' } },
    params: messageParams,
    errors: ['message_deleted'],
    async handle({ caller, params, query }, { chatActions }) {
      const userId = actingUserIfAny(caller, query.userId, ['userId']);
      const change = { userId, isOn: row.method === 'put', origin: originOfChange(userId) };
      const message = await chatActions.pinMessage(caller.app, params.id, change);
      return { status: 200, body: { message: viewMessage(message.conversationId ?? '', message) } };
    },
  });
}

export const additionRoutes = [
  reactionRoute({ operationId: 'addReaction', method: 'put', summary: 'React to a message, in the name of a user' }),
  reactionRoute({ operationId: 'removeReaction', method: 'delete', summary: 'Take a reaction back' }),
  pinRoute({ operationId: 'pinMessage', method: 'put', summary: 'Pin a message to its conversation' }),
  pinRoute({ operationId: 'unpinMessage', method: 'delete', summary: 'Take a pin off' }),
  messageListRoute({
    operationId: 'listReplies',
    path: '/messages/{id}/replies',
    summary: 'Read the messages that answer a message, oldest first',
    params: messageParams,
    read: 'replies',
  }),
  messageListRoute({
    operationId: 'listPins',
    path: '/conversations/{id}/pins',
    summary: 'Read the messages of a conversation that are pinned, oldest first',
    params: z.object({ id: conversationIdSchema }),
    read: 'pins',
  }),
];
