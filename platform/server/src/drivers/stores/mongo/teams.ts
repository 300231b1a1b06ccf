// Teams of tenants as JSON, beside the accounts that are in them. Not what a member may do.

import type { TeamRecord, TeamStore, Versioned } from '../../../ports/stores/index.ts';
import { allOf, bodyOf, type WithBody } from './body.ts';
import { Collection } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import { putVersioned, type VersionedDocument } from './versioned-put.ts';

interface TeamDocument extends WithBody, VersionedDocument {
  tenantId: string;
  accounts: string[];
}

export const teams = declareCollection<TeamDocument>(
  'teams',
  { tenantId: String, accounts: [String], version: Number, putId: String, body: String },
  [{ key: { tenantId: 1 }, unique: true }, { key: { accounts: 1 } }],
);

export class MongoTeams implements TeamStore {
  readonly #teams: Collection<TeamDocument>;

  constructor(connection: MongoConnection) {
    this.#teams = new Collection(connection, teams);
  }

  async get(tenantId: string): Promise<Versioned<TeamRecord> | undefined> {
    const found = await this.#teams.findOne({ tenantId });
    return found && bodyOf(found);
  }

  put(record: TeamRecord, ifVersion: number): Promise<boolean> {
    const { tenantId, members } = record;
    const body = JSON.stringify({ ...record, version: ifVersion + 1 });
    const accounts = members.map(({ account }) => account);
    return putVersioned(this.#teams, { key: { tenantId }, fields: { accounts, body }, ifVersion });
  }

  ofAccount(account: string): Promise<readonly Versioned<TeamRecord>[]> {
    return allOf(this.#teams, { accounts: account }, 'tenantId');
  }

  async remove(tenantId: string): Promise<boolean> {
    return (await this.#teams.remove({ tenantId })) > 0;
  }
}
