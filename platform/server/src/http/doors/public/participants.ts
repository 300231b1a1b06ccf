// /conversations/{id}/participants: who is in a conversation.

import {
  conversationIdSchema,
  participantAnswerSchema,
  participantsAnswerSchema,
  participantSchema,
  patchParticipantBodySchema,
  postParticipantsBodySchema,
  putParticipantBodySchema,
  userIdSchema,
  notFound,
} from '@belfry/protocol';
import * as z from 'zod';
import { viewerOf } from './caller.ts';
import { refuseTwice } from './conversations.ts';
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
    operationId: 'addParticipants',
    example: { body: { participants: ['dora'] } },
    method: 'post',
    path: '/conversations/{id}/participants',
    tag: 'Conversations',
    summary: 'Take users into a conversation, beside those who are in it',
    auth: 'key',
    scope: 'conversations:write',
    params: z.object({ id: conversationIdSchema }),
    body: postParticipantsBodySchema,
    answers: {
      200: {
        description: 'The named ones as they are now. Who was in it stays as they were.',
        schema: participantsAnswerSchema,
      },
    },
    errors: ['too_many'],
    async handle({ caller, params: { id }, body }, { conversations }) {
      refuseTwice(body.participants);
      const participants = await conversations.addParticipants(caller.app, id, body.participants);
      return { status: 200, body: { participants } };
    },
  }),
  defineRoute({
    operationId: 'putParticipant',
    example: { params: { userId: 'cleo' }, body: { role: 'member' } },
    method: 'put',
    path: '/conversations/{id}/participants/{userId}',
    tag: 'Conversations',
    summary: 'Take a user into a conversation, or replace what they are in it',
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
    async handle({ caller, params: { id, userId }, body }, { conversations }) {
      const outcome = await conversations.putParticipant(caller.app, id, { userId, ...body });
      const participant = (await conversations.participant(caller.app, id, userId)) ?? { userId, ...body };
      return { status: outcome === 'added' ? 201 : 200, body: { participant } };
    },
  }),
  defineRoute({
    operationId: 'changeParticipant',
    example: { params: { userId: 'bob' }, body: { role: 'nurse' } },
    method: 'patch',
    path: '/conversations/{id}/participants/{userId}',
    tag: 'Conversations',
    summary: 'Change what is given of a participant; metadata are merged',
    auth: 'key',
    scope: 'conversations:write',
    params,
    body: patchParticipantBodySchema,
    answers: { 200: { description: 'The participant as they are now.', schema: participantAnswerSchema } },
    errors: ['too_large'],
    async handle({ caller, params: { id, userId }, body }, { conversations }) {
      await conversations.patchParticipant(caller.app, id, { userId, ...body });
      const participant = await conversations.participant(caller.app, id, userId);
      if (participant === undefined) throw notFound('participant');
      return { status: 200, body: { participant } };
    },
  }),
  defineRoute({
    operationId: 'removeParticipant',
    example: { params: { userId: 'cleo' } },
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
