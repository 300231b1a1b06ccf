// A look at a server of MongoDB, for `belfry doctor`. Changes nothing. Not whether that is good
// enough: cli/checks/mongodb.ts.

import { MongoConnection, type MongoConnectionOptions } from './connection.ts';
import { declarations } from './create-mongo-stores.ts';
import { indexName } from './declaration.ts';
import { installationFacts } from './installation.ts';
import { missingIndexes } from './prepare.ts';

export interface MongoLook {
  version: string;
  /** The name of the replica set; undefined where a router of a sharded cluster answers. */
  replicaSet: string | undefined;
  members: number;
  roundTripMs: number;
  /** By how much its clock is ahead of this machine's; as exact as half of the round trip. */
  clockAheadMs: number;
  /** Why a write did not reach the disks of a majority. */
  writeConcern: { kept: true } | { kept: false; reason: string };
  /** Undefined where nothing was stored yet: the first start makes all. */
  missing: readonly { index: string; isUnique: boolean }[] | undefined;
}

/** Rejects with `MongoOpenError`. */
export async function lookAtMongo(
  options: Pick<MongoConnectionOptions, 'address' | 'clock' | 'log'>,
): Promise<MongoLook> {
  const connection = await MongoConnection.open(options);
  try {
    const { db } = connection.mongoose;
    if (db === undefined) throw new Error('the connection is not open');
    const { version } = await db.admin().command({ buildInfo: 1 });
    const { clock } = options;
    const startedAt = clock.monotonic();
    const hello = await db.admin().command({ hello: 1 });
    const roundTripMs = clock.monotonic() - startedAt;
    const { localTime, setName, hosts } = hello as { localTime?: Date; setName?: string; hosts?: readonly string[] };
    const present = await db.listCollections({}, { nameOnly: true }).toArray();
    return {
      version: String(version),
      replicaSet: setName,
      members: hosts?.length ?? 0,
      roundTripMs,
      clockAheadMs: localTime === undefined ? 0 : localTime.getTime() - (clock.now() - roundTripMs / 2),
      writeConcern: await tryWriting(connection),
      missing: present.length === 0 ? undefined : await missingOf(connection),
    };
  } finally {
    await connection.close();
  }
}

/** A deletion of nothing waits for the same disks as any write. */
async function tryWriting({ mongoose }: MongoConnection): Promise<MongoLook['writeConcern']> {
  try {
    await mongoose.db
      ?.collection(installationFacts.name)
      .deleteOne({ name: '' }, { writeConcern: { w: 'majority', journal: true, wtimeoutMS: 2000 } });
    return { kept: true };
  } catch (error) {
    return { kept: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

async function missingOf(connection: MongoConnection): Promise<MongoLook['missing']> {
  const missing = await missingIndexes(connection, declarations);
  return missing.map(({ collection, index }) => ({
    index: `${collection}.${indexName(index)}`,
    isUnique: index.unique === true,
  }));
}
