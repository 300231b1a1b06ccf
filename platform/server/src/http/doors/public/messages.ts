// Messages over HTTP: send, read back, edit, delete, mark as read. What a message is and whom it is delivered
// to is broadcasting's.

import {
  conversationIdSchema,
  editMessageBodySchema,
  inboxPageSchema,
  inboxQuerySchema,
  inboxStream,
  messageAnswerSchema,
  readAnswerSchema,
  readBodySchema,
  sendAnswerSchema,
  sendBodySchema,
  uuidSchema,
} from '@belfry/protocol';
import * as z from 'zod';
import { viewMessage } from '../../../conversations/views.ts';
import { eventOfStored } from '../../../delivery/delivery.ts';
import type { StoredMessage } from '../../../ports/stores/index.ts';
import { actingUser, actingUserIfAny, originOf, originOfChange, viewerOf } from './caller.ts';
import { messageListRoute } from './message-list-route.ts';
import { defineRoute } from './route.ts';

/** One route by its name, and by the older one. */
function sendRoute<P>(row: {
  operationId: string;
  path: string;
  summary: string;
  params: z.ZodType<P>;
  conversationOf: (params: P) => string;
}) {
  const { conversationOf, ...named } = row;
  return defineRoute({
    ...named,
    example: { body: { senderId: 'ann', type: 'text', content: { text: 'Good morning' } } },
    method: 'post',
    tag: 'Messages',
    auth: 'any',
    scope: 'messages:write',
    body: sendBodySchema,
    answers: { 201: { description: 'It is stored and on its way.', schema: sendAnswerSchema } },
    errors: [
      'idempotency_conflict',
      'invalid_content',
      'unknown_kind',
      'unknown_message_type',
      'too_large',
      'overloaded',
    ],
    async handle({ caller, params, body, token }, { chatActions }) {
      const senderId = actingUser(caller, body.senderId, ['senderId']);
      const input = { ...body, senderId, cid: body.cid ?? token, origin: originOf(caller) };
      const sent = await chatActions.broadcastMessage(caller.app, conversationOf(params), input);
      const { messageId, seq, duplicate, timestamp } = sent;
      return { status: 201, body: { status: 'sent', messageId, seq, duplicate, timestamp } };
    },
  });
}

export const messageRoutes = [
  sendRoute({
    operationId: 'sendMessage',
    path: '/conversations/{id}/messages',
    summary: 'Send a message',
    params: z.object({ id: conversationIdSchema }),
    conversationOf: ({ id }) => id,
  }),
  sendRoute({
    operationId: 'sendChatMessage',
    path: '/chat/{conversationId}/send',
    summary: 'Send a message, by the older name of the route',
    params: z.object({ conversationId: conversationIdSchema }),
    conversationOf: ({ conversationId }) => conversationId,
  }),
  defineRoute({
    operationId: 'getMessage',
    method: 'get',
    path: '/messages/{id}',
    tag: 'Messages',
    summary: 'Read a message of a conversation',
    auth: 'any',
    scope: 'messages:read',
    params: z.object({ id: uuidSchema }),
    answers: { 200: { description: 'The message as it is now.', schema: messageAnswerSchema } },
    async handle({ caller, params }, { messages }) {
      return { status: 200, body: { message: view(await messages.get(caller.app, params.id, viewerOf(caller))) } };
    },
  }),
  messageListRoute({
    operationId: 'listMessages',
    path: '/conversations/{id}/messages',
    summary: "Read a conversation's messages, oldest first",
    params: z.object({ id: conversationIdSchema }),
    read: 'history',
  }),
  defineRoute({
    operationId: 'listInboxMessages',
    example: { query: { userId: 'ann' } },
    method: 'get',
    path: '/inbox/messages',
    tag: 'Messages',
    summary: "Read a user's inbox, oldest first: direct messages and notices, as the WebSocket tells them",
    auth: 'any',
    scope: 'messages:read',
    query: inboxQuerySchema,
    answers: {
      200: { description: 'Without `afterSeq` or `beforeSeq` the newest ones.', schema: inboxPageSchema },
    },
    errors: ['bad_cursor'],
    async handle({ caller, query }, { messages, streamLog }) {
      const { userId: named, ...range } = query;
      const userId = actingUser(caller, named, ['userId']);
      const { messages: found, hasMore } = await messages.inbox(caller.app, userId, range);
      const { epoch } = await streamLog.head(caller.app, inboxStream(userId));
      return { status: 200, body: { events: found.map((message) => eventOfStored(message, epoch)), hasMore } };
    },
  }),
  defineRoute({
    operationId: 'markRead',
    example: { body: { userId: 'ann', seq: 1 } },
    method: 'post',
    path: '/conversations/{id}/read',
    tag: 'Messages',
    summary: 'Mark messages as read, up to a seq or up to the last of the named ones',
    auth: 'any',
    scope: 'messages:write',
    params: z.object({ id: conversationIdSchema }),
    body: readBodySchema,
    answers: { 200: { description: 'How far the user has read now.', schema: readAnswerSchema } },
    errors: ['bad_ack'],
    async handle({ caller, params, body }, { chatActions }) {
      const userId = actingUser(caller, body.userId, ['userId']);
      const input = { ...body, userId, origin: originOfChange(userId) };
      const { seq } = await chatActions.broadcastReadStatus(caller.app, params.id, input);
      return { status: 200, body: { seq } };
    },
  }),
  defineRoute({
    operationId: 'editMessage',
    example: { body: { senderId: 'ann', content: { text: 'Good evening' } } },
    method: 'patch',
    path: '/messages/{id}',
    tag: 'Messages',
    summary: "Change a message's content or metadata; its seq stays",
    auth: 'any',
    scope: 'messages:write',
    params: z.object({ id: uuidSchema }),
    body: editMessageBodySchema,
    answers: { 200: { description: 'The message as it is now.', schema: messageAnswerSchema } },
    errors: ['invalid_content', 'too_large', 'message_deleted'],
    async handle({ caller, params, body }, { chatActions }) {
      const userId = actingUserIfAny(caller, body.senderId, ['senderId']);
      const { content, metadata } = body;
      const edit = { content, metadata, by: { userId }, origin: originOfChange(userId) };
      return { status: 200, body: { message: view(await chatActions.editMessage(caller.app, params.id, edit)) } };
    },
  }),
  defineRoute({
    operationId: 'deleteMessage',
    method: 'delete',
    path: '/messages/{id}',
    tag: 'Messages',
    summary: 'Delete a message; its seq stays',
    auth: 'any',
    scope: 'messages:write',
    params: z.object({ id: uuidSchema }),
    answers: { 200: { description: 'What is left of it.', schema: messageAnswerSchema } },
    errors: ['message_deleted'],
    async handle({ caller, params }, { chatActions }) {
      const userId = viewerOf(caller);
      const message = await chatActions.deleteMessage(caller.app, params.id, {
        userId,
        origin: originOfChange(userId),
      });
      return { status: 200, body: { message: view(message) } };
    },
  }),
];

/** Only messages of conversations are read and changed one by one, so there is one. */
function view(message: StoredMessage) {
  return viewMessage(message.conversationId ?? '', message);
}
