// /apps/{app}/views: lists that live, for as long as somebody looks. What is said of them later comes over the
// WebSocket, by their topics.

import { notFound } from '@belfry/protocol';
import * as z from 'zod';
import { isAtLeast } from '../../../accounts/roles.ts';
import { topicOfView } from '../../../sessions/views/live-views.ts';
import type { Answer } from '../../route.ts';
import { filterOf, filterSchema, orderOf, sortSchema, viewWindowSchema } from './connection-query.ts';
import type { InApp } from './enter.ts';
import { recordOfApp } from './record-of-app.ts';
import { appParams, appRoute } from './route.ts';

const tag = 'Views';

const windowFields = {
  from: z.int().min(0).max(1_000_000).default(0),
  size: z.int().min(1).max(200).default(100),
  /** New rows take their places at once; else they wait. Only of the beginning of a list. */
  follows: z.boolean().default(false),
};
const windowSchema = z
  .strictObject(windowFields)
  .refine(({ from, follows }) => from === 0 || !follows, { path: ['follows'], message: 'is for the beginning alone' });

/** Any text that is this tab's. */
const tabSchema = z.string().min(8).max(64);
const valuesSchema = z.array(z.string().min(1).max(300)).max(50).optional();

const bodySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...{ kind: z.literal('connections'), tab: tabSchema },
    ...{ filter: filterSchema.default({}), sort: sortSchema, window: windowSchema },
  }),
  z.strictObject({
    ...{ kind: z.literal('live'), tab: tabSchema },
    filter: z
      .strictObject({
        ...{ type: valuesSchema, action: valuesSchema, user: valuesSchema, page: valuesSchema },
        ...{ reason: valuesSchema, kind: valuesSchema, conversation: valuesSchema },
      })
      .default({}),
  }),
  z.strictObject({
    ...{ kind: z.literal('frames'), tab: tabSchema, connection: z.string().max(64) },
    /** What people say to each other: for developers, as the app's setting allows it. */
    withBodies: z.boolean().default(false),
  }),
  z.strictObject({ kind: z.literal('history'), tab: tabSchema, connection: z.string().max(64) }),
]);

const openedFields = { id: z.string(), topic: z.string() };

function opened(id: string, more: object = {}): Answer {
  return { status: 201, body: { id, topic: topicOfView(id), ...more } };
}

function mayShowBodies({ role, app }: InApp): boolean {
  return isAtLeast(role, 'developer') && app.contentInConsole !== 'hidden';
}

const viewParams = appParams.extend({ id: z.string().max(64) });

export const viewRoutes = [
  appRoute({
    operationId: 'openView',
    method: 'post',
    path: '/apps/{app}/views',
    tag,
    summary: 'Look at a list that lives',
    description:
      'Changes come as `view_delta` of the topic, gathered over half a second; `n` counts them. After a number that is missing, and after `view_reset`, the window is to be asked for again. A list that nobody hears for a minute is gone. `live` and `frames` are what passes: `rows`, of `seen` that there were; bodies are opened with an entry in the audit, unless the app shows them. `history` is what one connection did, as far as its node has kept it, and goes on to do: a row with the `n` of one before has taken its place; the one with `closed` is the last. `silent` are nodes that do not answer: theirs is missing.',
    role: 'viewer',
    params: appParams,
    body: bodySchema,
    // It is of this moment: another try is another list.
    repeatable: true,
    answers: {
      201: {
        description: 'The list as it is.',
        schema: z.union([
          viewWindowSchema.extend(openedFields),
          z.object({ ...openedFields, withBodies: z.boolean().optional() }),
        ]),
      },
    },
    errors: ['too_many', 'csrf'],
    async handle({ caller, body }, services) {
      const { views } = services;
      const { app } = caller.app;
      const looker = { account: caller.session.account.id, tab: body.tab };
      if (body.kind === 'live') return opened(await views.openLive(app, looker, body.filter));
      if (body.kind === 'history') return opened(await views.openHistory(app, looker, body.connection));
      if (body.kind === 'frames') {
        const withBodies = body.withBodies && mayShowBodies(caller);
        const id = await views.openFrames(app, looker, { connectionId: body.connection, withBodies });
        if (withBodies && caller.app.contentInConsole !== 'shown') {
          const object = { type: 'connection', id: body.connection };
          await recordOfApp(caller, { action: 'connection.frames', object }, services.audit);
        }
        return opened(id, { withBodies });
      }
      const { filter, sort, window } = body;
      const asked = { filter: filterOf(filter), ...orderOf(sort), window };
      const { id, answer } = await views.openConnections(app, looker, asked);
      return opened(id, { ...answer });
    },
  }),
  appRoute({
    operationId: 'moveView',
    method: 'patch',
    path: '/apps/{app}/views/{id}',
    tag,
    summary: 'Look at another part of a list that lives',
    role: 'viewer',
    params: viewParams,
    body: z.strictObject({
      window: windowSchema,
      /** Lets in the rows that wait. */
      refresh: z.boolean().default(false),
    }),
    repeatable: true,
    answers: { 200: { description: 'This part, as it is.', schema: viewWindowSchema } },
    errors: ['csrf'],
    async handle({ caller, params, body }, { views }) {
      const of = { id: params.id, app: caller.app.app, account: caller.session.account.id };
      return { status: 200, body: await views.look(of, body) };
    },
  }),
  appRoute({
    operationId: 'closeView',
    method: 'delete',
    path: '/apps/{app}/views/{id}',
    tag,
    summary: 'Look no more',
    role: 'viewer',
    params: viewParams,
    answers: { 204: { description: 'It is gone.' } },
    errors: ['csrf'],
    async handle({ caller, params }, { views }) {
      const of = { id: params.id, app: caller.app.app, account: caller.session.account.id };
      if (!(await views.close(of))) throw notFound('view');
      return { status: 204 };
    },
  }),
];
