// /conversations: making, reading, listing and removing them. Who is in one: participants.ts; what is said in
// one: messages.ts.

import {
  BelfryError,
  conversationAnswerSchema,
  conversationEntrySchema,
  conversationIdSchema,
  conversationSchema,
  conversationListQuerySchema,
  patchConversationBodySchema,
  postConversationBodySchema,
  putConversationBodySchema,
} from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import * as z from 'zod';
import { actingUser, actingUserIfAny, viewerOf } from './caller.ts';
import { defineRoute } from './route.ts';

const idParams = z.object({ id: conversationIdSchema });
const positionSchema = z.object({ activeAt: z.number(), id: z.string() });

/** With a user: with unread count, cursors and last message. */
const listAnswerSchema = z.object({
  conversations: z.array(z.union([conversationEntrySchema, conversationSchema])),
  nextCursor: z.string().optional(),
});

export const conversationRoutes = [
  defineRoute({
    operationId: 'createConversation',
    example: { body: { title: 'Night shift', participants: ['ann', 'bob'] } },
    method: 'post',
    path: '/conversations',
    tag: 'Conversations',
    summary: 'Make a conversation, whose id the server chooses',
    auth: 'key',
    scope: 'conversations:write',
    body: postConversationBodySchema.prefault({}),
    answers: { 201: { description: 'It was made.', schema: conversationAnswerSchema } },
    errors: ['too_many'],
    async handle({ caller, body, token }, { conversations }) {
      refuseTwice(body.participants ?? []);
      // A try after one that was cut off makes the same one.
      const { conversation } = await conversations.put(caller.app, token ?? uuidv7(), body);
      return { status: 201, body: { conversation } };
    },
  }),
  defineRoute({
    operationId: 'putConversation',
    example: { body: { title: 'Ward 7', participants: [{ userId: 'ann' }, { userId: 'bob', role: 'consultant' }] } },
    method: 'put',
    path: '/conversations/{id}',
    tag: 'Conversations',
    summary: 'Make a conversation, or replace what it is',
    auth: 'key',
    scope: 'conversations:write',
    params: idParams,
    body: putConversationBodySchema,
    answers: {
      200: { description: 'It was there.', schema: conversationAnswerSchema },
      201: { description: 'It was made.', schema: conversationAnswerSchema },
    },
    errors: ['too_many'],
    async handle({ caller, params, body }, { conversations }) {
      refuseTwice(body.participants ?? []);
      const { conversation, created } = await conversations.put(caller.app, params.id, body);
      return { status: created ? 201 : 200, body: { conversation } };
    },
  }),
  defineRoute({
    operationId: 'changeConversation',
    example: { body: { title: 'Ward 7, nights' } },
    method: 'patch',
    path: '/conversations/{id}',
    tag: 'Conversations',
    summary: 'Change what is given of a conversation; metadata are merged',
    auth: 'key',
    scope: 'conversations:write',
    params: idParams,
    body: patchConversationBodySchema,
    answers: { 200: { description: 'The conversation as it is now.', schema: conversationAnswerSchema } },
    errors: ['too_large', 'conflict'],
    async handle({ caller, params, body }, { conversations }) {
      return { status: 200, body: { conversation: await conversations.patch(caller.app, params.id, body) } };
    },
  }),
  defineRoute({
    operationId: 'getConversation',
    method: 'get',
    path: '/conversations/{id}',
    tag: 'Conversations',
    summary: 'Read a conversation',
    auth: 'any',
    scope: 'conversations:read',
    params: idParams,
    answers: { 200: { description: 'The conversation.', schema: conversationAnswerSchema } },
    async handle({ caller, params }, { conversations }) {
      return { status: 200, body: { conversation: await conversations.get(caller.app, params.id, viewerOf(caller)) } };
    },
  }),
  defineRoute({
    operationId: 'listConversations',
    method: 'get',
    path: '/conversations',
    tag: 'Conversations',
    summary: "List a user's conversations, or all of the app's, newest activity first",
    auth: 'any',
    scope: 'conversations:read',
    query: conversationListQuerySchema,
    answers: { 200: { description: 'A page of them.', schema: listAnswerSchema } },
    errors: ['bad_cursor'],
    async handle({ caller, query }, { conversations, cursors }) {
      // Rows of a list by their ids are always somebody's.
      const asked = query.conversationIds === undefined ? actingUserIfAny : actingUser;
      const userId = asked(caller, query.userId, ['userId']);
      const scope = { app: caller.app, list: userId === undefined ? 'conversations' : `conversations of ${userId}` };
      const before = query.cursor === undefined ? undefined : cursors.open(scope, query.cursor, positionSchema);
      const { limit, conversationIds: among } = query;
      const page = await conversations.list(caller.app, { userId, before, limit, among });
      const next = page.next === undefined ? {} : { nextCursor: cursors.seal(scope, page.next) };
      return { status: 200, body: { conversations: page.conversations, ...next } };
    },
  }),
  defineRoute({
    operationId: 'deleteConversation',
    method: 'delete',
    path: '/conversations/{id}',
    tag: 'Conversations',
    summary: 'Delete a conversation with its messages',
    auth: 'key',
    scope: 'conversations:write',
    params: idParams,
    answers: { 204: { description: 'It is gone.' } },
    async handle({ caller, params }, { conversations }) {
      await conversations.remove(caller.app, params.id);
      return { status: 204 };
    },
  }),
];

/** One user with two roles would make the outcome depend on the order. */
export function refuseTwice(participants: readonly { userId: string }[]): void {
  const seen = new Set<string>();
  for (const [index, { userId }] of participants.entries()) {
    if (seen.has(userId)) {
      const path = ['participants', index, 'userId'];
      throw new BelfryError('invalid_body', { message: 'This user is named twice.', path });
    }
    seen.add(userId);
  }
}
