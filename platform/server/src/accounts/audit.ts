// Entries of the audit: what was changed, by whom, from where, without secrets. Keeping them: the store.

import { uuidv7 } from 'uuidv7';
import type { Clock } from '../ports/clock.ts';
import type { AuditActor, AuditEntry, AuditStore } from '../ports/stores/index.ts';

/** Whoever asks for the change. */
export interface AuditSource {
  actor: AuditActor;
  via: AuditEntry['via'];
  address: string;
  requestId: string;
}

export interface AuditedChange {
  action: string;
  /** Of each of them there is an entry. */
  tenants: readonly string[];
  app?: string | undefined;
  object: { type: string; id: string };
  before?: Readonly<Record<string, unknown>> | undefined;
  after?: Readonly<Record<string, unknown>> | undefined;
}

/** Stands in the place of a secret that was changed. */
export const replacedSecret = { replaced: true } as const;

export class Audit {
  readonly #store: AuditStore;
  readonly #clock: Clock;

  constructor({ store, clock }: { store: AuditStore; clock: Clock }) {
    this.#store = store;
    this.#clock = clock;
  }

  async record(source: AuditSource, { tenants, before, after, ...change }: AuditedChange): Promise<void> {
    const diff = differing(before, after);
    for (const tenant of tenants) {
      await this.#store.append({ id: uuidv7(), at: this.#clock.now(), tenant, ...source, ...change, ...diff });
    }
  }
}

/** The fields that differ, each on the sides where it is. */
function differing(
  before: AuditedChange['before'] = {},
  after: AuditedChange['after'] = {},
): Pick<AuditEntry, 'before' | 'after'> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => {
    const [was, is] = [before[name], after[name]];
    return was === replacedSecret || is === replacedSecret || JSON.stringify(was) !== JSON.stringify(is);
  });
  const side = (values: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(changed.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]));
  const [was, is] = [side(before), side(after)];
  return {
    ...(Object.keys(was).length > 0 && { before: was }),
    ...(Object.keys(is).length > 0 && { after: is }),
  };
}
