// Links that let somebody in once: invitations to a tenant, and resets of a password. Shown when they are made,
// kept as hashes; what is done by their means is said by the door.

import { notFound } from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import type { Clock } from '../ports/clock.ts';
import type { AccountLinkRecord, AccountLinkStore, MemberRole } from '../ports/stores/index.ts';
import { hashOfSecret, newSecretText } from './secret-text.ts';

const hourMs = 60 * 60_000;
const invitationMs = 72 * hourMs;
const resetMs = hourMs;

export interface MadeLink {
  /** The secret part of the address. */
  token: string;
  record: AccountLinkRecord;
}

export class Links {
  readonly #store: AccountLinkStore;
  readonly #clock: Pick<Clock, 'now'>;

  constructor({ store, clock }: { store: AccountLinkStore; clock: Pick<Clock, 'now'> }) {
    this.#store = store;
    this.#clock = clock;
  }

  invite(tenantId: string, invitation: { label: string; role: MemberRole; createdBy: string }): Promise<MadeLink> {
    return this.#make({ kind: 'invitation', tenantId, ...invitation }, invitationMs);
  }

  /** Earlier ones of the account are good no more. */
  async reset(account: string, made: { tenantId: string; createdBy: string }): Promise<MadeLink> {
    await this.#store.removeResets(account);
    return this.#make({ kind: 'reset', account, label: '', ...made }, resetMs);
  }

  /** Throws `not_found` for one that was never made, was used, taken back, or is over. */
  async get(token: string, kind: AccountLinkRecord['kind']): Promise<AccountLinkRecord> {
    const link = await this.#store.get(hashOfSecret(token));
    if (link?.kind !== kind || link.expiresAt <= this.#clock.now()) throw notFound('link');
    return link;
  }

  /** As `get`, for one caller alone: it is used now. */
  async take(token: string, kind: AccountLinkRecord['kind']): Promise<AccountLinkRecord> {
    const link = await this.get(token, kind);
    if (!(await this.#store.take(link.hash))) throw notFound('link');
    return link;
  }

  /** Invitations that are still good. */
  async invitations(tenantId: string): Promise<readonly AccountLinkRecord[]> {
    const now = this.#clock.now();
    return (await this.#store.ofTenant(tenantId)).filter(({ expiresAt }) => expiresAt > now);
  }

  /** @throws BelfryError `not_found` */
  async withdraw(tenantId: string, id: string): Promise<AccountLinkRecord> {
    const link = (await this.#store.ofTenant(tenantId)).find((each) => each.id === id);
    if (link === undefined || !(await this.#store.remove(tenantId, id))) throw notFound('invitation');
    return link;
  }

  async #make(
    link: Omit<AccountLinkRecord, 'hash' | 'id' | 'createdAt' | 'expiresAt'>,
    goodForMs: number,
  ): Promise<MadeLink> {
    const token = newSecretText();
    const now = this.#clock.now();
    const record = { ...link, hash: hashOfSecret(token), id: uuidv7(), createdAt: now, expiresAt: now + goodForMs };
    await this.#store.put(record);
    return { token, record };
  }
}
