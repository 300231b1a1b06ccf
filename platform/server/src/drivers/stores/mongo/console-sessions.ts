// Sessions of the console. Not how long one is good: accounts.

import type { ConsoleSessionRecord, ConsoleSessionStore } from '../../../ports/stores/index.ts';
import { Collection, trusted, type Stored } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import { removeFirst } from './limited-removal.ts';

const times = { createdAt: Number, lastUsedAt: Number, confirmedAt: Number, expiresAt: Number };

export const consoleSessions = declareCollection<ConsoleSessionRecord>(
  'console_sessions',
  { hash: String, id: String, account: String, ...times, address: String, agent: String },
  [{ key: { hash: 1 }, unique: true }, { key: { account: 1, id: 1 }, unique: true }, { key: { expiresAt: 1 } }],
);

export class MongoConsoleSessions implements ConsoleSessionStore {
  readonly #sessions: Collection<ConsoleSessionRecord>;

  constructor(connection: MongoConnection) {
    this.#sessions = new Collection(connection, consoleSessions);
  }

  async put(session: ConsoleSessionRecord): Promise<void> {
    await this.#sessions.insert(session);
  }

  async get(hash: string): Promise<ConsoleSessionRecord | undefined> {
    const found = await this.#sessions.findOne({ hash });
    return found && toSession(found);
  }

  async touch(
    hash: string,
    fields: Partial<Pick<ConsoleSessionRecord, 'lastUsedAt' | 'confirmedAt'>>,
  ): Promise<boolean> {
    return (await this.#sessions.update({ hash }, { $set: fields })).matched > 0;
  }

  async ofAccount(account: string): Promise<readonly ConsoleSessionRecord[]> {
    return (await this.#sessions.find({ account }, { sort: { createdAt: -1, id: -1 } })).map(toSession);
  }

  async remove(account: string, id: string): Promise<boolean> {
    return (await this.#sessions.remove({ account, id })) > 0;
  }

  removeOthers(account: string, exceptId: string): Promise<number> {
    return this.#sessions.removeMany({ account, id: trusted({ $ne: exceptId }) });
  }

  prune(nowMs: number, limit: number): Promise<number> {
    const filter = { expiresAt: trusted({ $lte: nowMs }) };
    return removeFirst(this.#sessions, { filter, sort: { expiresAt: 1 }, limit });
  }
}

function toSession({ _id, ...session }: Stored<ConsoleSessionRecord>): ConsoleSessionRecord {
  return session;
}
