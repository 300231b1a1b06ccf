// The composition root: from a configuration to a node that can listen and drain. Which parts a node of its
// role has; no behaviour of its own.

import type { Config, TracingConfig } from '../config/config.ts';
import { version } from '../config/version.ts';
import { isWebSocketUpgrade } from '../gateway/upgrade.ts';
import { createHttp } from '../http/http.ts';
import { createHealthRoutes, createMetricsRoute } from '../http/operations.ts';
import { httpServerOptions } from '../http/server-options.ts';
import type { Log } from '../ports/log.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { createHealth, type Health } from '../telemetry/health.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { composeCore, type Core, type Faults } from './core.ts';
import { composeEdges, type Edges } from './edges.ts';
import type { Engine } from './engine.ts';
import { createInternalPort } from './internal-port.ts';
import { exposeNode, exposeProcess } from './node-metrics.ts';
import { newNodeName } from './node-name.ts';
import { openEngine } from './open-engine.ts';
import type { FirstKeyFile } from './first-key.ts';
import { Listener } from './listener.ts';
import { composeMaintenance, type Maintenance } from './maintenance.ts';
import type { OpenedTracing } from './open-tracing.ts';
import { composePlayground } from './playground.ts';

export interface Server {
  readonly node: string;
  readonly dataDir: string;
  /** Where it listens, once `listen` has resolved; PUBLIC_URL where that is set. */
  readonly url: string;
  /** Where it listens itself: with the port that `PORT=0` took, also where PUBLIC_URL is set. */
  readonly address: string;
  /** The same of INTERNAL_PORT; undefined where it is not set. */
  readonly internalAddress: string | undefined;
  /** Path of the playground with its secret; undefined where there is none. */
  readonly playground: string | undefined;
  /**
   * The file with the API key of the app that the first start made, as long as it is there. Not where a
   * provision file says what there is.
   */
  readonly firstKey: FirstKeyFile | undefined;
  /** Path of the console; undefined where there is none. */
  readonly consolePath: string | undefined;
  /** The code of the console's setup, as long as there is no administrator. */
  setupCode(): Promise<string | undefined>;
  listen(): Promise<void>;
  /**
   * Drains (docs/guarantees.md, G16): not ready, clients sent away, what is under way finished, everything
   * closed. Idempotent.
   */
  stop(): Promise<void>;
  /** The part that a stop waits for now, by the name that the log knows; undefined before and after. */
  readonly ending: string | undefined;
}

/**
 * The base of a server, where it is not the engine that the configuration names: several nodes in one
 * process, a clock or a disk that fails.
 */
export interface Foundation {
  /** This process, as the others know it. */
  node?: string;
  openEngine?: typeof openEngine;
  /** Given the part to ask as soon as there are plugins, which is before any of them runs. */
  faults?: Faults;
}

/** Throws StartProblem for what the operator has to mend. */
export async function createServer(config: Config, log: Log, foundation: Foundation = {}): Promise<Server> {
  const { node = newNodeName(), openEngine: open = openEngine, faults } = foundation;
  const metrics = createMetrics();
  const health = createHealth();
  exposeProcess({ metrics, health, role: config.role });
  const internal = createInternalPort({ config, log, metrics, health });
  let engine: Engine | undefined;
  try {
    await internal?.listen();
    engine = await open(config, { node, log, metrics });
    return await composeNode({ config, log, node, metrics, health, internal, engine, faults });
  } catch (error) {
    await internal?.close();
    metrics.close();
    await engine?.close();
    throw engine === undefined ? error : engine.explain(error);
  }
}

interface NodeBase {
  config: Config;
  log: Log;
  node: string;
  metrics: ReturnType<typeof createMetrics>;
  health: Health;
  /** It listens already. */
  internal: Listener | undefined;
  engine: Engine;
  faults: Faults | undefined;
}

/**
 * By its role: a gateway has both edges and works no queue; a worker works the queues and what runs in
 * rounds, and answers for its health and metrics alone; `all` is both.
 */
async function composeNode(base: NodeBase): Promise<Server> {
  const { config, log, node, metrics, health, internal, engine, faults } = base;
  const { role, limits } = config;
  const { clock } = engine;
  const playground = composePlayground(config, { log, clock });
  const plain = { clock, log: playground.log, metrics };
  const traces = config.tracing === undefined ? undefined : await openTraces(config.tracing, node, plain);
  const surroundings = traces === undefined ? plain : { ...plain, log: traces.log, tracing: traces.tracing };
  const core = await composeCore({ node, engine, config, surroundings, health, faults });
  const edges = role === 'worker' ? undefined : composeEdges({ engine, config, node, surroundings, core, playground });
  const maintenance = role === 'gateway' ? undefined : composeMaintenance({ engine, config, surroundings, core });
  const healthRoutes = createHealthRoutes({ health, version });
  const metricsRoute = createMetricsRoute({ metrics, metricsToken: config.metricsToken });
  const http = { surroundings, publicUrl: config.publicUrl, limits };
  const operations = internal === undefined ? [healthRoutes, metricsRoute] : [healthRoutes];
  const answer = createHttp({ ...http, parts: [...operations, ...(edges?.httpParts ?? [])] });
  // Without edges nobody takes an upgrade: it is answered like any other request.
  const bounds = httpServerOptions({ ...limits, keepAliveMs: config.httpKeepAliveMs });
  const noUpgrades = { ...bounds, shouldUpgradeCallback: () => false };
  const server = edges === undefined ? noUpgrades : { ...bounds, shouldUpgradeCallback: isWebSocketUpgrade };
  const listener = new Listener({ config, clock, server, answer });
  edges?.gateway.attach(listener.server);
  exposeNode({ metrics, engine, sockets: () => edges?.gateway.size ?? 0, listener });
  checkParts(health, engine);
  const parts = { engine, surroundings, metrics, core, edges, maintenance, health, listener, internal, traces };
  const consolePath = edges !== undefined && config.console.isOn ? '/console/' : undefined;
  return new Node({ node, role, dataDir: config.dataDir, playground: edges?.playgroundAddress, consolePath, ...parts });
}

/** Loaded only here, since most servers have none. */
async function openTraces(config: TracingConfig, node: string, surroundings: Surroundings): Promise<OpenedTracing> {
  const { openTracing } = await import('./open-tracing.ts');
  return openTracing(config, { node, surroundings });
}

function checkParts(health: Health, { stores, bus, queue, presence }: Engine): void {
  health.check('store', () => stores.state());
  health.check('bus', () => bus.state());
  health.check('queue', () => queue.state());
  health.check('presence', () => presence.state());
}

interface NodeParts extends Pick<Server, 'node' | 'dataDir' | 'playground' | 'consolePath'> {
  role: Config['role'];
  engine: Engine;
  surroundings: Surroundings;
  metrics: NodeBase['metrics'];
  core: Core;
  edges: Edges | undefined;
  maintenance: Maintenance | undefined;
  health: Health;
  listener: Listener;
  /** Of health and metrics alone; undefined where they are at the other. */
  internal: Listener | undefined;
  /** Undefined where they are off. */
  traces: OpenedTracing | undefined;
}

class Node implements Server {
  readonly node: string;
  readonly dataDir: string;
  readonly playground: string | undefined;
  readonly consolePath: string | undefined;
  readonly #parts: NodeParts;
  #stopping: Promise<void> | undefined;
  ending: string | undefined;

  constructor(parts: NodeParts) {
    this.node = parts.node;
    this.dataDir = parts.dataDir;
    this.playground = parts.playground;
    this.consolePath = parts.consolePath;
    this.#parts = parts;
  }

  get url(): string {
    return this.#parts.listener.url;
  }

  get address(): string {
    return this.#parts.listener.address;
  }

  get internalAddress(): string | undefined {
    return this.#parts.internal?.address;
  }

  get firstKey(): FirstKeyFile | undefined {
    return this.#parts.core.keyFile;
  }

  async setupCode(): Promise<string | undefined> {
    return this.#parts.edges?.setupCode();
  }

  async listen(): Promise<void> {
    const { engine, edges, maintenance, core, listener, internal, health } = this.#parts;
    try {
      edges?.start();
      await maintenance?.start();
      await core.outbound.start({ work: this.#parts.role !== 'gateway' });
      await core.messaging.start();
      core.figures.start();
      await core.line.start();
      await listener.listen();
    } catch (error) {
      await internal?.close();
      throw engine.explain(error);
    }
    health.setStarted();
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<void> {
    const { engine, surroundings, metrics, core, edges, maintenance, health, listener, internal, traces } = this.#parts;
    const { log } = surroundings;
    health.setDraining();
    this.ending = 'connections';
    await edges?.gateway.drain();
    await edges?.gateway.close();
    log.info('drain', { phase: 'finish' });
    // What one part cannot bring to its end keeps no other from it.
    const parts: Readonly<Record<string, () => unknown>> = {
      listener: () => listener.close(),
      stats: () => core.stats.stop(),
      messaging: () => core.messaging.stop(),
      views: () => core.views.stop(),
      line: () => core.line.stop(),
      appErasure: () => core.appErasure.stop(),
      edges: () => edges?.stop(),
      figures: () => core.figures.stop(),
      maintenance: () => maintenance?.stop(),
      outbound: () => core.outbound.stop(),
      hooks: () => core.hooks.mapper.close(),
      plugins: () => core.plugins.stop(),
      journeyWatches: () => core.journeyWatches.stop(),
      conversationWatches: () => core.conversationWatches.stop(),
      journey: () => core.journey.stop(),
      kindCounts: () => core.kindCounts.stop(),
      facts: () => core.facts.stop(),
      egress: () => core.egress.close(),
      traces: () => traces?.stop(),
      internalPort: () => internal?.close(),
      engine: () => engine.close(),
      metrics: () => metrics.close(),
    };
    const failures: unknown[] = [];
    for (const [part, stop] of Object.entries(parts)) {
      this.ending = part;
      try {
        await stop();
      } catch (error) {
        failures.push(error);
      }
    }
    this.ending = undefined;
    if (failures.length > 0) throw new AggregateError(failures, 'not all parts could end as they should');
    log.info('drain', { phase: 'done' });
  }
}
