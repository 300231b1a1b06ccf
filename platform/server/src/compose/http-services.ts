// Fits what the HTTP edge asks for to what messaging offers: the same calls, with where they come from.

import { inboxStream } from '@belfry/protocol';
import { eventOfStored } from '../delivery/delivery.ts';
import type { Origin } from '../broadcasting/validate.ts';
import type { Config } from '../config/config.ts';
import { viewMessage } from '../conversations/views.ts';
import type { HttpOrigin } from '../http/caller.ts';
import type { HookService, HttpServices } from '../http/services.ts';
import type { Pages } from '../pages/pages.ts';
import type { PluginHost } from '../plugins/plugin-host.ts';
import type { Presence } from '../ports/presence.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Apps } from '../tenancy/apps.ts';
import type { SignOut } from '../tenancy/sign-out.ts';
import type { Tokens } from '../tenancy/tokens/tokens.ts';
import type { Uploads } from '../uploads/uploads.ts';
import type { Messaging } from './messaging.ts';

/** How clients reconnect, told with the pages (protocol.md, the client's life). */
const reconnectBaseMs = 2000;
const reconnectMaxMs = 30_000;

export function httpServices(deps: {
  config: Config;
  messaging: Messaging;
  hooks: HookService;
  sessions: Sessions;
  presence: Presence;
  signOut: SignOut;
  tokens: Tokens;
  pages: Pages;
  plugins: PluginHost;
  apps: Apps;
  uploads: Uploads;
}): Omit<HttpServices, 'cursors' | 'limits'> {
  const { config, messaging, hooks, sessions, presence, signOut, tokens, pages, plugins, apps, uploads } = deps;
  const { chatActions, conversations, messages, log, devices, preferences } = messaging;
  const { deadLetters, openings, journeys, kinds } = messaging;
  const { heartbeatIntervalMs, connectionTimeoutMs, maxReconnectAttempts } = config.webSocket;

  return {
    conversations,
    messages: {
      messages: (app, conversationId, query) => messages.history(app, conversationId, query),
      async inbox(app, userId, query) {
        const { messages: found, hasMore } = await messages.inbox(app, userId, query);
        const { epoch } = await log.head(app, inboxStream(userId));
        return { events: found.map((message) => eventOfStored(message, epoch)), hasMore };
      },
      read: (app, conversationId, request) =>
        chatActions.broadcastReadStatus(app, conversationId, { ...request, origin: { via: 'http-user' } }),
      edit: async (app, messageId, { content, by }) =>
        view(await chatActions.editMessage(app, messageId, { content, by, origin: originBy(by) })),
      remove: async (app, messageId, by) =>
        view(await chatActions.deleteMessage(app, messageId, { ...by, origin: originBy(by) })),
    },
    chatActions: {
      send: (app, { conversationId, ...input }, origin) =>
        chatActions.broadcastMessage(app, conversationId, { ...input, origin: originOf(origin) }),
      broadcast: (app, request, origin) => chatActions.broadcast(app, request, originOf(origin)),
      explain: (app, request, origin) => chatActions.explain(app, request, originOf(origin)),
    },
    sessions,
    presence,
    signOut,
    devices,
    preferences,
    deadLetters,
    openings,
    tokens,
    pages,
    apps,
    journeys,
    hooks,
    uploads,
    kinds: {
      list: (app) => kinds.list(app),
      remove: (app, kind) => kinds.remove(app, kind),
      async put(app, kind) {
        const created = !(await kinds.list(app)).some((known) => known.kind === kind.kind);
        await kinds.put(app, kind);
        return { created };
      },
    },
    providers: {
      providers: async (app) =>
        Promise.all(
          (await plugins.providers(app)).map(async ({ id, plugin, channel, state, reason, quota }) => ({
            id,
            plugin,
            channel: channel ?? 'unknown',
            state,
            reason,
            quota,
            usedToday: await messaging.usedToday(app, id),
          })),
        ),
      publicProviders: async (app) =>
        (await plugins.providers(app))
          .filter(({ state }) => state !== 'off')
          .map(({ id, plugin, channel, publicConfig }) => ({
            ...{ id, plugin, channel: channel ?? 'unknown' },
            public: publicConfig ?? {},
          })),
      resume: (app, id) => plugins.resume(app, id),
    },
    client: {
      connectionTimeoutMs,
      heartbeatIntervalMs,
      reconnectBaseMs,
      reconnectMaxMs,
      reconnectMaxAttempts: maxReconnectAttempts,
    },
  };
}

function originOf({ userId: _, ...origin }: HttpOrigin): Origin {
  return origin;
}

/** A change in a user's name is the user's own; without a name it is the app's back end. */
function originBy({ userId }: { userId?: string | undefined }): Origin {
  return { via: userId === undefined ? 'http-key' : 'http-user' };
}

function view(message: StoredMessage) {
  return viewMessage(message.conversationId ?? '', message);
}
