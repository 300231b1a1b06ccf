// Accounts of the console: made, found, changed. Not sessions (console-sessions.ts) nor what an account may do
// (members.ts).

import { BelfryError, notFound } from '@belfry/protocol';
import type { Clock } from '../ports/clock.ts';
import type { AccountProfile, AccountRecord, AccountStore } from '../ports/stores/index.ts';
import type { Versioned } from '../ports/stores/versioned.ts';

/** Changed by its owner alone, and by their sign-ins: who loses so often is no person. */
const maxTries = 5;

export interface NewAccount {
  id: string;
  email: string;
  name: string;
  locale: string;
  passwordHash: string;
  operator: boolean;
}

export class Accounts {
  readonly #store: AccountStore;
  readonly #clock: Clock;

  constructor({ store, clock }: { store: AccountStore; clock: Clock }) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Undefined when the id or the e-mail address is taken. */
  async make(account: NewAccount): Promise<Versioned<AccountRecord> | undefined> {
    const now = this.#clock.now();
    const record: AccountRecord = {
      ...account,
      email: foldEmail(account.email),
      ...{ theme: 'system', timeZone: '', density: 'default', singleKeys: true, bell: [] },
      ...{ profileVersion: 1, recoveryHashes: [], createdAt: now, updatedAt: now },
    };
    return (await this.#store.put(record, 0)) ? { ...record, version: 1 } : undefined;
  }

  find(id: string): Promise<Versioned<AccountRecord> | undefined> {
    return this.#store.get(id);
  }

  /** @throws BelfryError `not_found` */
  async get(id: string): Promise<Versioned<AccountRecord>> {
    const account = await this.#store.get(id);
    if (account === undefined) throw notFound('account');
    return account;
  }

  byEmail(email: string): Promise<Versioned<AccountRecord> | undefined> {
    return this.#store.byEmail(foldEmail(email));
  }

  async isAnyThere(): Promise<boolean> {
    return (await this.#store.list({ limit: 1 })).items.length > 0;
  }

  /**
   * `change` is given the account as it is, again when another was faster, and returns what it is to be;
   * undefined: it stays. It may throw.
   */
  async change(
    id: string,
    change: (account: Versioned<AccountRecord>) => AccountRecord | undefined,
  ): Promise<Versioned<AccountRecord>> {
    for (let tries = 0; tries < maxTries; tries += 1) {
      const before = await this.get(id);
      const after = change(before);
      if (after === undefined) return before;
      const record = { ...after, updatedAt: this.#clock.now() };
      if (await this.#store.put(record, before.version)) return { ...record, version: before.version + 1 };
    }
    throw new BelfryError('conflict');
  }
}

/** Addresses that differ in case alone reach the same person. */
export function foldEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

/** As its owner sees it. */
export function profileOf(account: AccountRecord): AccountProfile {
  const { name, locale, theme, timeZone, density, singleKeys, bell } = account;
  return { name, locale, theme, timeZone, density, singleKeys, bell };
}
