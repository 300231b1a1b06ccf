// Reports to the consoles of a tenant that something of it was changed, so that they read it anew: what, by
// whom, and no values. Who may hear it: topics.ts; what exactly was changed: audit.ts.

import type { AppId } from '../ports/app-id.ts';
import type { Facts } from '../ports/facts.ts';
import type { AuditEntry } from '../ports/stores/index.ts';

/** As the data of `config_changed`. */
export interface ChangeNews {
  /** Of what it is: `app`, `page`, `member`, ... */
  type: string;
  app?: string | undefined;
  id: string;
  version?: number | undefined;
  by: string;
  /** ISO 8601, UTC, ms. */
  at: string;
}

export interface ChangeNewsDeps {
  facts: Pick<Facts, 'subscribe'>;
  /** Undefined: it is of no tenant. */
  tenantOf: (app: AppId) => Promise<string | undefined>;
  /** To the subscribers of a topic of the console's app, on all nodes. */
  publish: (topic: string, event: { action: string; data: Readonly<Record<string, unknown>> }) => void;
}

/** Objects whose changes show nowhere but at the person themselves. */
const ofOnePerson: ReadonlySet<string> = new Set(['account']);

export class ChangeNewsPublisher {
  readonly #deps: ChangeNewsDeps;

  constructor(deps: ChangeNewsDeps) {
    this.#deps = deps;
    // Pages are changed by API keys and files too: every change of one is a fact, and only some are audited.
    deps.facts.subscribe('console-changes', ['policy.changed'], async (app, facts) => {
      const tenant = await deps.tenantOf(app);
      if (tenant === undefined) return;
      for (const { pattern: id, version, by, atMs } of facts) {
        this.#publish(tenant, { type: 'page', app, id, version, by, at: isoOf(atMs) });
      }
    });
  }

  /** An entry of the audit. */
  recorded({ tenant, app, object, actor, at }: AuditEntry): void {
    if (object.type === 'page' || ofOnePerson.has(object.type)) return;
    this.#publish(tenant, { type: object.type, app, id: object.id, by: actor.name, at: isoOf(at) });
  }

  #publish(tenant: string, news: ChangeNews): void {
    this.#deps.publish(`changes.${tenant}`, { action: 'config_changed', data: { ...news } });
  }
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
