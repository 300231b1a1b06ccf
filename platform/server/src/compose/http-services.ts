// Fits what the HTTP edge asks for to what the heart offers: the same calls, with where they come from.

import type { Origin } from '../broadcasting/prepare.ts';
import type { Config } from '../config/config.ts';
import { viewMessage } from '../conversations/views.ts';
import type { HttpOrigin } from '../http/caller.ts';
import type { HttpServices } from '../http/services.ts';
import type { Pages } from '../pages/pages.ts';
import type { PluginHost } from '../plugins/plugin-host.ts';
import type { Presence } from '../ports/presence.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Apps } from '../tenancy/apps.ts';
import type { SignOut } from '../tenancy/sign-out.ts';
import type { Tokens } from '../tenancy/tokens.ts';
import type { Heart } from './heart.ts';

/** How clients reconnect, told with the pages (protocol.md, the client's life). */
const reconnectBaseMs = 2000;
const reconnectMaxMs = 30_000;

export function httpServices(deps: {
  config: Config;
  heart: Heart;
  sessions: Sessions;
  presence: Presence;
  signOut: SignOut;
  tokens: Tokens;
  pages: Pages;
  plugins: PluginHost;
  apps: Apps;
}): Omit<HttpServices, 'cursors' | 'limits'> {
  const { config, heart, sessions, presence, signOut, tokens, pages, plugins, apps } = deps;
  const { broadcaster, conversations, messages, devices, journeys, kinds } = heart;
  const { heartbeatIntervalMs, connectionTimeoutMs, maxReconnectAttempts } = config.webSocket;

  return {
    conversations,
    messages: {
      messages: (app, conversationId, query) => messages.history(app, conversationId, query),
      read: (app, conversationId, request) =>
        broadcaster.broadcastReadStatus(app, conversationId, { ...request, origin: { via: 'http-user' } }),
      edit: async (app, messageId, { content, by }) =>
        view(await broadcaster.editMessage(app, messageId, { content, by, origin: originBy(by) })),
      remove: async (app, messageId, by) =>
        view(await broadcaster.deleteMessage(app, messageId, { ...by, origin: originBy(by) })),
    },
    broadcaster: {
      send: (app, { conversationId, ...input }, origin) =>
        broadcaster.broadcastMessage(app, conversationId, { ...input, origin: originOf(origin) }),
      broadcast: (app, request, origin) => broadcaster.broadcast(app, request, originOf(origin)),
      explain: (app, request, origin) => broadcaster.explain(app, request, originOf(origin)),
    },
    sessions,
    presence,
    signOut,
    devices,
    tokens,
    pages,
    apps,
    journeys,
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
        (await plugins.providers(app)).map(({ id, plugin, channel, state, reason }) => ({
          id,
          plugin,
          channel: channel ?? 'unknown',
          state,
          reason,
        })),
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

function originOf({ via, roles }: HttpOrigin): Origin {
  return { via, ...(roles === undefined ? {} : { roles }) };
}

/** A change in a user's name is the user's own; without a name it is the app's back end. */
function originBy({ userId }: { userId?: string | undefined }): Origin {
  return { via: userId === undefined ? 'http-key' : 'http-user' };
}

function view(message: StoredMessage) {
  return viewMessage(message.conversationId ?? '', message);
}
