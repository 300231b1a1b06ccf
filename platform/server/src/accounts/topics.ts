// Which topics of the console's app an account may hear: those about apps and tenants that it is a member of.
// Subscribing itself: commands/subscribe.ts.

import { accountOfUser } from '../ports/app-id.ts';
import type { AccountStore, AppRecord } from '../ports/stores/index.ts';
import type { Members } from './members.ts';

export interface ConsoleTopicsDeps {
  accounts: Pick<AccountStore, 'get'>;
  members: Pick<Members, 'find'>;
  findApp: (key: string) => Promise<AppRecord | undefined>;
  /** The app of a list that this account looks at. */
  views: { appFor: (id: string, account: string) => Promise<string | undefined> };
}

type MayHear = (deps: ConsoleTopicsDeps, account: string, about: string) => Promise<boolean>;

/** By the first part of the topic, what is behind its dot. A topic that is not named here is nobody's. */
const rules: ReadonlyMap<string, MayHear> = new Map<string, MayHear>([
  ['stats', mayHearApp],
  ['rollout', mayHearApp],
  ['changes', mayHearTenant],
  ['alerts', mayHearTenant],
  ['nodes', mayHearNodes],
  ['view', mayHearView],
  ['journey', mayHearOne],
  ['conversation', mayHearOne],
  ['conversations', mayHearApp],
]);

export class ConsoleTopics {
  readonly #deps: ConsoleTopicsDeps;

  constructor(deps: ConsoleTopicsDeps) {
    this.#deps = deps;
  }

  /** `userId`: of a user of the console's app. */
  async mayHear(userId: string, topic: string): Promise<boolean> {
    const account = accountOfUser(userId);
    const dot = topic.indexOf('.');
    const [kind, about] = dot < 0 ? [topic, ''] : [topic.slice(0, dot), topic.slice(dot + 1)];
    const rule = rules.get(kind);
    if (account === undefined || rule === undefined) return false;
    return rule(this.#deps, account, about);
  }
}

async function mayHearTenant({ members }: ConsoleTopicsDeps, account: string, tenant: string): Promise<boolean> {
  return (await members.find(tenant, account)) !== undefined;
}

/** Nobody hears what another looks at; and who left a tenant hears nothing more of it. */
async function mayHearView(deps: ConsoleTopicsDeps, account: string, id: string): Promise<boolean> {
  const app = await deps.views.appFor(id, account);
  return app !== undefined && (await mayHearApp(deps, account, app));
}

/** One thing of an app, which stands before the last dot. */
async function mayHearOne(deps: ConsoleTopicsDeps, account: string, about: string): Promise<boolean> {
  return mayHearApp(deps, account, about.slice(0, Math.max(0, about.lastIndexOf('.'))));
}

async function mayHearApp(deps: ConsoleTopicsDeps, account: string, key: string): Promise<boolean> {
  const app = await deps.findApp(key);
  return app !== undefined && (await mayHearTenant(deps, account, app.tenantId));
}

async function mayHearNodes({ accounts }: ConsoleTopicsDeps, account: string, about: string): Promise<boolean> {
  return about === '' && (await accounts.get(account))?.operator === true;
}
