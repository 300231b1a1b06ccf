// What the playground's page may ask for, with the rights of any app's back end and never its keys: one row a call. Who may ask: own-page.ts.

import {
  appKeySchema,
  BelfryError,
  broadcastRequestSchema,
  conversationIdSchema,
  parseWith,
  tokenBodySchema,
  userIdSchema,
  uuidSchema,
} from '@belfry/protocol';
import * as z from 'zod';
import type { AppId } from '../../../ports/app-id.ts';
import type { AppRecord } from '../../../ports/stores/index.ts';
import type { Apps } from '../../../tenancy/apps.ts';
import type { HttpServices } from '../../services.ts';
import type { ShownPushes } from './shown-pushes.ts';

export type PlaygroundServices = Pick<
  HttpServices,
  'chatActions' | 'conversations' | 'journeys' | 'providers' | 'tokens'
> & { apps: Pick<Apps, 'find' | 'list'>; pushes: Pick<ShownPushes, 'of'> };

export interface PlaygroundCall {
  /** Judges the body, throws what is wrong with it, and does what is asked. `origin` is the page's. */
  run(body: unknown, services: PlaygroundServices, origin: string): Promise<unknown>;
}

/** Long enough to look at one, short enough that a copied one is soon worth nothing; the page gets the next one by itself. */
const tokenSeconds = 900;

const asBackEnd = { via: 'http-key' } as const;

const appField = { app: appKeySchema };

/** By name; the page posts to `/playground/api/<name>`. */
export const playgroundCalls: Readonly<Record<string, PlaygroundCall>> = {
  apps: {
    async run(body, services, origin) {
      parseWith(z.strictObject({}), body);
      const records = await services.apps.list();
      return { apps: await Promise.all(records.map((record) => describe(record, services, origin))) };
    },
  },
  token: ofApp(
    z.strictObject({ ...appField, ...tokenBodySchema.pick({ userId: true, name: true, topics: true }).shape }),
    (app, { userId, name, topics }, { tokens }) =>
      tokens.sign(app, { userId, name, topics, expiresInSeconds: tokenSeconds }),
  ),
  // Only conversations of its own, so that trying something here never puts anybody into a real one.
  conversation: ofApp(
    z.strictObject({
      ...appField,
      id: conversationIdSchema.regex(/^playground/, 'must begin with playground'),
      userIds: z.array(userIdSchema).min(1).max(10),
    }),
    async (app, { id, userIds }, { conversations }) => {
      await conversations.put(app, id, { title: 'Playground' });
      for (const userId of userIds) await conversations.putParticipant(app, id, { userId, role: 'member' });
      return { conversation: await conversations.get(app, id) };
    },
  ),
  broadcast: ofApp(
    z.strictObject({ ...appField, request: broadcastRequestSchema }),
    (app, { request }, { chatActions }) => chatActions.broadcast(app, request, asBackEnd),
  ),
  explain: ofApp(
    z.strictObject({ ...appField, request: broadcastRequestSchema }),
    (app, { request }, { chatActions }) => chatActions.explain(app, request, asBackEnd),
  ),
  journey: ofApp(z.strictObject({ ...appField, messageId: uuidSchema }), async (app, { messageId }, { journeys }) => {
    const journey = await journeys.read(app, messageId);
    if (journey === undefined) throw new BelfryError('not_found');
    return journey;
  }),
  pushes: ofApp(z.strictObject({ ...appField, deviceId: uuidSchema }), async (app, { deviceId }, { pushes }) => ({
    pushes: pushes.of(app, deviceId),
  })),
};

/** A call about one app: there must be one, and it must not be switched off. */
function ofApp<B extends { app: string }>(
  body: z.ZodType<B>,
  run: (app: AppId, body: B, services: PlaygroundServices) => Promise<unknown>,
): PlaygroundCall {
  return {
    async run(given, services) {
      const asked = parseWith(body, given);
      const record = await services.apps.find(asked.app);
      if (record === undefined) throw new BelfryError('not_found', { path: ['app'] });
      if (record.disabled) throw new BelfryError('page_disabled');
      return await run(record.app, asked, services);
    },
  };
}

/** What can be tried with an app, and why not. Nothing that lets anybody in. */
async function describe(record: AppRecord, { providers }: PlaygroundServices, origin: string) {
  const { app, name, disabled, signingSecrets, allowedOrigins } = record;
  return {
    key: app,
    name,
    disabled,
    /** Its tokens are made here; where not, nobody can be anybody. */
    makesTokens: signingSecrets.length > 0,
    /** Its WebSocket takes this page. */
    takesThisPage: allowedOrigins.includes('*') || allowedOrigins.includes(origin),
    /** Pushes of a pretend phone can be shown. */
    showsPushes: (await providers.providers(app)).some(({ id, plugin }) => id === 'logging' && plugin === 'logging'),
  };
}
