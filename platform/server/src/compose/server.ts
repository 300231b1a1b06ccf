// The composition root: from a configuration to a server that can listen and drain. Which parts there are and who is given what; no behaviour of its own.

import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { openEngine, type Engine } from './engine.ts';
import { composeCommands } from './commands.ts';
import { createMessaging } from './messaging.ts';
import { composeHooks } from './hooks.ts';
import { httpServices } from './http-services.ts';
import { composePlayground } from './playground.ts';
import { composeUploads } from './uploads.ts';
import { install, openVault } from './installation.ts';
import type { FirstKeyFile } from './first-key.ts';
import { StartProblem } from './start-problem.ts';
import type { Config } from '../config/config.ts';
import { Gateway } from '../gateway/gateway.ts';
import { isWebSocketUpgrade } from '../gateway/upgrade.ts';
import { createClientAddress } from '../http/client-address.ts';
import { createHttp } from '../http/http.ts';
import { PageCursors } from '../http/page-cursor.ts';
import { serveSdk } from '../http/sdk-files.ts';
import { httpServerOptions } from '../http/server-options.ts';
import { Egress } from '../egress/egress.ts';
import { Pages } from '../pages/pages.ts';
import { createPluginHost } from '../plugins/plugin-host.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { createLiveStats } from '../sessions/live-stats.ts';
import { Registry } from '../sessions/registry.ts';
import { Sessions } from '../sessions/sessions.ts';
import { createHealth } from '../telemetry/health.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { createApiKeys } from '../tenancy/api-keys.ts';
import { createApps } from '../tenancy/apps.ts';
import { keepProfiles } from '../tenancy/profiles.ts';
import { createRetention } from '../maintenance/retention.ts';
import { createSignOut } from '../tenancy/sign-out.ts';
import { Tokens } from '../tenancy/tokens/tokens.ts';

export interface Server {
  readonly node: string;
  readonly dataDir: string;
  /** Where it listens, once `listen` has resolved; PUBLIC_URL where that is set. */
  readonly url: string;
  /** Path of the playground; undefined where there is none, or its page was not built. */
  readonly playground: string | undefined;
  /** What the first start of an installation without a provision file made; `keyFile` holds the app's API key. */
  readonly firstStart: FirstKeyFile | undefined;
  listen(): Promise<void>;
  /** Drains (guarantees.md, G16): not ready, clients sent away, what is under way finished, everything closed. Idempotent. */
  stop(): Promise<void>;
}

/** Errors that nobody caught, in the hands of whoever runs the process. */
export interface Faults {
  /** `ask`: whether an error is a plugin's, which is then noted, and the server goes on. */
  askFirst(ask: (error: unknown) => boolean): void;
}

/** The plugins that come with the server; a folder there is a plugin, and nothing else says which there are. */
const shippedPlugins = join(import.meta.dirname, '../../../../plugins');
/** The browser SDK, once it has been built. */
const builtSdk = join(import.meta.dirname, '../../../client/dist');

/** What a server stands on, where it is not the engine that the configuration names: several nodes in one process, a clock or a disk that fails. */
export interface Foundation {
  /** This process, as the others know it. */
  node?: string;
  openEngine?: typeof openEngine;
  /** Told whom to ask as soon as there are plugins, which is before any of them runs. */
  faults?: Faults;
}

/** Throws StartProblem for what the operator has to mend. */
export async function createServer(config: Config, log: Log, foundation: Foundation = {}): Promise<Server> {
  const { node = `${hostname()}-${process.pid}`, openEngine: open = openEngine, faults } = foundation;
  const metrics = createMetrics();
  const engine = await open(config, { node, log, metrics });
  try {
    return await composeServer({ config, log, node, metrics, engine, faults });
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
  faults: Faults | undefined;
}): Promise<Server> {
  const { config, node, metrics, engine } = base;
  const { clock, stores, bus, presence } = engine;
  const { limits } = config;
  const { log, serve: servePlayground } = composePlayground({ config, log: base.log, clock });
  const { vault, secret } = await openVault(engine, config, log);

  const egress = new Egress({ allow: config.outboundAllow, clock });
  const plugins = createPluginHost({
    shippedDir: shippedPlugins,
    pluginsDir: config.pluginsDir,
    store: stores.providers,
    vault,
    clock,
    log,
    metrics,
    egress,
    defaultProvider: { plugin: config.notificationProvider, config: defaultProviderConfig(config) },
    callLimitMs: limits.pushTimeoutMs,
    bus,
  });
  base.faults?.askFirst((error) => plugins.takeFault(error));
  await plugins.start();
  const hooks = composeHooks({ engine, config, vault, log, metrics });
  const installed = install({ engine, config, vault, plugins, log, egress, hooks: hooks.managed });
  const { managedPages, keyFile } = await installed.catch(async (error: unknown) => {
    await hooks.mapper.close();
    throw error;
  });

  const apps = createApps({ store: stores.tenancy, bus, clock });
  const apiKeys = createApiKeys({ store: stores.tenancy, bus, clock });
  const signOut = createSignOut({ users: stores.users, bus, clock });
  const fetchJwks = createFetchJwks(egress);
  const tokens = new Tokens({
    apps,
    vault,
    users: stores.users,
    clock,
    fetchJwks,
    signOut,
    maxBytes: limits.tokenBytes,
  });
  const verify = keepProfiles({ verify: (app, token) => tokens.verify(app, token), users: stores.users, log });
  const pages = new Pages({
    ...{ store: stores.pages, bus, clock },
    isConnected: (app) => registry.ofApp(app) !== undefined,
  });
  for (const [app, patterns] of managedPages) pages.manage(app, patterns);

  const surroundings = { clock, log, metrics };
  const registry = new Registry();
  const sessions = new Sessions({ registry, presence, bus, users: stores.users, surroundings });
  const stats = createLiveStats({ registry, presence, clock, log });
  const messaging = createMessaging({
    engine,
    config,
    secret,
    logger: log,
    metrics,
    registry,
    sessions,
    apps,
    plugins,
    stats,
  });
  const { uploads, tidying } = composeUploads({ engine, config, apps, secret, mayRead: messaging.mayRead, log });
  const cursors = new PageCursors(secret);
  const positionSchema = z.object({ activeAt: z.number(), id: z.string() });
  const router = composeCommands({
    engine,
    config,
    node,
    messaging,
    sessions,
    registry,
    pages,
    verify,
    cursors: {
      write: ({ app, userId }, position) => cursors.seal({ app, list: `conversations ${userId}` }, position),
      read: ({ app, userId }, cursor) => cursors.open({ app, list: `conversations ${userId}` }, cursor, positionSchema),
    },
    stats,
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
  const gateway = new Gateway({
    apps,
    router,
    sessions,
    countConnections: (app) => registry.ofApp(app)?.size ?? 0,
    limits,
    heartbeatIntervalMs: config.webSocket.heartbeatIntervalMs,
    addressOf,
    surroundings,
  });
  const inboundHooks = hooks.serve({ apps, messaging });
  const services = httpServices({
    hooks: inboundHooks.service,
    config,
    messaging,
    sessions,
    presence,
    signOut,
    tokens,
    pages,
    plugins,
    apps,
    uploads,
  });
  const playground = servePlayground({ ...services, apps });
  const http = createHttp({
    others: [inboundHooks.intake, serveSdk(builtSdk), ...(playground?.middleware ?? [])],
    pages: playground === undefined ? {} : { playground: playground.path },
    services,
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
    publicUrl: config.publicUrl,
    limits,
  });
  const server = createHttpServer(
    { ...httpServerOptions(limits), shouldUpgradeCallback: isWebSocketUpgrade },
    http.callback(),
  );
  gateway.attach(server);
  const retention = createRetention({ stores, apps, clock, log });
  metrics.onCollect(async () => {
    metrics.set('sockets', [], gateway.size);
    metrics.set('tcp_connections', [], await countConnections(server));
    for (const [state, count] of Object.entries(await engine.queue.counts('push'))) {
      metrics.set('queue_jobs', ['push', state], count);
    }
  });

  const playgroundPage = (await playground?.isThere()) === true ? playground?.path : undefined;

  let stopping: Promise<void> | undefined;
  return {
    node,
    playground: playgroundPage,
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
      tidying.start();
      await messaging.start();
      await listenOn(server, config);
      health.setStarted();
    },
    stop: () => (stopping ??= stop()),
  };

  async function stop(): Promise<void> {
    health.setDraining();
    await gateway.drain();
    await gateway.close();
    log.info('drain', { phase: 'finish' });
    await closeHttp(server, clock);
    await hooks.mapper.close();
    stats.stop();
    await messaging.stop();
    await sessions.stop();
    await pages.stop();
    await retention.stop();
    await tidying.stop();
    await plugins.stop();
    await egress.close();
    await engine.close();
    metrics.close();
    log.info('drain', { phase: 'done' });
  }
}

/** The configuration that goes with NOTIFICATION_PROVIDER: where credentials are a file, its path. */
function defaultProviderConfig({ firebaseCredentialsPath }: Config): Record<string, unknown> {
  return firebaseCredentialsPath === undefined ? {} : { credentialsPath: firebaseCredentialsPath };
}

/** What was asked for is answered, and each answer is the last of its connection: a caller that asks again and again would keep the server for ever. */
async function closeHttp(server: HttpServer, clock: Clock): Promise<void> {
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  let timer: Timer | undefined;
  // Again and again, since a request that is under way leaves its connection idle when it is answered.
  const closeIdle = (): void => {
    server.closeIdleConnections();
    timer = clock.after(closeIdleEveryMs, closeIdle);
  };
  closeIdle();
  await closed;
  timer?.cancel();
}

const closeIdleEveryMs = 100;

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

function countConnections(server: HttpServer): Promise<number> {
  return new Promise((resolve) => {
    server.getConnections((error, count) => resolve(error === null ? count : 0));
  });
}

function isPort(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Whoever presents a token waits for it. */
const jwksLimitMs = 5000;

/** Keys of an app's own issuer; the URL comes from the app's settings, never from a token. */
function createFetchJwks(egress: Pick<Egress, 'fetch'>): (url: string) => Promise<unknown> {
  return async (url) => {
    const response = await egress.fetch(url, { headers: { accept: 'application/json' }, limitMs: jwksLimitMs });
    if (!response.ok) throw new Error(`the key set was answered with ${response.status}`);
    return await response.json();
  };
}
