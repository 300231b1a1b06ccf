// /apps/{app}/conversations/{id}/participants and cursors: who is in a conversation, and how far each is. Finding
// conversations: conversations.ts.

import {
  conversationIdSchema,
  conversationStream,
  limitSchema,
  notFound,
  putParticipantBodySchema,
  userIdSchema,
} from '@belfry/protocol';
import * as z from 'zod';
import { progressFields, progressGroups, type ProgressField } from '../../../conversations/progress.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { Cursor, Participant } from '../../../ports/stores/index.ts';
import { pageOf } from './answers.ts';
import { recordOfApp } from './record-of-app.ts';
import { appParams, appRoute } from './route.ts';
import type { AdminServices } from './services.ts';
import { isoOf } from './shown.ts';

const tag = 'Conversations';
const conversationParams = appParams.extend({ id: conversationIdSchema });
const participantParams = conversationParams.extend({ user: userIdSchema });

const personFields = { userId: z.string(), role: z.string(), joinedAt: z.string() };
const seqs = { delivered: z.int(), seen: z.int(), seenMobile: z.int(), read: z.int(), pushed: z.int() };
const progressSchema = z.object({ ...personFields, ...seqs }).meta({ id: 'Progress' });
const groupsSchema = z
  .object({
    delivered: z.array(z.object({ from: z.int(), to: z.int(), users: z.int() })),
    seen: z.array(z.object({ from: z.int(), to: z.int(), users: z.int() })),
    read: z.array(z.object({ from: z.int(), to: z.int(), users: z.int() })),
    pushed: z.array(z.object({ from: z.int(), to: z.int(), users: z.int() })),
  })
  .meta({ id: 'ProgressGroups' });

const cursorsQuerySchema = z.strictObject({
  /** Ids that begin so. */
  q: z.string().max(128).optional(),
  /** Those who are from `from` to `to` by this. */
  field: z.enum(progressFields).default('read'),
  from: z.coerce.number().int().min(0).optional(),
  to: z.coerce.number().int().min(0).optional(),
  limit: limitSchema(100),
  cursor: z.string().max(1024).optional(),
});

export const conversationPeopleRoutes = [
  appRoute({
    operationId: 'listConversationParticipants',
    method: 'get',
    path: '/apps/{app}/conversations/{id}/participants',
    tag,
    summary: 'Who is in a conversation, in the order in which they joined',
    role: 'viewer',
    params: conversationParams,
    query: z.strictObject({ limit: limitSchema(100), cursor: z.string().max(1024).optional() }),
    answers: {
      200: { description: 'A page of them.', schema: pageOf(z.object(personFields).meta({ id: 'ParticipantRow' })) },
    },
    errors: ['bad_cursor'],
    async handle({ caller, params: { id }, query }, services) {
      const { app } = caller.app;
      const people = await peopleOf(app, id, services);
      const { shown, more } = pageOfPeople(people, { app, list: `console participants ${id}`, query }, services);
      return { status: 200, body: { items: shown.map(personOf), ...more } };
    },
  }),
  appRoute({
    operationId: 'listConversationCursors',
    method: 'get',
    path: '/apps/{app}/conversations/{id}/cursors',
    tag,
    summary: 'How far each participant is: delivered, seen, read, pushed. `groups` are of all of them',
    role: 'viewer',
    params: conversationParams,
    query: cursorsQuerySchema,
    answers: {
      200: {
        description: 'A page of those who fit, in the order in which they joined.',
        schema: pageOf(progressSchema).extend({ headSeq: z.int(), total: z.int(), groups: groupsSchema }),
      },
    },
    errors: ['bad_cursor'],
    async handle({ caller, params: { id }, query }, services) {
      const { app } = caller.app;
      const stream = conversationStream(id);
      const people = await peopleOf(app, id, services);
      const userIds = people.map(({ userId }) => userId);
      const [cursors, head] = await Promise.all([
        services.cursorStore.get(app, stream, userIds),
        services.streams.head(app, stream),
      ]);
      const { q = '', field, from = 0, to = head.seq } = query;
      const at = (userId: string): Cursor => cursors.get(userId) ?? { ...nowhere, userId, stream };
      const fitting = people.filter(({ userId }) => {
        const seq = Math.min(at(userId)[field], head.seq);
        return userId.startsWith(q) && seq >= from && seq <= to;
      });
      const list = `console cursors ${id} ${JSON.stringify([q, field, query.from, query.to])}`;
      const { shown, more } = pageOfPeople(fitting, { app, list, query }, services);
      const all = userIds.map(at);
      const groupsOf = (by: ProgressField) => progressGroups(all, by, head.seq);
      const groups = {
        ...{ delivered: groupsOf('delivered'), seen: groupsOf('seen') },
        ...{ read: groupsOf('read'), pushed: groupsOf('pushed') },
      };
      const items = shown.map((person) => {
        const { delivered, seen, seenMobile, read, pushed } = at(person.userId);
        return { ...personOf(person), delivered, seen, seenMobile, read, pushed };
      });
      return { status: 200, body: { items, headSeq: head.seq, total: people.length, groups, ...more } };
    },
  }),
  appRoute({
    operationId: 'putConversationParticipant',
    method: 'put',
    path: '/apps/{app}/conversations/{id}/participants/{user}',
    tag,
    summary: 'Take a user into a conversation, or replace their role in it',
    role: 'developer',
    params: participantParams,
    body: putParticipantBodySchema.pick({ role: true }),
    marks: ['audit'],
    answers: { 200: { description: 'They are in it.', schema: z.object({ outcome: z.enum(['added', 'changed']) }) } },
    errors: ['too_many', 'csrf'],
    async handle({ caller, params: { id, user: userId }, body }, { conversations, audit }) {
      const { app } = caller.app;
      const { role } = body;
      const before = await conversations.participant(app, id, userId);
      const metadata = before?.metadata;
      const outcome = await conversations.putParticipant(app, id, { userId, role, ...(metadata && { metadata }) });
      await recordOfApp(
        caller,
        {
          action: 'participant.update',
          object: { type: 'conversation', id },
          ...(before === undefined ? {} : { before: { userId, role: before.role } }),
          after: { userId, role },
        },
        audit,
      );
      return { status: 200, body: { outcome } };
    },
  }),
  appRoute({
    operationId: 'removeConversationParticipant',
    method: 'delete',
    path: '/apps/{app}/conversations/{id}/participants/{user}',
    tag,
    summary: 'Take a user out of a conversation',
    role: 'developer',
    params: participantParams,
    marks: ['audit'],
    answers: { 204: { description: 'They are not in it any more.' } },
    errors: ['csrf'],
    async handle({ caller, params: { id, user: userId } }, { conversations, audit }) {
      const { app } = caller.app;
      const before = await conversations.participant(app, id, userId);
      await conversations.removeParticipant(app, id, userId);
      const was = { userId, role: before?.role };
      const object = { type: 'conversation', id };
      await recordOfApp(caller, { action: 'participant.delete', object, before: was }, audit);
      return { status: 204 };
    },
  }),
];

const nowhere = { delivered: 0, seen: 0, seenMobile: 0, read: 0, pushed: 0 };

async function peopleOf(
  app: AppId,
  id: string,
  { conversationStore }: Pick<AdminServices, 'conversationStore'>,
): Promise<readonly Participant[]> {
  const found = await conversationStore.participants(app, id);
  if (found === undefined) throw notFound('conversation');
  return found.participants;
}

function personOf({ userId, role, joinedAt }: Participant) {
  return { userId, role, joinedAt: isoOf(joinedAt) };
}

const joinedSchema = z.object({ joinedAt: z.number(), userId: z.string() });

/** `people` in the order in which they joined, then of their ids. */
function pageOfPeople(
  people: readonly Participant[],
  { app, list, query }: { app: AppId; list: string; query: { limit: number; cursor?: string | undefined } },
  { cursors }: Pick<AdminServices, 'cursors'>,
): { shown: readonly Participant[]; more: { nextCursor?: string } } {
  const scope = { app, list };
  const after = query.cursor === undefined ? undefined : cursors.open(scope, query.cursor, joinedSchema);
  const isAfter = ({ joinedAt, userId }: Participant): boolean =>
    after === undefined || joinedAt > after.joinedAt || (joinedAt === after.joinedAt && userId > after.userId);
  const rest = people.filter(isAfter);
  const shown = rest.slice(0, query.limit);
  const last = shown.at(-1);
  const isEnd = last === undefined || rest.length === shown.length;
  return {
    shown,
    more: isEnd ? {} : { nextCursor: cursors.seal(scope, { joinedAt: last.joinedAt, userId: last.userId }) },
  };
}
