// /apps/{app}/conversations: finding them. Who is in one and how far each is: conversation-people.ts; what is said
// in one: conversation-messages.ts.

import { conversationIdSchema, conversationStream, limitSchema, notFound, userIdSchema } from '@belfry/protocol';
import * as z from 'zod';
import type { AppId } from '../../../ports/app-id.ts';
import type { ConversationPlace, FoundConversation } from '../../../ports/stores/index.ts';
import { exportAnswer, exportFormats, type ExportedList } from '../../list-export.ts';
import { pageOf } from './answers.ts';
import { contentAccess, contentAccessSchema } from './content.ts';
import { appParams, appRoute } from './route.ts';
import type { AdminServices } from './services.ts';
import { isoOf } from './shown.ts';

const tag = 'Conversations';
const conversationParams = appParams.extend({ id: conversationIdSchema });

const querySchema = z.strictObject({
  /** Words of id or title, or the whole id of somebody who is in it. */
  q: z.string().max(200).optional(),
  /** Among those that this user is in. */
  user: userIdSchema.optional(),
  limit: limitSchema(50),
  cursor: z.string().max(1024).optional(),
  format: z.enum(exportFormats).optional(),
});
const placeSchema = z.object({ activeAt: z.number(), id: z.string() });

const rowSchema = z
  .object({
    ...{ id: z.string(), title: z.string().optional(), participants: z.int(), headSeq: z.int() },
    ...{ createdAt: z.string(), activeAt: z.string() },
  })
  .meta({ id: 'ConversationRow' });
type ConversationRow = z.output<typeof rowSchema>;

const conversationSchema = z
  .object({
    ...{ id: z.string(), title: z.string().optional(), createdAt: z.string(), participants: z.int() },
    ...{ epoch: z.string(), headSeq: z.int() },
    /** Of the oldest message that is kept. */
    firstSeq: z.int(),
    content: contentAccessSchema,
    /** Of the console's app: `conversation_news` is heard there for ten minutes from now. */
    topic: z.string(),
  })
  .meta({ id: 'ConversationSeen' });

const columns: ExportedList<ConversationRow>['columns'] = [
  ['conversationId', ({ id }) => id],
  ['title', ({ title }) => title],
  ['participants', ({ participants }) => participants],
  ['headSeq', ({ headSeq }) => headSeq],
  ['createdAt', ({ createdAt }) => createdAt],
  ['activeAt', ({ activeAt }) => activeAt],
];

/** Calls of the store for one page: what few are found among waits for the next request. */
const mostLooks = 20;
const exportedAtOnce = 100;

export const conversationRoutes = [
  appRoute({
    operationId: 'listConversations',
    method: 'get',
    path: '/apps/{app}/conversations',
    tag,
    summary:
      'Conversations by words of id or title, or by who is in them, newest activity first; as a file with `format`',
    role: 'viewer',
    params: appParams,
    query: querySchema,
    answers: {
      200: {
        description:
          'A page of them. It may be short, or empty, and have a `nextCursor`: then there is more to look at.',
        schema: pageOf(rowSchema),
      },
    },
    errors: ['bad_cursor'],
    async handle({ caller, query }, services) {
      const { app } = caller.app;
      const { q = '', user: userId, limit, cursor, format } = query;
      const asked = { q, userId };
      if (format !== undefined) {
        return exportAnswer({ format, name: `conversations-${app}`, columns, pages: allPages(app, asked, services) });
      }
      const scope = { app, list: `console conversations ${JSON.stringify(asked)}` };
      const before = cursor === undefined ? undefined : services.cursors.open(scope, cursor, placeSchema);
      services.conversationWatches.watch(app);
      const { items, next } = await search(app, { ...asked, before, limit }, services);
      const more = next === undefined ? {} : { nextCursor: services.cursors.seal(scope, next) };
      return { status: 200, body: { items: await rowsOf(app, items, services), ...more } };
    },
  }),
  appRoute({
    operationId: 'getConversation',
    method: 'get',
    path: '/apps/{app}/conversations/{id}',
    tag,
    summary: 'A conversation, and whether what is said in it is shown to whoever asks',
    role: 'viewer',
    params: conversationParams,
    answers: { 200: { description: 'The conversation.', schema: conversationSchema } },
    async handle({ caller, params: { id } }, { conversationStore, streams, conversationWatches }) {
      const { app } = caller.app;
      // Before it is read: what changes meanwhile is heard of.
      const topic = conversationWatches.watch(app, id);
      const [conversation, people, head] = await Promise.all([
        conversationStore.get(app, id),
        conversationStore.participants(app, id),
        streams.head(app, conversationStream(id)),
      ]);
      if (conversation === undefined || people === undefined) throw notFound('conversation');
      const { title, createdAt } = conversation;
      const body = {
        ...{ id, createdAt: isoOf(createdAt), participants: people.participants.length },
        ...(title === undefined ? {} : { title }),
        ...{ epoch: head.epoch, headSeq: head.seq, firstSeq: head.firstSeq, content: contentAccess(caller) },
        topic,
      };
      return { status: 200, body };
    },
  }),
];

type Asked = { q: string; userId?: string | undefined };

/** Looks on for a while where nothing was found. */
async function search(
  app: AppId,
  asked: Asked & { before?: ConversationPlace | undefined; limit: number },
  { conversationStore }: Pick<AdminServices, 'conversationStore'>,
): Promise<{ items: FoundConversation[]; next?: ConversationPlace }> {
  const items: FoundConversation[] = [];
  let { before } = asked;
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const found = await conversationStore.search(app, { ...asked, before, limit: asked.limit - items.length });
    items.push(...found.items);
    if (found.next === undefined) return { items };
    before = found.next;
    if (items.length === asked.limit) break;
  }
  return { items, ...(before === undefined ? {} : { next: before }) };
}

async function rowsOf(
  app: AppId,
  found: readonly FoundConversation[],
  { streams }: Pick<AdminServices, 'streams'>,
): Promise<ConversationRow[]> {
  const heads = await streams.heads(
    app,
    found.map(({ conversation: { id } }) => conversationStream(id)),
  );
  return found.map(({ conversation: { id, title, createdAt }, activeAt, participants }) => ({
    ...{ id, participants, headSeq: heads.get(conversationStream(id))?.seq ?? 0 },
    ...(title === undefined ? {} : { title }),
    ...{ createdAt: isoOf(createdAt), activeAt: isoOf(activeAt) },
  }));
}

async function* allPages(
  app: AppId,
  asked: Asked,
  services: Pick<AdminServices, 'conversationStore' | 'streams'>,
): AsyncGenerator<readonly ConversationRow[]> {
  for (let before: ConversationPlace | undefined; ;) {
    const { items, next } = await search(app, { ...asked, before, limit: exportedAtOnce }, services);
    yield await rowsOf(app, items, services);
    if (next === undefined) return;
    before = next;
  }
}
