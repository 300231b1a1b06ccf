// The version of what is stored, and the steps that bring it forward while older nodes still run. Not
// collections and indexes, which are made where they are missing: prepare.ts.

import type { Connection } from 'mongoose';
import type { Surroundings } from '../../../ports/surroundings.ts';
import type { MongoConnection } from './connection.ts';
import { installationFacts, MongoInstallation } from './installation.ts';
import { MongoOpenError } from './open-error.ts';
import { hasDocuments, prepareCollections } from './prepare.ts';
import { underSchemaLease, type SchemaLeaseTimes } from './schema-lease.ts';

/**
 * Step n makes version n + 1 of version n. A change comes in two: one that expands, which adds what the new
 * nodes read beside what the old ones read, and, in a later release, one that contracts, which takes the old
 * away.
 */
export interface SchemaStep {
  /** In a few words, for the log. */
  name: string;
  /**
   * The least version that a node has to know to run beside what this step leaves. 0 for one that expands.
   * For one that contracts, the version of its expansion: older nodes are refused from before it begins.
   */
  oldest: number;
  /**
   * In bounded parts. It may be cut off and begin anew, be done by two at once, and meet what nodes of the
   * versions from `oldest` on write meanwhile.
   */
  run: (db: NonNullable<Connection['db']>) => Promise<void>;
}

/** None yet. */
export const schemaSteps: readonly SchemaStep[] = [];

const schemaFactName = 'schema';

interface SchemaFact {
  version: number;
  /** Nodes that know less do not start. */
  oldest: number;
}

export interface SchemaOptions extends Pick<Surroundings, 'clock' | 'log'> {
  steps?: readonly SchemaStep[] | undefined;
  times?: SchemaLeaseTimes | undefined;
}

/** Throws `MongoOpenError` where what is stored is of a version that this one does not know how to read. */
export async function refuseNewerSchema(connection: MongoConnection, options: SchemaOptions): Promise<SchemaFact> {
  const { steps = schemaSteps, clock } = options;
  const text = await new MongoInstallation(connection, clock).get(schemaFactName);
  const fact = text === undefined ? { version: 0, oldest: 0 } : (JSON.parse(text) as SchemaFact);
  if (fact.oldest <= steps.length) return fact;
  throw new MongoOpenError(
    'newer_version',
    `what is stored has schema version ${fact.version}, which nodes from ${fact.oldest} on can read; this version of Belfry knows up to ${steps.length}. Start the newer version again`,
  );
}

/** Before collections and indexes are looked at. What is new has the newest version, and no step to do. */
export async function migrateSchema(connection: MongoConnection, options: SchemaOptions): Promise<void> {
  const { steps = schemaSteps, clock, log, times } = options;
  const before = await refuseNewerSchema(connection, options);
  if (before.version >= steps.length) return;
  const facts = new MongoInstallation(connection, clock);
  const isNew = !(await hasDocuments(connection, installationFacts.name));
  // The lease stands on the unique index of its names.
  await prepareCollections(connection, [installationFacts]);
  const put = (fact: SchemaFact): Promise<void> => facts.set(schemaFactName, JSON.stringify(fact));
  await underSchemaLease(connection, { clock, times }, async () => {
    // Another node may have done some meanwhile.
    let { version, oldest } = await refuseNewerSchema(connection, options);
    for (const step of steps.slice(version)) {
      oldest = Math.max(oldest, step.oldest);
      await put({ version, oldest });
      if (!isNew) {
        log.info('schema', { phase: 'begin', version: version + 1, step: step.name });
        await step.run(dbOf(connection));
      }
      version += 1;
      await put({ version, oldest });
      log.info('schema', { phase: 'done', version, step: step.name });
    }
  });
}

function dbOf({ mongoose }: MongoConnection): NonNullable<Connection['db']> {
  if (mongoose.db === undefined) throw new Error('the connection is not open');
  return mongoose.db;
}
