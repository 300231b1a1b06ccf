// Changes of an app's own kinds: against what is there, within what an app may have, and none of what the provision
// file names. What a kind means: kinds.ts.

import { BelfryError, type Kind } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { KindStore, Versioned } from '../ports/stores/index.ts';
import { hashOf } from './idempotent.ts';

/** Is given what is there, and throws what speaks against a change of it. */
export type CheckKind = (current: Versioned<Kind> | undefined) => void;

export interface ChangedKind {
  before: Versioned<Kind> | undefined;
  after: Versioned<Kind>;
}

/** A kind is changed by people: one who loses so often is no person. */
const maxTries = 5;

export class KindChanges {
  readonly #store: KindStore;
  readonly #perApp: number;
  readonly #managed = new Map<AppId, ReadonlySet<string>>();

  /** `perApp`: kinds of an app of its own. */
  constructor({ store, perApp }: { store: KindStore; perApp: number }) {
    this.#store = store;
    this.#perApp = perApp;
  }

  async put(app: AppId, kind: Kind, check?: CheckKind): Promise<ChangedKind> {
    this.#refuseManaged(app, kind.kind);
    for (let tries = 0; tries < maxTries; tries += 1) {
      const present = await this.#store.list(app);
      const before = present.find((each) => each.kind === kind.kind);
      check?.(before);
      if (before === undefined && present.length >= this.#perApp) {
        const message = `An app has at most ${this.#perApp} kinds of its own.`;
        throw new BelfryError('too_many', { message, path: ['kind'] });
      }
      if (before !== undefined && isSame(before, kind)) return { before, after: before };
      const ifVersion = before?.version ?? 0;
      if (await this.#store.put(app, kind, ifVersion)) return { before, after: { ...kind, version: ifVersion + 1 } };
    }
    throw new BelfryError('conflict');
  }

  /** Undefined when there is none. */
  async remove(app: AppId, kind: string, check?: CheckKind): Promise<Versioned<Kind> | undefined> {
    this.#refuseManaged(app, kind);
    for (let tries = 0; tries < maxTries; tries += 1) {
      const before = (await this.#store.list(app)).find((each) => each.kind === kind);
      check?.(before);
      if (before === undefined) return undefined;
      if (await this.#store.remove(app, kind, before.version)) return before;
    }
    throw new BelfryError('conflict');
  }

  manage(app: AppId, kinds: Iterable<string>): void {
    this.#managed.set(app, new Set(kinds));
  }

  isManaged(app: AppId, kind: string): boolean {
    return this.#managed.get(app)?.has(kind) === true;
  }

  #refuseManaged(app: AppId, kind: string): void {
    if (this.isManaged(app, kind)) throw new BelfryError('managed_by_file', { path: ['kind'] });
  }
}

export function withoutVersion({ version: _, ...kind }: Versioned<Kind>): Kind {
  return kind;
}

/** Stores may give fields back in another order. */
function isSame(before: Versioned<Kind>, kind: Kind): boolean {
  return hashOf(withoutVersion(before)) === hashOf(kind);
}
