// Sessions of the console: begun, recognized by their cookie, confirmed, ended. Who may begin one: sign-in.ts.

import { BelfryError } from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import type { Clock } from '../ports/clock.ts';
import type { AccountRecord, AccountStore, ConsoleSessionRecord, ConsoleSessionStore } from '../ports/stores/index.ts';
import type { Versioned } from '../ports/stores/versioned.ts';
import { Sealer } from '../sealing/seal.ts';
import { hashOfSecret, newSecretText } from './secret-text.ts';

/** How long after a password or code what is marked so may be done. */
const confirmedForMs = 10 * 60_000;
/** That a session is used is stored no more often. */
const touchEveryMs = 60_000;
/** Of one account; the oldest goes for one more. */
const maxOfAccount = 50;

/** From where somebody calls. */
export interface Origin {
  address: string;
  /** The `User-Agent`, shortened. */
  agent: string;
}

/** A session that is good now, with its account. */
export interface LiveSession {
  record: ConsoleSessionRecord;
  account: Versioned<AccountRecord>;
}

/** Called when sessions of an account ended: whatever they opened is to be closed. */
export type EndedListener = (account: string) => void;

export class ConsoleSessions {
  readonly #deps: {
    store: ConsoleSessionStore;
    accounts: Pick<AccountStore, 'get'>;
    clock: Clock;
    idleMs: number;
    maxMs: number;
  };
  readonly #sealer: Sealer;
  readonly #listeners: EndedListener[] = [];

  /** `secret` is the installation's, the same on every node. */
  constructor({
    secret,
    ...deps
  }: {
    secret: string;
    store: ConsoleSessionStore;
    accounts: Pick<AccountStore, 'get'>;
    clock: Clock;
    idleMs: number;
    maxMs: number;
  }) {
    this.#deps = deps;
    this.#sealer = new Sealer(secret, 'console csrf');
  }

  onEnded(listen: EndedListener): void {
    this.#listeners.push(listen);
  }

  /** `token` is for the cookie alone. */
  async begin(account: Versioned<AccountRecord>, origin: Origin): Promise<{ token: string; session: LiveSession }> {
    const { store, clock, maxMs } = this.#deps;
    const token = newSecretText();
    const now = clock.now();
    const record: ConsoleSessionRecord = {
      ...{ hash: hashOfSecret(token), id: uuidv7(), account: account.id },
      ...{ createdAt: now, lastUsedAt: now, confirmedAt: now, expiresAt: now + maxMs },
      ...origin,
    };
    await store.put(record);
    const surplus = (await store.ofAccount(account.id)).slice(maxOfAccount);
    for (const { id } of surplus) await store.remove(account.id, id);
    return { token, session: { record, account } };
  }

  /** Undefined for a cookie that is of no session, or of one that is over. */
  async find(token: string): Promise<LiveSession | undefined> {
    const { store, accounts, clock } = this.#deps;
    const record = await store.get(hashOfSecret(token));
    if (record === undefined) return undefined;
    const now = clock.now();
    if (now >= record.expiresAt || now >= this.idleUntil(record)) {
      await store.remove(record.account, record.id);
      return undefined;
    }
    const account = await accounts.get(record.account);
    if (account === undefined) return undefined;
    if (now - record.lastUsedAt < touchEveryMs) return { record, account };
    const isThere = await store.touch(record.hash, { lastUsedAt: now });
    return isThere ? { record: { ...record, lastUsedAt: now }, account } : undefined;
  }

  /** The text that a page of the console sends with every change. */
  csrfOf({ record }: LiveSession): string {
    return this.#sealer.sign([record.hash]);
  }

  isCsrfOf({ record }: LiveSession, given: string): boolean {
    return this.#sealer.isGenuine([record.hash], given);
  }

  idleUntil({ lastUsedAt }: ConsoleSessionRecord): number {
    return lastUsedAt + this.#deps.idleMs;
  }

  confirmedUntil({ confirmedAt }: ConsoleSessionRecord): number {
    return confirmedAt + confirmedForMs;
  }

  /** Throws `confirm_needed` when the last password or code is too old. */
  needConfirmed({ record }: LiveSession): void {
    if (this.#deps.clock.now() >= this.confirmedUntil(record)) throw new BelfryError('confirm_needed');
  }

  /** A password or code was given: until when that counts. */
  async confirm({ record }: LiveSession): Promise<number> {
    const confirmedAt = this.#deps.clock.now();
    await this.#deps.store.touch(record.hash, { confirmedAt });
    return this.confirmedUntil({ ...record, confirmedAt });
  }

  ofAccount(account: string): Promise<readonly ConsoleSessionRecord[]> {
    return this.#deps.store.ofAccount(account);
  }

  /** False when there is no such session. */
  async end(account: string, id: string): Promise<boolean> {
    const isEnded = await this.#deps.store.remove(account, id);
    if (isEnded) this.#report(account);
    return isEnded;
  }

  /** All of the account's, but the one with this id. */
  async endOthers(account: string, exceptId: string): Promise<number> {
    const ended = await this.#deps.store.removeOthers(account, exceptId);
    if (ended > 0) this.#report(account);
    return ended;
  }

  #report(account: string): void {
    for (const listen of this.#listeners) listen(account);
  }
}
