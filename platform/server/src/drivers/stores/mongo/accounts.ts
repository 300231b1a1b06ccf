// Accounts of the console as JSON under their keys. Not who may do what.

import type { AccountRecord, AccountStore, Page, PageRequest, Versioned } from '../../../ports/stores/index.ts';
import { bodyOf, pageOf, type WithBody } from './body.ts';
import { Collection } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import { putVersioned, type VersionedDocument } from './versioned-put.ts';

interface AccountDocument extends WithBody, VersionedDocument {
  id: string;
  email: string;
}

export const accounts = declareCollection<AccountDocument>(
  'accounts',
  { id: String, email: String, version: Number, putId: String, body: String },
  [
    { key: { id: 1 }, unique: true },
    { key: { email: 1 }, unique: true },
  ],
);

export class MongoAccounts implements AccountStore {
  readonly #accounts: Collection<AccountDocument>;

  constructor(connection: MongoConnection) {
    this.#accounts = new Collection(connection, accounts);
  }

  async get(id: string): Promise<Versioned<AccountRecord> | undefined> {
    const found = await this.#accounts.findOne({ id });
    return found && bodyOf(found);
  }

  async byEmail(email: string): Promise<Versioned<AccountRecord> | undefined> {
    const found = await this.#accounts.findOne({ email });
    return found && bodyOf(found);
  }

  /** An address never changes, so that only an insert can meet one that is taken. */
  put(record: AccountRecord, ifVersion: number): Promise<boolean> {
    const { id, email } = record;
    const body = JSON.stringify({ ...record, version: ifVersion + 1 });
    return putVersioned(this.#accounts, { key: { id }, fields: { email, body }, ifVersion });
  }

  list(page: PageRequest): Promise<Page<Versioned<AccountRecord>>> {
    return pageOf(this.#accounts, { filter: {}, by: 'id', page });
  }
}
