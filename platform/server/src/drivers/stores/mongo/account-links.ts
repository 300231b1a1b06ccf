// Invitations and resets of passwords. Not what they let somebody do: accounts.

import type { AccountLinkRecord, AccountLinkStore } from '../../../ports/stores/index.ts';
import { allOf, bodyOf, type WithBody } from './body.ts';
import { Collection, trusted } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import { removeFirst } from './limited-removal.ts';

interface LinkDocument extends WithBody {
  hash: string;
  kind: string;
  tenantId: string;
  id: string;
  account?: string;
  expiresAt: number;
}

export const accountLinks = declareCollection<LinkDocument>(
  'account_links',
  { hash: String, kind: String, tenantId: String, id: String, account: String, expiresAt: Number, body: String },
  [
    { key: { hash: 1 }, unique: true },
    { key: { tenantId: 1, id: 1 } },
    { key: { account: 1 } },
    { key: { expiresAt: 1 } },
  ],
);

export class MongoAccountLinks implements AccountLinkStore {
  readonly #links: Collection<LinkDocument>;

  constructor(connection: MongoConnection) {
    this.#links = new Collection(connection, accountLinks);
  }

  async put(link: AccountLinkRecord): Promise<void> {
    const { hash, kind, tenantId, id, account, expiresAt } = link;
    const body = JSON.stringify(link);
    await this.#links.insert({ hash, kind, tenantId, id, ...(account !== undefined && { account }), expiresAt, body });
  }

  async get(hash: string): Promise<AccountLinkRecord | undefined> {
    const found = await this.#links.findOne({ hash });
    return found && bodyOf(found);
  }

  ofTenant(tenantId: string): Promise<readonly AccountLinkRecord[]> {
    return allOf(this.#links, { kind: 'invitation', tenantId }, 'id');
  }

  async take(hash: string): Promise<boolean> {
    return (await this.#links.remove({ hash })) > 0;
  }

  async remove(tenantId: string, id: string): Promise<boolean> {
    return (await this.#links.remove({ kind: 'invitation', tenantId, id })) > 0;
  }

  removeResets(account: string): Promise<number> {
    return this.#links.removeMany({ kind: 'reset', account });
  }

  prune(nowMs: number, limit: number): Promise<number> {
    const filter = { expiresAt: trusted({ $lte: nowMs }) };
    return removeFirst(this.#links, { filter, sort: { expiresAt: 1 }, limit });
  }
}
