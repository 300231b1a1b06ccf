// Puts together the parts of the console: accounts, sessions, members, audit, and the door to them.

import { Accounts } from '../accounts/accounts.ts';
import { Attempts } from '../accounts/attempts.ts';
import { Audit } from '../accounts/audit.ts';
import { ChangeNewsPublisher } from '../accounts/change-news.ts';
import { ConsoleSessions } from '../accounts/console-sessions.ts';
import { Links } from '../accounts/links.ts';
import { Members } from '../accounts/members.ts';
import { Passwords } from '../accounts/passwords.ts';
import { SecondFactors } from '../accounts/second-factor.ts';
import { SetupCode } from '../accounts/setup-code.ts';
import { Setup } from '../accounts/setup.ts';
import { SignIn, type Knocking } from '../accounts/sign-in.ts';
import { ConsoleTopics } from '../accounts/topics.ts';
import type { Config } from '../config/config.ts';
import { version } from '../config/version.ts';
import { networkOf } from '../http/client-address.ts';
import type { Middleware } from '../http/context.ts';
import { createAdminDoor, type AdminDoorDeps } from '../http/doors/admin/admin-door.ts';
import type { ShownPushes } from '../http/doors/playground/shown-pushes.ts';
import type { PageCursors } from '../http/page-cursor.ts';
import { Features } from '../pages/features.ts';
import type { Pages } from '../pages/pages.ts';
import { consoleApp, consoleUserId, type AppId } from '../ports/app-id.ts';
import { pageImpact, type PageSets } from '../sessions/page-impact.ts';
import { RefusalsOfNodes } from '../sessions/refusals-of-nodes.ts';
import type { Rollouts } from '../sessions/rollouts.ts';
import { AppMaker } from '../tenancy/make-app.ts';
import type { Log } from '../ports/log.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { AccountRecord, UploadSettings } from '../ports/stores/index.ts';
import type { Apps } from '../tenancy/apps.ts';
import { rulesOf } from '../uploads/rules.ts';
import { consolePublisher } from './console-publisher.ts';
import type { Core } from './core.ts';
import type { Engine } from './engine.ts';
import type { Identity } from './identity.ts';
import { composeSeeing } from './seeing.ts';
import { composeSending } from './sending.ts';

/** Which topics of the console's app an account may hear; asked on the other edge. */
export function composeConsoleTopics({
  engine,
  apps,
  views,
}: {
  engine: Engine;
  apps: Pick<Apps, 'find'>;
  views: Core['views'];
}): ConsoleTopics {
  const { stores, clock } = engine;
  const members = new Members({ store: stores.teams, clock });
  return new ConsoleTopics({ accounts: stores.accounts, members, findApp: (key) => apps.find(key), views });
}

interface ConsoleDeps {
  engine: Engine;
  config: Config;
  surroundings: Surroundings;
  core: Pick<
    Core,
    | ('secret' | 'vault' | 'apps' | 'facts' | 'messaging' | 'plugins' | 'registry')
    | ('egress' | 'refusals' | 'sessions' | 'line' | 'views' | 'journey' | 'journeyWatches' | 'figuresOfNodes')
    | ('kindCounts' | 'outbound' | 'appErasure' | 'conversationWatches' | 'nodes')
  >;
  identity: Identity;
  pages: Pages;
  rollouts: Rollouts;
  cursors: PageCursors;
  pushes: ShownPushes;
  /** Path of the playground with its secret. */
  playgroundAddress: string | undefined;
}

export interface ConsoleParts {
  door: Middleware;
  /** The code of the setup, as long as there is no administrator. */
  setupCode: () => Promise<string | undefined>;
}

/** `door`: what all doors are made with. */
export function composeConsole(
  deps: ConsoleDeps,
  door: Omit<AdminDoorDeps, 'services' | 'sessions' | 'trustsProxy'>,
): ConsoleParts {
  const { engine, config, surroundings, core, identity, cursors } = deps;
  const { stores, rates } = engine;
  const { clock, metrics, log } = surroundings;
  const { secret, vault, apps } = core;
  const accounts = new Accounts({ store: stores.accounts, clock });
  const members = new Members({ store: stores.teams, clock });
  const news = new ChangeNewsPublisher({
    facts: core.facts,
    tenantOf: async (app) => (app === consoleApp ? undefined : (await apps.find(app))?.tenantId),
    publish: consolePublisher(core.messaging.delivery.fanOut, clock),
  });
  const audit = new Audit({ store: stores.audit, clock, onRecorded: (entry) => news.recorded(entry) });
  const passwords = new Passwords({ metrics });
  const factors = new SecondFactors({ accounts, vault, clock });
  const { sessionIdleMs: idleMs, sessionMaxMs: maxMs } = config.console;
  const sessions = new ConsoleSessions({
    ...{ secret, store: stores.consoleSessions, accounts: stores.accounts, clock, idleMs, maxMs },
  });
  const signOut = (account: string) => identity.signOut.signOut(consoleApp, consoleUserId(account));
  sessions.onEnded((account) => void signOut(account).catch(() => undefined));
  const signIn = new SignIn({
    ...{ secret, accounts, sessions, passwords, factors, attempts: new Attempts(clock), rates, clock },
    isInNetwork: (address, network) => networkOf(address) === network,
    onFailed: (account, failures, from) => recordFailure({ account, failures, from }, { members, audit, log }),
  });
  const code = new SetupCode();
  const { tenancy, installation } = stores;
  const setup = new Setup({ accounts, members, tenancy, installation, passwords, rates, clock, code });
  const { connectionsPerApp: connections, requestsPerMinute } = config.limits;
  const appLimits = { connections, requestsPerMinute };
  const services = {
    ...{ accounts, sessions, signIn, factors, passwords, members, audit, setup, apps, cursors, clock },
    links: new Links({ store: stores.accountLinks, clock }),
    auditStore: stores.audit,
    tenancy: stores.tenancy,
    appMaker: new AppMaker({
      ...{ apps, apiKeys: identity.apiKeys, pages: stores.pages, kinds: stores.kinds, vault, clock },
      limits: appLimits,
    }),
    ...{ pages: deps.pages, rollouts: deps.rollouts },
    features: new Features({
      messageTypes: () => core.plugins.messageTypes(),
      kindsOf: (app) => core.messaging.kinds.list(app),
    }),
    pageImpact: (app: AppId, sets: PageSets) =>
      pageImpact({ registry: core.registry, presence: engine.presence }, app, sets),
    ...{ tokens: identity.tokens, apiKeys: identity.apiKeys, keySets: identity.keySets },
    ...{ vault, egress: core.egress, presence: engine.presence },
    ...{ refusals: new RefusalsOfNodes({ refusals: core.refusals, line: core.line }), pageStore: stores.pages },
    ...{ webhooks: core.outbound.records, webhookEvents: core.outbound.kept },
    uploadUsage: (app: AppId) => stores.uploads.usage(app),
    ...{ signOut, pushes: deps.pushes, providers: core.plugins },
    providerBudgets: core.messaging.providerBudgets,
    ...composeSeeing({ engine, core, identity, surroundings }),
    appErasure: core.appErasure,
    ...composeSending({ engine, core, surroundings }),
    server: {
      version,
      engine: config.cluster === undefined ? ('embedded' as const) : ('cluster' as const),
      publicUrl: config.publicUrl,
      playground: deps.playgroundAddress,
      appLimits,
      uploads: uploadDefaults(config),
    },
  };
  return {
    door: createAdminDoor({ ...door, services, sessions, trustsProxy: config.trustProxy !== undefined }),
    setupCode: async () => ((await setup.isNeeded()) ? code.text : undefined),
  };
}

/** As they hold for an app that has no settings of its own. */
function uploadDefaults({ limits }: Config): UploadSettings {
  const { unusedPerUser: _ofUsers, ...rules } = rulesOf({}, limits);
  return rules;
}

/** Entries for the first failure in a row and each tenth: guessing must not fill the audit. */
async function recordFailure(
  { account, failures, from }: { account: AccountRecord; failures: number; from: Knocking },
  { members, audit, log }: { members: Members; audit: Audit; log: Log },
): Promise<void> {
  if (failures !== 1 && failures % 10 !== 0) return;
  const tenants = (await members.teamsOf(account.id)).map(({ tenantId }) => tenantId);
  const actor = { type: 'nobody', id: '', name: '' } as const;
  const object = { type: 'account', id: account.id };
  await audit
    .record(
      { actor, via: 'console', address: from.origin.address, requestId: from.requestId },
      { action: 'session.refused', tenants, object, after: { failures } },
    )
    .catch((err: unknown) => log.warn('a refused sign-in was not recorded', { err }));
}
