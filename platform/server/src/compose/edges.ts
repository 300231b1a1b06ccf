// Puts the two edges together, WebSocket and HTTP, and what only they need: identity, pages, uploads,
// commands. A worker has none of it.

import * as z from 'zod';
import { Gateway } from '../gateway/gateway.ts';
import type { ListCursors } from '../commands/conversations.ts';
import { createClientAddress, networkOf } from '../http/client-address.ts';
import type { Middleware } from '../http/context.ts';
import { PageCursors } from '../http/page-cursor.ts';
import { Pages } from '../pages/pages.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { ConnectionCount } from '../sessions/connection-count.ts';
import { ConnectionRoom } from '../sessions/connection-room.ts';
import { Rollouts } from '../sessions/rollouts.ts';
import { FileLinks } from '../uploads/file-links.ts';
import { Uploads } from '../uploads/uploads.ts';
import { composeConsoleTopics } from './console.ts';
import { composeCommands } from './commands.ts';
import type { Core } from './core.ts';
import { composeHttpParts, type EdgesDeps } from './http-parts.ts';
import { composeIdentity, type Identity } from './identity.ts';

export interface Edges {
  gateway: Gateway;
  /** The HTTP edge answers with these beside health and metrics. */
  httpParts: readonly Middleware[];
  /** Path of the playground with its secret; undefined where there is none. */
  playgroundAddress: string | undefined;
  /** The code of the console's setup, as long as it is needed. */
  setupCode: () => Promise<string | undefined>;
  start(): void;
  /** To be called when no connection is left: first sessions, which store what waits, then pages. */
  stop(): Promise<void>;
}

export function composeEdges(deps: EdgesDeps): Edges {
  const { engine, config, node, surroundings, core } = deps;
  const { clock, log, metrics } = surroundings;
  const { registry, sessions, stats, messaging, apps } = core;
  const identity = composeIdentity({ engine, config, surroundings, vault: core.vault, egress: core.egress, apps });
  const pages = new Pages({
    ...{ store: engine.stores.pages, bus: engine.bus, clock, facts: core.facts },
    isConnected: (app) => registry.ofApp(app) !== undefined,
    limits: config.limits,
  });
  for (const [app, patterns] of core.managedPages) pages.manage(app, patterns);
  const rollouts = new Rollouts({
    ...{ registry, presence: engine.presence, pages, bus: engine.bus, clock, node },
    isAlone: config.cluster === undefined,
    findApp: (key) => apps.find(key),
  });
  const cursors = new PageCursors(core.secret);
  const connections = new ConnectionCount({ registry, presence: engine.presence, clock });
  const { connectionsPerUser: perUser } = config.limits;
  const room = new ConnectionRoom({
    ...{ registry, presence: engine.presence, sessions, perUser },
    count: connections,
  });
  const router = composeCommands({
    ...{ engine, config, node, messaging, sessions, room, registry, pages, metrics },
    onSubscribed(session, topic) {
      stats.subscribed(session, topic);
      rollouts.subscribed(session, topic);
    },
    tracing: surroundings.tracing,
    verify: identity.verify,
    refusals: core.refusals,
    cursors: commandCursors(cursors),
    consoleTopics: composeConsoleTopics({ engine, apps, views: core.views }),
  });
  closeWhatMayNotStay({ core, pages, identity, surroundings });
  const clientAddress = createClientAddress(config.trustProxy);
  const gateway = new Gateway({
    refusedClients: core.refusedClients,
    ...{ apps, router, sessions, surroundings },
    countConnections: (app) => connections.of(app),
    ...{ addressOf: clientAddress, networkOf },
    limits: config.limits,
    heartbeatIntervalMs: config.webSocket.heartbeatIntervalMs,
  });
  const uploads = new Uploads({
    store: engine.stores.uploads,
    blobs: engine.blobs,
    isStorePublic: config.s3?.presign ?? false,
    links: new FileLinks(core.secret),
    settings: async (app) => (await apps.get(app)).settings,
    mayRead: messaging.mayRead,
    ...{ limits: config.limits, clock, log, metrics: surroundings.metrics },
  });
  const http = composeHttpParts({ ...deps, identity, pages, rollouts, uploads, cursors, clientAddress });

  return {
    gateway,
    httpParts: http.parts,
    playgroundAddress: http.playground?.address,
    setupCode: http.setupCode,
    start() {
      sessions.start();
      core.kindCounts.start();
      pages.start();
    },
    async stop() {
      rollouts.stop();
      await sessions.stop();
      await pages.stop();
    },
  };
}

/**
 * Connections are closed, or get another policy, when what let them in has changed: on each node by the bus.
 */
function closeWhatMayNotStay(deps: { core: Core; pages: Pages; identity: Identity; surroundings: Surroundings }): void {
  const { core, pages, identity, surroundings } = deps;
  const { sessions, apps, messaging } = core;
  const { log } = surroundings;
  pages.onChange((app, set) => sessions.enforce(app, set));
  identity.signOut.onSignedOut((app, userId, atMs) => {
    messaging.onSignedOut(app, userId);
    // The bus reports a sign-out to every node, each of which closes its own connections.
    sessions.closeUser(app, userId, { code: 'signed_out', issuedAtOrBeforeMs: atMs }).catch(() => undefined);
  });
  apps.onChange((app) => {
    apps.get(app).then(
      ({ disabled, settings }) => {
        sessions.setDeliveredMeans(app, settings.deliveredMeans);
        if (disabled) sessions.closeApp(app, 'page_disabled');
      },
      (err: unknown) => log.warn('a changed app could not be read', { app, err }),
    );
  });
}

const positionSchema = z.object({ activeAt: z.number(), id: z.string() });

function commandCursors(cursors: PageCursors): ListCursors {
  const scopeOf = ({ app, userId }: Parameters<ListCursors['read']>[0]) => ({ app, list: `conversations ${userId}` });
  return {
    write: (scope, position) => cursors.seal(scopeOf(scope), position),
    read: (scope, cursor) => cursors.open(scopeOf(scope), cursor, positionSchema),
  };
}
