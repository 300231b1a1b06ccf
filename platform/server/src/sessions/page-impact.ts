// Counts what a change of page policies would do to the connections that are open now, on all nodes. Decides
// nothing; changing policies is pages'.

import { isVisitor } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { ConnectionRecord, Presence } from '../ports/presence.ts';
import type { PolicySet } from '../pages/policy-set.ts';
import { refusalOfPage } from './page-rights.ts';
import type { Registry } from './registry.ts';

export interface PageImpact {
  /** Connections that would have another policy, and their users; visitors are none. */
  connections: number;
  users: number;
  /** Of these, the ones that would be closed. */
  closed: { connections: number; users: number };
  /** By feature, on how many connections it would be taken or given. Those that are closed lose nothing more. */
  features: { feature: string; taken: number; given: number }[];
}

export interface PageImpactDeps {
  registry: Pick<Registry, 'ofApp'>;
  presence: Pick<Presence, 'page'>;
}

/** The policies as they are, and as they would be. */
export type PageSets = Readonly<Record<'before' | 'after', Pick<PolicySet, 'resolve'>>>;

interface Connected {
  path: string;
  userId: string;
  visitor: boolean;
  /** Undefined: not known here, as of a connection of another node; nobody is then refused for them. */
  roles: readonly string[] | undefined;
}

const pageSize = 1000;

export async function pageImpact(deps: PageImpactDeps, app: AppId, sets: PageSets): Promise<PageImpact> {
  const count = new Count(sets);
  for (const { page, userId, visitor, profile } of deps.registry.ofApp(app) ?? []) {
    count.add({ path: page.path, userId, visitor, roles: profile.roles ?? [] });
  }
  let after: string | undefined;
  for (;;) {
    const records: readonly ConnectionRecord[] = await deps.presence.page(app, {
      ...{ after, limit: pageSize, elsewhere: true },
    });
    for (const { page: path, userId } of records) {
      count.add({ path, userId, visitor: isVisitor(userId), roles: undefined });
    }
    after = records.at(-1)?.connectionId;
    if (records.length < pageSize) return count.result();
  }
}

class Count {
  readonly #sets: PageSets;
  readonly #users = new Set<string>();
  readonly #closedUsers = new Set<string>();
  readonly #features = new Map<string, { taken: number; given: number }>();
  #connections = 0;
  #closed = 0;

  constructor(sets: PageSets) {
    this.#sets = sets;
  }

  add({ path, userId, visitor, roles }: Connected): void {
    const [before, after] = [this.#sets.before.resolve(path), this.#sets.after.resolve(path)];
    if (before.policy.pattern === after.policy.pattern && before.policy.version === after.policy.version) return;
    this.#connections += 1;
    if (!visitor) this.#users.add(userId);
    const { requireRoles: _, ...others } = after.policy;
    if (refusalOfPage(roles === undefined ? others : after.policy, { visitor, roles }) !== undefined) {
      this.#closed += 1;
      if (!visitor) this.#closedUsers.add(userId);
      return;
    }
    for (const feature of before.features) if (!after.features.has(feature)) this.#of(feature).taken += 1;
    for (const feature of after.features) if (!before.features.has(feature)) this.#of(feature).given += 1;
  }

  result(): PageImpact {
    return {
      ...{ connections: this.#connections, users: this.#users.size },
      closed: { connections: this.#closed, users: this.#closedUsers.size },
      features: [...this.#features].map(([feature, counts]) => ({ feature, ...counts })),
    };
  }

  #of(feature: string): { taken: number; given: number } {
    const known = this.#features.get(feature) ?? { taken: 0, given: 0 };
    this.#features.set(feature, known);
    return known;
  }
}
