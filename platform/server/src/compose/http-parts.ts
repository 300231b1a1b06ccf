// Puts together what the HTTP edge of a gateway answers: webhooks, SDK, playground, public API, files, docs.
// Health and metrics, which every node has, are not here.

import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { Unread } from '../conversations/unread.ts';
import type { ClientAddress } from '../http/client-address.ts';
import { ConsoleSite } from '../http/console-site.ts';
import type { Middleware } from '../http/context.ts';
import { createDocs } from '../http/docs.ts';
import type { Playground } from '../http/doors/playground/playground.ts';
import { createReceiptDoor } from '../http/doors/receipts/receipt-door.ts';
import { createUnsubscribeDoor } from '../http/doors/unsubscribe/unsubscribe-door.ts';
import { createPublicDoor } from '../http/doors/public/public-door.ts';
import { apiPrefix } from '../http/doors/public/route-table.ts';
import type { PublicServices } from '../http/doors/public/services.ts';
import { createFiles } from '../http/files.ts';
import { front } from '../http/front.ts';
import { webSocketPathOnly } from '../http/middleware/web-socket-path.ts';
import type { PageCursors } from '../http/page-cursor.ts';
import { serveSdk } from '../http/sdk-files.ts';
import type { Pages } from '../pages/pages.ts';
import { UnknownFeatures } from '../pages/unknown-features.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Rollouts } from '../sessions/rollouts.ts';
import { Erasures } from '../tenancy/erasures.ts';
import { People } from '../tenancy/people.ts';
import type { Uploads } from '../uploads/uploads.ts';
import { composeConsole } from './console.ts';
import type { Core } from './core.ts';
import type { Engine } from './engine.ts';
import type { Identity } from './identity.ts';
import type { PlaygroundParts } from './playground.ts';

/** The browser SDK, once it has been built. */
const builtSdk = join(import.meta.dirname, '../../../client/dist');
/** The console's page, once it has been built. */
const builtConsole = join(import.meta.dirname, '../../../../console/dist');

/** How clients reconnect; sent with the pages (docs/protocol.md, the client's life). */
const reconnectBaseMs = 2000;
const reconnectMaxMs = 30_000;

/** Both edges are made from these. */
export interface EdgesDeps {
  engine: Engine;
  config: Config;
  /** This process, as the others know it. */
  node: string;
  surroundings: Surroundings;
  core: Core;
  playground: PlaygroundParts;
}

interface HttpPartsDeps extends EdgesDeps {
  identity: Identity;
  pages: Pages;
  rollouts: Rollouts;
  uploads: Uploads;
  cursors: PageCursors;
  clientAddress: ClientAddress;
}

export interface HttpParts {
  /** One after the other; each leaves what is not its own to the next. */
  parts: readonly Middleware[];
  playground: Playground | undefined;
  /** The code of the console's setup, as long as it is needed; undefined where there is no console. */
  setupCode: () => Promise<string | undefined>;
}

export function composeHttpParts(deps: HttpPartsDeps): HttpParts {
  const { engine, config, core, identity, uploads, clientAddress, surroundings } = deps;
  const { apps, messaging } = core;
  const hooks = core.hooks.serve({ apps, messaging, clientAddress });
  const services = {
    ...publicServices(deps),
    hooks: hooks.records,
    hookDeliveries: hooks.deliveries,
    inbound: hooks.inbound,
  };
  const door = {
    idempotency: engine.stores.idempotency,
    rates: engine.rates,
    clock: engine.clock,
    clientAddress,
    publicUrl: config.publicUrl,
    limits: config.limits,
  };
  const playground = deps.playground.serve({ ...door, services: { ...services, apps } });
  const admin = config.console.isOn
    ? composeConsole({ ...deps, pushes: deps.playground.pushes, playgroundAddress: playground?.address }, door)
    : { setupCode: async () => undefined };
  const parts = [
    webSocketPathOnly(),
    hooks.door,
    createReceiptDoor({
      ...{ links: core.receiptLinks, apps, plugins: core.plugins, receipts: messaging.receipts, clientAddress },
      ...{ rates: engine.rates, metrics: surroundings.metrics, limits: config.limits },
    }),
    createUnsubscribeDoor({
      ...{ unsubscribing: messaging.unsubscribing, apps, rates: engine.rates, clientAddress, limits: config.limits },
    }),
    serveSdk(builtSdk),
    ...(config.console.isOn ? [new ConsoleSite({ dir: builtConsole, publicUrl: config.publicUrl }).serve] : []),
    ...(playground?.parts ?? []),
    ...('door' in admin ? [admin.door] : []),
    createPublicDoor({
      ...door,
      services,
      apps,
      apiKeys: identity.apiKeys,
      tokens: { verify: identity.verify },
      refusals: core.refusals,
    }),
    createFiles({ apps, uploads }),
    createDocs(),
    front({
      ...{ api: apiPrefix, docs: '/docs/', openapi: '/openapi.json' },
      ...(playground === undefined ? {} : { playground: playground.path }),
    }),
  ];
  return { parts, playground, setupCode: admin.setupCode };
}

function publicServices(deps: HttpPartsDeps): Omit<PublicServices, 'hooks' | 'hookDeliveries' | 'inbound'> {
  const { engine, config, core, identity, pages, uploads, cursors } = deps;
  const { apps, plugins, sessions, messaging } = core;
  const { broadcasting, simulator, chatActions, conversations, messages, search, log, kinds } = messaging;
  const { devices, renewals, preferences, deadLetters, openings, usedToday, providerBudgets } = messaging;
  const { signOut, tokens } = identity;
  return {
    ...{ apps, sessions, signOut, tokens, pages, uploads, cursors },
    ...{ broadcasting, simulator, chatActions, conversations, messages, search, kinds },
    ...{ devices, renewals, preferences, deadLetters, openings },
    features: new UnknownFeatures({ messageTypes: () => plugins.messageTypes(), kindsOf: (app) => kinds.list(app) }),
    erasures: new Erasures({ store: engine.stores.erasures, signOut, queue: engine.queue, clock: engine.clock }),
    people: new People({ store: engine.stores.users }),
    unread: new Unread({ ...engine.stores, store: engine.stores.conversations }),
    journeys: core.journey.reader,
    ...{ webhooks: core.outbound.records, webhookEvents: core.outbound.kept },
    streamLog: log,
    presence: engine.presence,
    providers: plugins,
    quotas: { today: usedToday },
    providerBudgets,
    refusedClients: core.refusedClients,
    client: clientSettings(config),
    limits: config.limits,
  };
}

function clientSettings({ webSocket }: Config): PublicServices['client'] {
  const { connectionTimeoutMs, heartbeatIntervalMs, maxReconnectAttempts, attendedAfterMs } = webSocket;
  return {
    ...{ connectionTimeoutMs, heartbeatIntervalMs, reconnectBaseMs, reconnectMaxMs },
    reconnectMaxAttempts: maxReconnectAttempts,
    attendedAfterMs,
  };
}
