// The calls of the playground's page, with the rights of any app's back end and never its keys: one row a
// call. Who may ask: own-page.ts.

import {
  appKeySchema,
  BelfryError,
  broadcastRequestSchema,
  conversationIdSchema,
  isAllowedOrigin,
  notFound,
  tokenBodySchema,
  userIdSchema,
  uuidSchema,
} from '@belfry/protocol';
import * as z from 'zod';
import type { Broadcasting } from '../../../broadcasting/broadcast.ts';
import type { Conversations } from '../../../conversations/conversations.ts';
import type { JourneyReader } from '../../../journey/reader.ts';
import type { PluginHost } from '../../../plugins/plugin-host.ts';
import { consoleApp, type AppId } from '../../../ports/app-id.ts';
import type { AppRecord } from '../../../ports/stores/index.ts';
import type { Apps } from '../../../tenancy/apps.ts';
import type { Tokens } from '../../../tenancy/tokens/tokens.ts';
import { createRoute, type Access, type Route } from '../../route.ts';
import type { OwnPage } from './own-page.ts';
import type { ShownPushes } from './shown-pushes.ts';

export interface PlaygroundServices {
  apps: Pick<Apps, 'find' | 'list'>;
  broadcasting: Pick<Broadcasting, 'broadcast' | 'explain'>;
  conversations: Pick<Conversations, 'put' | 'putParticipant' | 'get'>;
  journeys: Pick<JourneyReader, 'read'>;
  providers: Pick<PluginHost, 'providers'>;
  tokens: Pick<Tokens, 'sign'>;
  pushes: Pick<ShownPushes, 'of'>;
}

/**
 * Long enough to look at one, short enough that a copied one is soon worth nothing; the page gets the next
 * one by itself.
 */
const tokenSeconds = 900;

const asBackEnd = { via: 'http-key' } as const;

const access: Access = { isOpen: false, schemes: ['ownPage'] };

const appField = { app: appKeySchema };

/** The page posts to `/playground/api/<name>`. */
export const playgroundTable: readonly Route<PlaygroundServices, OwnPage>[] = [
  call('apps', 'The apps of this server, and what can be tried with each', {
    body: z.strictObject({}),
    run: async (_body, services, page) => {
      const records = (await services.apps.list()).filter(({ app }) => app !== consoleApp);
      return { apps: await Promise.all(records.map((record) => describe(record, services, page.origin))) };
    },
  }),
  appCall('token', 'A token of a user of an app, for a quarter of an hour', {
    body: z.strictObject({
      ...appField,
      ...tokenBodySchema.pick({ userId: true, name: true, topics: true, presenceTopics: true, roles: true }).shape,
    }),
    run: (app, { userId, name, topics, presenceTopics, roles }, { tokens }) =>
      tokens.sign(app, { userId, name, topics, presenceTopics, roles, expiresInSeconds: tokenSeconds }),
  }),
  appCall('conversation', 'Make a conversation to try things in', {
    body: z.strictObject({
      ...appField,
      // Only conversations of its own, so that trying something here never puts anybody into a real one.
      id: conversationIdSchema.regex(/^playground/, 'must begin with playground'),
      userIds: z.array(userIdSchema).min(1).max(10),
    }),
    run: async (app, { id, userIds }, { conversations }) => {
      await conversations.put(app, id, { title: 'Playground' });
      for (const userId of userIds) await conversations.putParticipant(app, id, { userId, role: 'member' });
      return { conversation: await conversations.get(app, id) };
    },
  }),
  appCall('broadcast', 'Broadcast as the back end of an app', {
    body: z.strictObject({ ...appField, request: broadcastRequestSchema }),
    run: (app, { request }, { broadcasting }) => broadcasting.broadcast(app, request, asBackEnd),
  }),
  appCall('explain', 'What a broadcast would do now, without doing it', {
    body: z.strictObject({ ...appField, request: broadcastRequestSchema }),
    run: (app, { request }, { broadcasting }) => broadcasting.explain(app, request, asBackEnd),
  }),
  appCall('journey', 'What became of a message or broadcast', {
    body: z.strictObject({ ...appField, messageId: uuidSchema }),
    run: async (app, { messageId }, { journeys }) => {
      const journey = await journeys.read(app, messageId);
      if (journey === undefined) throw notFound('message');
      return journey;
    },
  }),
  appCall('pushes', 'What a pretend phone was shown', {
    body: z.strictObject({ ...appField, deviceId: uuidSchema }),
    run: async (app, { deviceId }, { pushes }) => ({ pushes: pushes.of(app, deviceId) }),
  }),
];

function call<B>(
  name: string,
  summary: string,
  {
    body,
    run,
  }: { body: z.ZodType<B>; run: (body: B, services: PlaygroundServices, page: OwnPage) => Promise<unknown> },
): Route<PlaygroundServices, OwnPage> {
  return createRoute({
    method: 'post',
    path: `/${name}`,
    tag: 'Playground',
    summary,
    access,
    admit: (page: OwnPage | undefined) => {
      if (page === undefined) throw new BelfryError('forbidden');
      return page;
    },
    body,
    answers: { 200: { description: 'As the page shows it.' } },
    handle: async (input, services) => ({ status: 200, body: await run(input.body, services, input.caller) }),
  });
}

/** A call about one app: there must be one, and it must not be switched off. */
function appCall<B extends { app: string }>(
  name: string,
  summary: string,
  { body, run }: { body: z.ZodType<B>; run: (app: AppId, body: B, services: PlaygroundServices) => Promise<unknown> },
): Route<PlaygroundServices, OwnPage> {
  return call(name, summary, {
    body,
    run: async (asked, services) => {
      const record = await services.apps.find(asked.app);
      if (record === undefined) throw notFound('app', ['app']);
      if (record.disabled) throw new BelfryError('page_disabled');
      return await run(record.app, asked, services);
    },
  });
}

/** Says which of the playground's tools work with an app. Nothing in it lets anybody in. */
async function describe(record: AppRecord, { providers }: PlaygroundServices, origin: string) {
  const { app, name, disabled, signingSecrets, allowedOrigins } = record;
  return {
    key: app,
    name,
    disabled,
    /** Its tokens are made here; where not, nobody can be anybody. */
    makesTokens: signingSecrets.length > 0,
    /** Its WebSocket takes this page. */
    takesThisPage: isAllowedOrigin(allowedOrigins, origin),
    /** Pushes of a pretend phone can be shown. */
    showsPushes: (await providers.providers(app)).some(({ id, plugin }) => id === 'logging' && plugin === 'logging'),
  };
}
