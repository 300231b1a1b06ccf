// /conversations/{id}/participants: who is in a conversation.

import {
  conversationIdSchema,
  participantAnswerSchema,
  participantSchema,
  putParticipantBodySchema,
  userIdSchema,
} from '@belfry/protocol';
import * as z from 'zod';
import { viewerOf } from './caller.ts';
import { pagedQuerySchema, pageOf } from './paged.ts';
import { defineRoute } from './route.ts';

const params = z.object({ id: conversationIdSchema, userId: userIdSchema });

export const participantRoutes = [
  defineRoute({
    operationId: 'listParticipants',
    method: 'get',
    path: '/conversations/{id}/participants',
    tag: 'Conversations',
    summary: 'List who is in a conversation',
    auth: 'any',
    scope: 'conversations:read',
    params: z.object({ id: conversationIdSchema }),
    query: pagedQuerySchema,
    answers: {
      200: {
        description: 'A page of them, in the order in which they joined.',
        schema: z.object({ participants: z.array(participantSchema), nextCursor: z.string().optional() }),
      },
    },
    errors: ['bad_cursor'],
    async handle({ caller, params: { id }, query }, { conversations, ...page }) {
      const all = await conversations.participants(caller.app, id, viewerOf(caller));
      const scope = { app: caller.app, list: `participants of ${id}` };
      const keyOf = ({ joinedAt = '', userId }: { joinedAt?: string | undefined; userId: string }) =>
        `${joinedAt} ${userId}`;
      const { items, more } = pageOf(all, { ...page, scope, query, keyOf });
      return { status: 200, body: { participants: items, ...more } };
    },
  }),
  defineRoute({
    operationId: 'putParticipant',
    method: 'put',
    path: '/conversations/{id}/participants/{userId}',
    tag: 'Conversations',
    summary: 'Take a user into a conversation, or change their role',
    auth: 'key',
    scope: 'conversations:write',
    params,
    // The body may be left out: then the role is `member`.
    body: putParticipantBodySchema.prefault({}),
    answers: {
      200: { description: 'The user was in it.', schema: participantAnswerSchema },
      201: { description: 'The user joined.', schema: participantAnswerSchema },
    },
    errors: ['too_many'],
    async handle({ caller, params: { id, userId }, body: { role } }, { conversations }) {
      const outcome = await conversations.putParticipant(caller.app, id, { userId, role });
      const participant = (await conversations.participant(caller.app, id, userId)) ?? { userId, role };
      return { status: outcome === 'added' ? 201 : 200, body: { participant } };
    },
  }),
  defineRoute({
    operationId: 'removeParticipant',
    method: 'delete',
    path: '/conversations/{id}/participants/{userId}',
    tag: 'Conversations',
    summary: 'Take a user out of a conversation',
    auth: 'key',
    scope: 'conversations:write',
    params,
    answers: { 204: { description: 'The user is not in it any more.' } },
    async handle({ caller, params: { id, userId } }, { conversations }) {
      await conversations.removeParticipant(caller.app, id, userId);
      return { status: 204 };
    },
  }),
];
