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
  readonly #onRecorded: (entry: AuditEntry) => void;

  constructor(deps: { store: AuditStore; clock: Clock; onRecorded?: (entry: AuditEntry) => void }) {
    this.#store = deps.store;
    this.#clock = deps.clock;
    this.#onRecorded = deps.onRecorded ?? (() => undefined);
  }

  async record(source: AuditSource, { tenants, before, after, ...change }: AuditedChange): Promise<void> {
    const diff = differing(before, after);
    for (const tenant of tenants) {
      const entry = { id: uuidv7(), at: this.#clock.now(), tenant, ...source, ...change, ...diff };
      await this.#store.append(entry);
      this.#onRecorded(entry);
    }
  }
}

/** The fields that differ, each on the sides where it is. */
function differing(
  before: AuditedChange['before'] = {},
  after: AuditedChange['after'] = {},
): Pick<AuditEntry, 'before' | 'after'> {
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const changed = [...new Set([...was.keys(), ...is.keys()])].filter((name) => {
    const [old, now] = [was.get(name), is.get(name)];
    return old === replacedSecret || now === replacedSecret || JSON.stringify(old) !== JSON.stringify(now);
  });
  const side = (values: ReadonlyMap<string, unknown>) => changed.filter((name) => values.get(name) !== undefined);
  const pick = (values: ReadonlyMap<string, unknown>) =>
    Object.fromEntries(side(values).map((name) => [name, values.get(name)]));
  return {
    ...(side(was).length > 0 && { before: pick(was) }),
    ...(side(is).length > 0 && { after: pick(is) }),
  };
}
