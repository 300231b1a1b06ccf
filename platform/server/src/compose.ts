// The composition root: from a configuration to a server that can listen and drain. Which parts there are and who is given what; no behaviour of its own.

import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { openEngine, type Engine } from './compose/engine.ts';
import { composeCommands } from './compose/commands.ts';
import { createHeart } from './compose/heart.ts';
import { httpServices } from './compose/http-services.ts';
import { install, openVault } from './compose/installation.ts';
import type { FirstKeyFile } from './compose/first-key.ts';
import { StartProblem } from './compose/start-problem.ts';
import type { Config } from './config/config.ts';
import { createGateway } from './gateway/gateway.ts';
import { isWebSocketUpgrade } from './gateway/upgrade.ts';
import { createClientAddress } from './http/client-address.ts';
import { createHttp } from './http/http.ts';
import { createPageCursors } from './http/page-cursor.ts';
import { httpServerOptions } from './http/server-options.ts';
import { createPages } from './pages/pages.ts';
import { createOutboundFetch } from './plugins/outbound-fetch.ts';
import { createPluginHost } from './plugins/plugin-host.ts';
import type { Log } from './ports/log.ts';
import { Registry } from './sessions/registry.ts';
import { createSessions } from './sessions/sessions.ts';
import { createHealth } from './telemetry/health.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { createApiKeys } from './tenancy/api-keys.ts';
import { createApps } from './tenancy/apps.ts';
import { keepProfiles } from './tenancy/profiles.ts';
import { createRetention } from './tenancy/retention.ts';
import { createSignOut } from './tenancy/sign-out.ts';
import { createTokens } from './tenancy/tokens.ts';

export interface Server {
  readonly node: string;
  readonly dataDir: string;
  /** Where it listens, once `listen` has resolved; PUBLIC_URL where that is set. */
  readonly url: string;
  /** What the first start of an installation without a provision file made; `keyFile` holds the app's API key. */
  readonly firstStart: FirstKeyFile | undefined;
  listen(): Promise<void>;
  /** Whether an error that nobody caught is a plugin's; that plugin is then off, and the server goes on. */
  takeFault(error: unknown): boolean;
  /** Drains (guarantees.md, G16): not ready, clients sent away, what is under way finished, everything closed. Idempotent. */
  stop(): Promise<void>;
}

/** The plugins that come with the server; a folder there is a plugin, and nothing else says which there are. */
const shippedPlugins = join(import.meta.dirname, '../../../plugins');

/** Throws StartProblem for what the operator has to mend. */
export async function createServer(config: Config, log: Log): Promise<Server> {
  const node = `${hostname()}-${process.pid}`;
  const metrics = createMetrics();
  const engine = await openEngine(config, { node, log, metrics });
  try {
    return await composeServer({ config, log, node, metrics, engine });
  } catch (error) {
    metrics.close();
    await engine.close();
    throw error;
  }
}

async function composeServer(base: {
  config: Config;
  log: Log;
  node: string;
  metrics: ReturnType<typeof createMetrics>;
  engine: Engine;
}): Promise<Server> {
  const { config, log, node, metrics, engine } = base;
  const { clock, stores, bus, presence } = engine;
  const { limits } = config;
  const { vault, secret } = await openVault(engine, config, log);

  const plugins = createPluginHost({
    shippedDir: shippedPlugins,
    pluginsDir: config.pluginsDir,
    store: stores.providers,
    vault,
    clock,
    log,
    metrics,
    outboundFetch: createOutboundFetch({ clock, limitMs: limits.pushTimeoutMs }),
    defaultProvider: { plugin: config.notificationProvider, config: defaultProviderConfig(config) },
    callLimitMs: limits.pushTimeoutMs,
    bus,
  });
  await plugins.start();
  const { managedPages, keyFile } = await install({ engine, config, vault, plugins, log });

  const apps = createApps({ store: stores.tenancy, bus, clock });
  const apiKeys = createApiKeys({ store: stores.tenancy, bus, clock });
  const signOut = createSignOut({ users: stores.users, bus, clock });
  const fetchJwks = createFetchJwks();
  const tokens = createTokens({
    apps,
    vault,
    users: stores.users,
    clock,
    fetchJwks,
    signOut,
    maxBytes: limits.tokenBytes,
  });
  const verify = keepProfiles({ verify: (app, token) => tokens.verify(app, token), users: stores.users, log });
  const pages = createPages({ store: stores.pages, bus, clock });
  for (const [app, patterns] of managedPages) pages.manage(app, patterns);

  const registry = new Registry();
  const sessions = createSessions({ registry, presence, bus, users: stores.users, clock, log, metrics });
  const heart = createHeart({ engine, config, node, logger: log, metrics, registry, sessions, apps, plugins });
  const cursors = createPageCursors(secret);
  const positionSchema = z.object({ activeAt: z.number(), id: z.string() });
  const router = composeCommands({
    engine,
    config,
    node,
    heart,
    sessions,
    registry,
    pages,
    verify,
    cursors: {
      write: ({ app, userId }, position) => cursors.seal({ app, list: `conversations ${userId}` }, position),
      read: ({ app, userId }, cursor) => cursors.open({ app, list: `conversations ${userId}` }, cursor, positionSchema),
    },
    metrics,
  });

  pages.onChange((app, set) => sessions.enforce(app, set));
  signOut.onSignedOut((app, userId, atMs) => {
    // Told by the bus to every node, each of which closes its own.
    sessions.closeUser(app, userId, { code: 'signed_out', issuedAtOrBeforeMs: atMs }).catch(() => undefined);
  });
  apps.onChange((app) => {
    apps.get(app).then(
      ({ disabled }) => disabled && sessions.closeApp(app, 'page_disabled'),
      (error: unknown) => log.warn('a changed app could not be read', { app, err: error }),
    );
  });

  const health = createHealth();
  health.check('store', () => stores.state());
  health.check('bus', () => bus.state());
  health.check('queue', () => engine.queue.state());
  health.check('presence', () => presence.state());
  const addressOf = createClientAddress(config.trustProxy);
  const gateway = createGateway({
    apps,
    router,
    sessions,
    registry,
    limits,
    heartbeatIntervalMs: config.webSocket.heartbeatIntervalMs,
    addressOf,
    clock,
    log,
    metrics,
  });
  const http = createHttp({
    services: httpServices({ config, heart, sessions, presence, signOut, tokens, pages, plugins, apps }),
    apps,
    apiKeys,
    tokens: { verify },
    idempotency: stores.idempotency,
    secret,
    health,
    metrics,
    metricsToken: config.metricsToken,
    clock,
    log,
    trustProxy: config.trustProxy,
    limits,
  });
  const server = createHttpServer(
    { ...httpServerOptions(limits), shouldUpgradeCallback: isWebSocketUpgrade },
    http.callback(),
  );
  gateway.attach(server);
  const retention = createRetention({ stores, apps, clock, log });
  metrics.onCollect(async () => {
    for (const [state, count] of Object.entries(await engine.queue.counts('push'))) {
      metrics.set('queue_jobs', ['push', state], count);
    }
  });

  let stopping: Promise<void> | undefined;
  return {
    node,
    dataDir: config.dataDir,
    get url() {
      const address = server.address();
      return config.publicUrl ?? `http://${urlHost(config.host)}:${isPort(address) ? address.port : config.port}`;
    },
    firstStart: keyFile,
    async listen() {
      sessions.start();
      pages.start();
      retention.start();
      await heart.start();
      await listenOn(server, config);
      health.setStarted();
    },
    takeFault: (error) => plugins.takeFault(error),
    stop: () => (stopping ??= stop()),
  };

  async function stop(): Promise<void> {
    health.setDraining();
    await gateway.drain();
    await gateway.close();
    log.info('drain', { phase: 'finish' });
    // What was asked for is answered; connections that are idle go at once.
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    server.closeIdleConnections();
    await closed;
    await heart.stop();
    await sessions.stop();
    await pages.stop();
    await retention.stop();
    await plugins.stop();
    await engine.close();
    metrics.close();
    log.info('drain', { phase: 'done' });
  }
}

/** The configuration that goes with NOTIFICATION_PROVIDER: where credentials are a file, its path. */
function defaultProviderConfig({ firebaseCredentialsPath }: Config): Record<string, unknown> {
  return firebaseCredentialsPath === undefined ? {} : { credentialsPath: firebaseCredentialsPath };
}

/** Rejects with StartProblem when the port can't be had. */
function listenOn(server: HttpServer, { host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const variable = error.code === 'EADDRINUSE' || error.code === 'EACCES' ? 'PORT' : 'HOST';
      reject(new StartProblem([{ variable, reason: error.message }]));
    });
    server.listen(port, host, resolve);
  });
}

function isPort(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Keys of an app's own issuer; the URL comes from the app's settings, never from a token. */
function createFetchJwks(): (url: string) => Promise<unknown> {
  const longestMs = 5000;
  return async (url) => {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(longestMs) });
    if (!response.ok) throw new Error(`the key set was answered with ${response.status}`);
    return await response.json();
  };
}
