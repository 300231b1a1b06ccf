// What a whole server keeps, looked into beside it, whichever engine keeps it: tables of the data file, or
// collections of MongoDB and the keys of Redis. Not the files of uploads.

import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { mongo } from 'mongoose';
import type { RedisConnection } from '../../src/drivers/redis/connect.ts';
import { openRedis } from './open-redis.ts';
import type { WholeServer } from './whole-server.ts';

export type StoredRow = Readonly<Record<string, unknown>>;

export interface StoredData {
  /** Every one that there is, by name; all keys of Redis are the one called `redis`. */
  tables(): Promise<string[]>;
  /** Those of these apps alone where they are given; all where the table has no apps. */
  rows(table: string, apps?: readonly string[]): Promise<StoredRow[]>;
  insert(table: string, row: StoredRow): Promise<void>;
  /** Of rows that have these values, others. Not of Redis. */
  change(table: string, of: StoredRow, to: StoredRow): Promise<void>;
  remove(table: string, app: string): Promise<void>;
  /** As a Redis that is started anew and has kept nothing; the jobs of the data file stay. */
  forgetJobs(): Promise<void>;
  close(): Promise<void>;
}

/** The name of the table that is Redis. */
export const redisTable = 'redis';

export async function openStoredData({ engine, server }: WholeServer): Promise<StoredData> {
  const { mongodb, redisUrl } = engine;
  if (mongodb === undefined || redisUrl === undefined) return new DataFile(server.dataDir);
  const client = await new mongo.MongoClient(mongodb.url, { serverSelectionTimeoutMS: 5000 }).connect();
  return new Cluster(client, { database: mongodb.database, redis: await openRedis(redisUrl, 'test') });
}

class DataFile implements StoredData {
  readonly #db: DatabaseSync;

  constructor(dataDir: string) {
    this.#db = new DatabaseSync(join(dataDir, 'belfry.db'));
  }

  async tables(): Promise<string[]> {
    const all = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name";
    return this.#db
      .prepare(all)
      .all()
      .map(({ name }) => String(name));
  }

  async rows(table: string, apps?: readonly string[]): Promise<StoredRow[]> {
    const columns = this.#db.prepare(`PRAGMA table_info(${table})`).all();
    const isOfApps = apps !== undefined && columns.some(({ name }) => name === 'app');
    const where = isOfApps ? ` WHERE app IN (${apps.map(() => '?').join(', ')})` : '';
    const statement = this.#db.prepare(`SELECT * FROM ${table}${where}`);
    statement.setReadBigInts(true);
    return statement.all(...(isOfApps ? apps : []));
  }

  async insert(table: string, row: StoredRow): Promise<void> {
    const places = Object.keys(row).map(() => '?');
    const sql = `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${places.join(', ')})`;
    this.#db.prepare(sql).run(...(Object.values(row) as SQLInputValue[]));
  }

  async change(table: string, of: StoredRow, to: StoredRow): Promise<void> {
    const [set, where] = [to, of].map((values) => Object.keys(values).map((name) => `${name} = ?`));
    const sql = `UPDATE ${table} SET ${set?.join(', ')} WHERE ${where?.join(' AND ')}`;
    this.#db.prepare(sql).run(...([...Object.values(to), ...Object.values(of)] as SQLInputValue[]));
  }

  async remove(table: string, app: string): Promise<void> {
    this.#db.prepare(`DELETE FROM ${table} WHERE app = ?`).run(app);
  }

  async forgetJobs(): Promise<void> {}

  async close(): Promise<void> {
    this.#db.close();
  }
}

class Cluster implements StoredData {
  readonly #client: mongo.MongoClient;
  readonly #db: mongo.Db;
  readonly #redis: RedisConnection;

  constructor(client: mongo.MongoClient, { database, redis }: { database: string; redis: RedisConnection }) {
    this.#client = client;
    this.#db = client.db(database);
    this.#redis = redis;
  }

  async tables(): Promise<string[]> {
    const collections = await this.#db.listCollections({}, { nameOnly: true }).toArray();
    return [...collections.map(({ name }) => name), redisTable].toSorted();
  }

  async rows(table: string, apps?: readonly string[]): Promise<StoredRow[]> {
    if (table === redisTable) return await this.#keys();
    const filter = apps === undefined ? {} : { $or: [{ app: { $in: [...apps] } }, { app: { $exists: false } }] };
    const found: StoredRow[] = await this.#db.collection(table).find(filter).toArray();
    // A document of a journey has the rows of one append.
    return found.flatMap((row) => (table === 'journeys' ? (row['rows'] as StoredRow[]) : [row]));
  }

  async insert(table: string, row: StoredRow): Promise<void> {
    if (table === redisTable) await this.#redis.set(`planted:${String(row['app'])}`, JSON.stringify(row));
    else await this.#db.collection(table).insertOne({ ...row });
  }

  async change(table: string, of: StoredRow, to: StoredRow): Promise<void> {
    await this.#db.collection(table).updateMany({ ...of }, { $set: { ...to } });
  }

  async remove(table: string, app: string): Promise<void> {
    if (table === redisTable) await this.#redis.del(`planted:${app}`);
    else await this.#db.collection(table).deleteMany({ app });
  }

  async forgetJobs(): Promise<void> {
    await this.#redis.flushall();
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
    await this.#client.close();
  }

  async #keys(): Promise<StoredRow[]> {
    const keys = await this.#redis.keys('*');
    return await Promise.all(keys.map(async (key) => ({ key, value: await this.#valueOf(key) })));
  }

  async #valueOf(key: string): Promise<unknown> {
    const redis = this.#redis;
    switch (await redis.type(key)) {
      case 'string':
        return await redis.get(key);
      case 'hash':
        return await redis.hgetall(key);
      case 'list':
        return await redis.lrange(key, 0, -1);
      case 'set':
        return await redis.smembers(key);
      case 'zset':
        return await redis.zrange(key, '0', '-1');
      case 'stream':
        return await redis.xrange(key, '-', '+');
      // It went since.
      default:
        return undefined;
    }
  }
}
