// /apps/{app}/conversations/{id}/messages and /apps/{app}/messages/{id}: what is said, as far as whoever asks is shown
// it; deleting a message, and saying something as the system. Who is in it: conversations.ts.

import {
  BelfryError,
  conversationIdSchema,
  conversationStream,
  limitSchema,
  notFound,
  reasonCountsSchema,
} from '@belfry/protocol';
import * as z from 'zod';
import { isAtLeast } from '../../../accounts/roles.ts';
import type { AppId } from '../../../ports/app-id.ts';
import { exportAnswer, exportFormats, type ExportedList, type ExportFormat } from '../../list-export.ts';
import type { Answer } from '../../route.ts';
import type { SignedIn } from './caller.ts';
import {
  contentAccess,
  contentAccessSchema,
  messageRow,
  messageRowSchema,
  openContent,
  type MessageRow,
} from './content.ts';
import { needsMore, type InApp } from './enter.ts';
import { isSameNumber } from './impact.ts';
import { recordOfApp } from './record-of-app.ts';
import { appParams, appRoute } from './route.ts';
import { needReach } from './sending.ts';
import type { AdminServices } from './services.ts';

const tag = 'Conversations';
const conversationParams = appParams.extend({ id: conversationIdSchema });

const seqSchema = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();
/** `1`: with what is said. */
const contentQuery = z.enum(['0', '1']).default('0');
const messagesQuerySchema = z
  .strictObject({
    ...{ beforeSeq: seqSchema, afterSeq: seqSchema, limit: limitSchema(50) },
    content: contentQuery,
    /** The whole log, with what it says unless the app hides it; for administrators. */
    format: z.enum(exportFormats).optional(),
  })
  .refine(({ beforeSeq, afterSeq }) => beforeSeq === undefined || afterSeq === undefined, {
    ...{ path: ['beforeSeq'], message: 'beforeSeq and afterSeq exclude each other' },
  });

const messagesSchema = z
  .object({
    items: z.array(messageRowSchema),
    /** Further in the direction that was asked for. */
    hasMore: z.boolean(),
    ...{ epoch: z.string(), headSeq: z.int(), firstSeq: z.int() },
    content: contentAccessSchema,
  })
  .meta({ id: 'MessageRows' });

const messageSchema = z.object({ message: messageRowSchema, content: contentAccessSchema }).meta({ id: 'MessageSeen' });

const noticeFields = { title: z.string().trim().min(1).max(200), body: z.string().trim().max(4000).optional() };
const impactSchema = z.object({ users: z.int() });
const explanationSchema = impactSchema.extend({ counts: reasonCountsSchema }).meta({ id: 'NoticeExplanation' });

const columns: ExportedList<MessageRow>['columns'] = [
  ['seq', ({ seq }) => seq],
  ['messageId', ({ id }) => id],
  ['at', ({ at }) => at],
  ['senderId', ({ senderId }) => senderId],
  ['kind', ({ kind }) => kind],
  ['type', ({ type }) => type],
  ['editedAt', ({ editedAt }) => editedAt],
  ['deletedAt', ({ deletedAt }) => deletedAt],
  ['replyTo', ({ replyTo }) => replyTo],
  ['reactions', ({ reactions }) => reactions],
  ['characters', ({ characters }) => characters],
  ['data', ({ data }) => data],
];

const exportedAtOnce = 500;

const fromConsole = { via: 'console' } as const;

export const conversationMessageRoutes = [
  appRoute({
    operationId: 'listConversationMessages',
    method: 'get',
    path: '/apps/{app}/conversations/{id}/messages',
    tag,
    summary:
      'The messages of a conversation, oldest first; without bounds the newest; the whole log as a file with `format`',
    role: 'viewer',
    params: conversationParams,
    query: messagesQuerySchema,
    marks: ['audit'],
    answers: { 200: { description: 'A page of them.', schema: messagesSchema } },
    errors: ['content_hidden'],
    async handle({ caller, params: { id }, query }, services) {
      const { app } = caller.app;
      if ((await services.conversationStore.get(app, id)) === undefined) throw notFound('conversation');
      if (query.format !== undefined) return await exportLog(caller, { id, format: query.format }, services);
      const asked = { of: { type: 'conversation', id }, isAsked: query.content === '1' } as const;
      const withData = await openContent(caller, asked, services);
      const stream = conversationStream(id);
      const { beforeSeq, afterSeq, limit } = query;
      const isForward = afterSeq !== undefined;
      const [found, head] = await Promise.all([
        services.streams.read(app, stream, {
          ...(beforeSeq === undefined ? {} : { beforeSeq }),
          ...(isForward ? { afterSeq } : {}),
          ...{ limit: limit + 1, order: isForward ? 'ascending' : 'descending' },
        }),
        services.streams.head(app, stream),
      ]);
      const page = found.slice(0, limit);
      const rows = (isForward ? page : page.toReversed()).map((message) => messageRow(message, withData));
      const { epoch, seq: headSeq, firstSeq } = head;
      const hasMore = found.length > limit;
      return { status: 200, body: { items: rows, hasMore, epoch, headSeq, firstSeq, content: contentAccess(caller) } };
    },
  }),
  appRoute({
    operationId: 'getMessageSeen',
    method: 'get',
    path: '/apps/{app}/messages/{id}',
    tag,
    summary: 'One message that is kept, of a conversation or of inboxes, with what it says as far as it is shown',
    role: 'viewer',
    params: appParams.extend({ id: z.string().max(64) }),
    query: z.strictObject({ content: contentQuery }),
    marks: ['audit'],
    answers: { 200: { description: 'The message.', schema: messageSchema } },
    errors: ['content_hidden'],
    async handle({ caller, params: { id }, query }, services) {
      // In several inboxes it says the same.
      const [message] = await services.messageStore.byId(caller.app.app, id);
      if (message === undefined) throw notFound('message');
      const { conversationId } = message;
      const of =
        conversationId === undefined
          ? ({ type: 'message', id } as const)
          : ({ type: 'conversation', id: conversationId } as const);
      const withData = await openContent(caller, { of, isAsked: query.content === '1' }, services);
      return { status: 200, body: { message: messageRow(message, withData), content: contentAccess(caller) } };
    },
  }),
  appRoute({
    operationId: 'deleteMessage',
    method: 'delete',
    path: '/apps/{app}/messages/{id}',
    tag,
    summary: 'Empty a message of a conversation; its place stays',
    role: 'admin',
    params: appParams.extend({ id: z.string().max(64) }),
    marks: ['audit'],
    answers: { 204: { description: 'It says nothing any more.' } },
    errors: ['message_deleted', 'csrf'],
    async handle({ caller, params: { id } }, { chatActions, audit }) {
      const { app } = caller.app;
      const { conversationId, seq, senderId } = await chatActions.deleteMessage(app, id, { origin: fromConsole });
      const before = { conversationId, seq, senderId };
      await recordOfApp(caller, { action: 'message.delete', object: { type: 'message', id }, before }, audit);
      return { status: 204 };
    },
  }),
  appRoute({
    operationId: 'explainNotice',
    method: 'post',
    path: '/apps/{app}/conversations/{id}/notices/explain',
    tag,
    summary: 'What a notice to all in a conversation would do now, without sending it',
    role: 'developer',
    params: conversationParams,
    body: z.strictObject(noticeFields),
    repeatable: true,
    answers: { 200: { description: 'How many get what, by reason.', schema: explanationSchema } },
    errors: ['csrf'],
    async handle({ caller, params: { id }, body }, services) {
      const { app } = caller.app;
      const users = await countPeople(app, id, services);
      const { counts } = await services.broadcasting.explain(app, noticeOf(id, body), fromConsole);
      return { status: 200, body: { users, counts } };
    },
  }),
  appRoute({
    operationId: 'sendNotice',
    method: 'post',
    path: '/apps/{app}/conversations/{id}/notices',
    tag,
    summary: 'Say something to all in a conversation, as the system: a `system_notification` in its log',
    role: 'developer',
    params: conversationParams,
    body: z.strictObject({ ...noticeFields, expected: z.int().min(0) }),
    marks: ['audit'],
    answers: { 201: { description: 'It is stored and on its way.', schema: z.object({ messageId: z.string() }) } },
    errors: ['impact_changed', 'csrf', 'overloaded'],
    async handle({ caller, params: { id }, body: { expected, ...notice } }, services) {
      const { app } = caller.app;
      const users = await countPeople(app, id, services);
      needReach(caller, users);
      if (!isSameNumber(users, expected)) {
        throw new BelfryError('impact_changed', { details: { impact: { users } } });
      }
      const { id: messageId } = await services.broadcasting.broadcast(app, noticeOf(id, notice), fromConsole);
      const object = { type: 'conversation', id };
      await recordOfApp(caller, { action: 'message.send', object, after: { messageId, users } }, services.audit);
      return { status: 201, body: { messageId } };
    },
  }),
];

function noticeOf(conversation: string, { title, body }: { title: string; body?: string | undefined }) {
  const data = { title, ...(body === undefined || body === '' ? {} : { body }) };
  return { kind: 'system_notification', audience: { conversation }, data };
}

async function countPeople(
  app: AppId,
  id: string,
  { conversationStore }: Pick<AdminServices, 'conversationStore'>,
): Promise<number> {
  const found = await conversationStore.participants(app, id);
  if (found === undefined) throw notFound('conversation');
  return found.participants.length;
}

async function exportLog(
  caller: SignedIn & InApp,
  { id, format }: { id: string; format: ExportFormat },
  services: Pick<AdminServices, 'audit' | 'streams'>,
): Promise<Answer> {
  if (!isAtLeast(caller.role, 'admin')) throw needsMore('admin');
  const withData = contentAccess(caller) !== 'hidden';
  const change = { action: 'conversation.export', object: { type: 'conversation', id }, after: { format, withData } };
  await recordOfApp(caller, change, services.audit);
  const pages = allMessages(caller.app.app, { id, withData }, services);
  return exportAnswer({ format, name: 'conversation', columns, pages });
}

async function* allMessages(
  app: AppId,
  { id, withData }: { id: string; withData: boolean },
  { streams }: Pick<AdminServices, 'streams'>,
): AsyncGenerator<readonly MessageRow[]> {
  for (let afterSeq = 0; ;) {
    const found = await streams.read(app, conversationStream(id), { afterSeq, limit: exportedAtOnce });
    yield found.map((message) => messageRow(message, withData));
    const last = found.at(-1);
    if (last === undefined || found.length < exportedAtOnce) return;
    afterSeq = last.seq;
  }
}
