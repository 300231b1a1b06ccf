// Two nodes with all that makes a broadcast arrive, as it ships, over drivers in memory and a clock to turn;
// connections and providers are stand-ins. No edges.

import { defineMessageType } from '@belfry/plugin-kit';
import * as z from 'zod';
import { composeJourney, type Journeys } from '../../src/compose/journey.ts';
import { composeMessaging, type MessagingServices, type MessagingServicesDeps } from '../../src/compose/messaging.ts';
import { defaultLimits } from '../../src/config/limits.ts';
import { TestBusHub } from '../support/test-bus.ts';
import { MemoryPresenceHub } from '../../src/drivers/presence/memory/memory-presence-hub.ts';
import { createMemoryQueue } from '../../src/drivers/queue/memory/create-memory-queue.ts';
import { MemoryJobs } from '../../src/drivers/queue/memory/memory-jobs.ts';
import { MemoryRates } from '../../src/drivers/rates/memory/memory-rates.ts';
import { createMemoryStores } from '../../src/drivers/stores/memory/create-memory-stores.ts';
import type { PushSettings } from '../../src/notifications/push-settings.ts';
import type { ProviderHandle } from '../../src/plugins/provider-handle.ts';
import type { AppId } from '../../src/ports/app-id.ts';
import { Elsewhere } from '../../src/sessions/elsewhere.ts';
import { NodeLine } from '../../src/concurrency/node-line.ts';
import { Registry } from '../../src/sessions/registry.ts';
import { RecordedLog, RecordedMetrics } from '../../src/sessions/test/sessions.fixture.ts';
import { InProcessFacts } from '../../src/telemetry/facts.ts';
import { newApp } from '../support/samples.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';

export type MessagingEngine = MessagingServicesDeps['engine'];

export interface Posted {
  app: string;
  provider: string;
  userId: string;
  deviceId: string;
  /** Since the clock began, ms. */
  atMs: number;
}

export interface Node {
  name: string;
  messaging: MessagingServices;
  journeys: Journeys;
  registry: Registry;
  engine: MessagingEngine;
  logger: RecordedLog;
}

export interface World {
  clock: VirtualClock;
  nodes: readonly [Node, Node];
  /** An app that nothing was done in, heard of by both nodes. */
  openApp(settings: PushSettings): Promise<AppId>;
  closeApp(app: AppId): Promise<void>;
  /** All that the providers of an app were sent. */
  posted(app: AppId): readonly Posted[];
  stop(): Promise<void>;
}

/** Changes what a node's parts are made of, to plant something wrong. */
export type Plant = (engine: MessagingEngine, node: string) => MessagingEngine;

/** Enough for one event, so that a client that has not read a second one is slow. */
export const behindBytes = 400;
/** Providers of every app, by id, and what is in the way of a push by them; nothing else is served. */
const providerStates = { hook: 'on', paused: 'paused', spent: 'on', off: 'off' } as const;

const text = defineMessageType({
  id: 'text',
  version: 1,
  schema: z.object({ text: z.string().min(1) }),
  limits: { bytes: 1000 },
  preview: ({ text: body }) => ({ body }),
});

/**
 * One serves many cases, each in an app of its own: a node's caches alone take longer to make than a case to
 * play.
 */
export async function startWorld(plant: Plant = (engine) => engine): Promise<World> {
  const clock = createVirtualClock();
  const stores = createMemoryStores();
  const busHub = new TestBusHub({ clock });
  const presenceHub = new MemoryPresenceHub();
  const jobs = new MemoryJobs();
  const rates = new MemoryRates(clock);
  const settingsOf = new Map<AppId, PushSettings>();
  const postedOf = new Map<string, Posted[]>();
  const providers = Object.entries(providerStates).map(([id, state]): ProviderHandle => ({
    ...{ id, plugin: 'stand-in', channel: 'push', state, limits: {}, supports: {} },
    targetsAreSecret: false,
    parseTarget: () => ({ ok: true, value: {} }),
    ...(id === 'spent' ? { quota: { perDay: 0 } } : {}),
    send({ app, userId, device }) {
      postedOf.get(app)?.push({ app, provider: id, userId, deviceId: device.id, atMs: clock.monotonic() });
      return Promise.resolve({ outcome: 'accepted' });
    },
  }));

  async function startNode(name: string, role: 'all' | 'gateway'): Promise<Node> {
    const logger = new RecordedLog();
    const queue = createMemoryQueue({ clock, kept: jobs });
    const engine = plant(
      { stores, queue, rates, bus: busHub.connect(name), presence: presenceHub.connect(name) },
      name,
    );
    const registry = new Registry();
    // No session news come here, so that it asks presence every time.
    const elsewhere = new Elsewhere({ presence: engine.presence, clock, heardSince: () => undefined });
    const surroundings = { clock, log: logger, metrics: new RecordedMetrics() };
    const facts = new InProcessFacts({ surroundings });
    const journeys = composeJourney({ stores: engine.stores, facts, surroundings });
    const messaging = composeMessaging({
      ...{ engine, registry, secret: 'a secret of the installation' },
      line: new NodeLine({ bus: engine.bus, surroundings, node: name, isAlone: true }),
      ...{ surroundings, facts },
      config: { role, limits: { ...defaultLimits(), sendBehindBytes: behindBytes } },
      sessions: { info: () => Promise.resolve([]), elsewhere },
      apps: {
        find: async () => undefined,
        get: (app) => Promise.resolve({ settings: settingsOf.get(app) ?? { waitMs: 0, deliveredMeans: 'visible' } }),
      },
      plugins: {
        messageType: (id) => (id === 'text' ? text : undefined),
        provider: () => Promise.resolve(undefined),
        providers: () => Promise.resolve(providers),
        pause: () => Promise.resolve(),
      },
    });
    await messaging.start();
    return { name, messaging, journeys, registry, engine, logger };
  }

  const nodes = [await startNode('a', 'all'), await startNode('b', 'gateway')] as const;
  return {
    ...{ clock, nodes },
    async openApp(settings) {
      const app = newApp();
      settingsOf.set(app, settings);
      postedOf.set(app, []);
      for (const { engine } of nodes) await engine.bus.events.follow(app);
      return app;
    },
    async closeApp(app) {
      settingsOf.delete(app);
      for (const { engine } of nodes) await engine.bus.events.unfollow(app);
    },
    posted: (app) => postedOf.get(app) ?? [],
    async stop() {
      for (const { messaging, journeys } of nodes) {
        await messaging.stop();
        await journeys.stop();
      }
      for (const { engine } of nodes) await engine.queue.close();
    },
  };
}
