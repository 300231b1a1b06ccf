// The parts of a node of any role: the installation as configured, plugins, apps, messaging over the stores.
// Edges, and work in rounds, come on top.

import { randomUUID } from 'node:crypto';
import { KindCounts } from '../broadcasting/kind-counts.ts';
import type { Config } from '../config/config.ts';
import { version } from '../config/version.ts';
import { NodeLine } from '../concurrency/node-line.ts';
import type { Egress } from '../egress/egress.ts';
import { JourneyWatches } from '../journey/watches.ts';
import { ConversationWatches } from '../conversations/watches.ts';
import type { PluginHost } from '../plugins/plugin-host.ts';
import { createManagedWebhooks } from '../outbound/managed-webhooks.ts';
import type { Outbound } from '../outbound/outbound.ts';
import type { ReceiptLinks } from '../plugins/receipt-links.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Facts } from '../ports/facts.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { PresenceNode } from '../ports/presence.ts';
import { recordLost } from '../sessions/lost-connections.ts';
import { createLiveStats, type LiveStats } from '../sessions/live-stats.ts';
import { Refusals } from '../sessions/refusals.ts';
import { RefusedClients } from '../sessions/refused-clients.ts';
import { Registry } from '../sessions/registry.ts';
import { Sessions } from '../sessions/sessions.ts';
import { AppFigures } from '../sessions/views/app-figures.ts';
import { FigureKeeping } from '../sessions/views/figure-keeping.ts';
import { FiguresOfNodes } from '../sessions/views/figures-of-nodes.ts';
import { NodesOfApp } from '../sessions/views/nodes-of-app.ts';
import { LiveViews } from '../sessions/views/live-views.ts';
import { countDeliveries } from '../telemetry/count-deliveries.ts';
import { InProcessFacts } from '../telemetry/facts.ts';
import type { Health } from '../telemetry/health.ts';
import { AppErasure } from '../maintenance/app-erasure.ts';
import { createApps, type Apps } from '../tenancy/apps.ts';
import type { Vault } from '../tenancy/vault.ts';
import type { Engine } from './engine.ts';
import type { FirstKeyFile } from './first-key.ts';
import { consolePublisher } from './console-publisher.ts';
import { composeHooks, type HookParts } from './hooks.ts';
import { install, openVault } from './installation.ts';
import { composeOutbound } from './outbound.ts';
import { composeJourney, type Journeys } from './journey.ts';
import { composeMessaging, type MessagingServices } from './messaging.ts';
import { composePlugins } from './plugins.ts';
import { oneNodeAtATime } from './start-lease.ts';

/** Errors that nobody caught, in the hands of the code that runs the process. */
export interface Faults {
  /** `ask`: whether an error is a plugin's, which is then recorded, and the server goes on. */
  askFirst(ask: (error: unknown) => boolean): void;
}

export interface CoreDeps {
  node: string;
  engine: Engine;
  config: Config;
  surroundings: Surroundings;
  health: Pick<Health, 'ready'>;
  faults: Faults | undefined;
}

export interface Core {
  /** The installation's: whatever a node signs or seals is under a key made from it. */
  secret: string;
  vault: Vault;
  egress: Egress;
  plugins: PluginHost;
  /** Where the services of providers report to. */
  receiptLinks: ReceiptLinks;
  hooks: HookParts;
  outbound: Outbound;
  apps: Apps;
  appErasure: AppErasure;
  /** Clients that this node refused. */
  refusals: Refusals;
  refusedClients: RefusedClients;
  /** This node's connections; a worker has none. */
  registry: Registry;
  sessions: Sessions;
  /** The way to the other nodes, for questions. */
  line: NodeLine;
  /** What people of the console look at, on this node. */
  views: LiveViews;
  stats: LiveStats;
  figures: AppFigures;
  figuresOfNodes: FiguresOfNodes;
  nodes: NodesOfApp;
  kindCounts: KindCounts;
  messaging: MessagingServices;
  facts: Facts;
  journey: Journeys;
  /** Journeys that people of the console look at, on whatever node. */
  journeyWatches: JourneyWatches;
  /** Conversations, and lists of them. */
  conversationWatches: ConversationWatches;
  /** Patterns of pages, by app, that the provision file manages. */
  managedPages: ReadonlyMap<AppId, readonly string[]>;
  /** The file that the first start made for its API key, as long as it is there. */
  keyFile: FirstKeyFile | undefined;
}

/** Throws StartProblem for what the operator has to mend. */
export async function composeCore({ node, engine, config, surroundings, health, faults }: CoreDeps): Promise<Core> {
  const { stores, bus, presence } = engine;
  const { clock, log } = surroundings;
  const { vault, secret } = await openVault(engine, config, log);
  const facts = new InProcessFacts({ surroundings });
  countDeliveries(facts, surroundings.metrics);
  const journey = composeJourney({ stores, facts, surroundings });
  const { egress, plugins, receiptLinks } = composePlugins({ engine, config, vault, secret, surroundings, facts });
  faults?.askFirst((error) => plugins.takeFault(error));
  await plugins.start();
  const hooks = composeHooks({ engine, config, vault, surroundings, facts });
  const webhooks = createManagedWebhooks({ store: stores.webhooks, vault, clock });
  const installed = oneNodeAtATime('start', engine, () =>
    install({ engine, config, vault, plugins, log, egress, hooks: hooks.managed, webhooks }),
  );
  const { managedPages, managedKinds, keyFile } = await installed.catch(async (error: unknown) => {
    await hooks.mapper.close();
    throw error;
  });

  const apps = createApps({ store: stores.tenancy, bus, clock });
  const appErasure = appErasureOf({ engine, apps, surroundings });
  const outbound = composeOutbound({
    ...{ engine, config, vault, egress, mapper: hooks.mapper, apps, facts, surroundings },
  });
  const registry = new Registry();
  const line = new NodeLine({ bus, surroundings, node, isAlone: config.cluster === undefined });
  const views = new LiveViews({ registry, facts, surroundings, line });
  const { watchesPerConnection: watchesPerSession, membersOfTopic } = config.limits;
  const sessions = new Sessions({
    registry,
    node,
    presence,
    bus,
    users: stores.users,
    conversations: stores.conversations,
    surroundings,
    facts,
    watchesPerSession,
    membersOfTopic,
    isAlone: config.cluster === undefined,
    views,
  });
  await presence.connect(presenceNode({ registry, sessions, facts, surroundings }));
  const keeping = new FigureKeeping({ store: stores.figures, source: randomUUID(), surroundings });
  const figures = new AppFigures({ registry, presence, facts, keeping, surroundings });
  const figuresOfNodes = new FiguresOfNodes({ figures, line });
  const itself = () => ({ role: config.role, version, state: health.ready().body.status });
  const nodes = new NodesOfApp({ registry, line, itself });
  const totals = line.isAlone ? undefined : (app: AppId) => figuresOfNodes.totals(app);
  const stats = createLiveStats({ registry, presence, clock, log, totals });
  const counting: Pick<LiveStats, 'delivered'> = {
    delivered(app, event) {
      stats.delivered(app, event);
      figures.delivered(app, event);
    },
  };
  const messaging = composeMessaging({
    ...{ engine, config, secret, registry, sessions, apps, plugins, stats: counting, surroundings, facts, line },
    askBefore: outbound.before.ask,
    keepStored: (app, factOf) => outbound.intake.keepStored(app, factOf),
  });
  sessions.onSeenAgain(() => messaging.delivery.lostHints.suspect());
  const publish = consolePublisher(messaging.delivery.fanOut, clock);
  const journeyWatches = new JourneyWatches({ facts, recorder: journey, bus, clock, publish });
  const conversationWatches = new ConversationWatches({ facts, bus, clock, publish });
  const kindCounts = new KindCounts({ usage: stores.usage, kinds: messaging.kinds, facts, surroundings });
  for (const [app, kinds] of managedKinds) messaging.kinds.manage(app, kinds);
  const refusals = new Refusals({ clock });
  return {
    ...{ refusals, refusedClients: new RefusedClients(surroundings, refusals) },
    ...{ secret, vault, egress, plugins, receiptLinks, hooks, outbound, apps, registry, sessions, line, views, stats },
    ...{ figures, figuresOfNodes, nodes, messaging, facts, journey, journeyWatches, conversationWatches, kindCounts },
    ...{ managedPages, keyFile, appErasure },
  };
}

function appErasureOf(deps: { engine: Engine; apps: Apps; surroundings: Surroundings }): AppErasure {
  const { engine, apps, surroundings } = deps;
  const { stores, blobs, appData: data } = engine;
  return new AppErasure({ data, blobs, uploads: stores.uploads, tenancy: stores.tenancy, apps, surroundings });
}

function presenceNode(
  parts: Pick<Core, 'registry' | 'sessions' | 'facts'> & Pick<CoreDeps, 'surroundings'>,
): PresenceNode {
  const { registry, sessions } = parts;
  return {
    own: () => registry.records(),
    nodeGone: () => sessions.nodeGone(),
    seenAgain: () => sessions.seenAgain(),
    lost: recordLost(parts),
  };
}
