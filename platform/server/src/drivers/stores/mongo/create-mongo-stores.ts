// The cluster engine's stores, as compose sees them: the ports over one database of MongoDB. Not the connection:
// connection.ts.

import type { AppData } from '../../../ports/app-data.ts';
import type { Stores } from '../../../ports/stores/index.ts';
import type { Surroundings } from '../../../ports/surroundings.ts';
import { ConversationActivity } from './activity.ts';
import { MongoAppData } from './app-data.ts';
import { Collection } from './collection.ts';
import { MongoConnection, type MongoAddress, type MongoConnectionOptions } from './connection.ts';
import { conversationCollection } from './conversation-document.ts';
import { MongoConversations } from './conversations.ts';
import { cursorCollection } from './cursor-document.ts';
import { MongoCursors } from './cursors.ts';
import type { Declaration } from './declaration.ts';
import { installationFacts, MongoInstallation } from './installation.ts';
import { journeyCollection, MongoJourneys } from './journeys.ts';
import { logLifeOf, raiseEpochs, type LogLife } from './log-life.ts';
import { MessageAdditions } from './message-additions.ts';
import { messageCollection } from './message-document.ts';
import { MessageErasing } from './message-erasing.ts';
import { MessagePruning } from './message-pruning.ts';
import { MessageSearching } from './message-search.ts';
import { MongoMessages } from './messages.ts';
import { MongoOpenError } from './open-error.ts';
import { MongoOutbox } from './outbox.ts';
import { hasDocuments, prepareCollections } from './prepare.ts';
import { createRecordStores, recordCollections, type RecordStores } from './record-stores.ts';
import { RemovedConversations } from './removed-conversations.ts';
import { ReplyCounts } from './reply-counts.ts';
import { migrateSchema, refuseNewerSchema, type SchemaStep } from './schema.ts';
import { StreamHeads } from './stream-heads.ts';

export interface MongoStoresOptions extends Pick<Surroundings, 'clock' | 'log'> {
  address: MongoAddress;
  onCommand?: MongoConnectionOptions['onCommand'];
  waitMs?: MongoConnectionOptions['waitMs'];
  /** Those of this version when left out. */
  schemaSteps?: readonly SchemaStep[];
}

/** Every collection that there is. */
export const declarations = [
  ...[messageCollection, conversationCollection, cursorCollection, journeyCollection],
  ...recordCollections,
] as const;

type LogStores = Pick<Stores, 'conversations' | 'messages' | 'outbox' | 'cursors' | 'journeys'>;

/** Rejects with `MongoOpenError`. */
export async function createMongoStores(options: MongoStoresOptions): Promise<Stores & { appData: AppData }> {
  const connection = await MongoConnection.open(options);
  const records = createRecordStores(connection, options.clock);
  let life: LogLife;
  try {
    await migrateSchema(connection, { ...options, steps: options.schemaSteps });
    await prepareCollections(connection, declarations);
    life = await logLifeOf(records.installation);
  } catch (error) {
    await connection.close();
    throw error;
  }
  const logs = createLogStores(connection, { ...options, life });
  return {
    ...records,
    ...logs.stores,
    appData: new MongoAppData(connection, declarations as readonly unknown[] as readonly Declaration<never>[]),
    state: () => connection.state,
    async close() {
      await logs.close();
      await connection.close();
    },
  };
}

/**
 * The stores of records for a program that only looks, also beside running nodes: makes no collection and no
 * index, sweeps nothing. Undefined where nothing was stored yet. Rejects with `MongoOpenError`.
 */
export async function readMongoRecords(
  options: MongoStoresOptions,
): Promise<(RecordStores & Pick<Stores, 'close'>) | undefined> {
  const connection = await MongoConnection.open(options);
  try {
    await refuseNewerSchema(connection, options);
    if (await hasDocuments(connection, installationFacts.name)) {
      return { ...createRecordStores(connection, options.clock), close: () => connection.close() };
    }
    await connection.close();
    return undefined;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Raises the epochs of all streams, after the database was restored and before a node runs on it. */
export async function raiseMongoEpochs(options: MongoStoresOptions): Promise<void> {
  const connection = await MongoConnection.open(options);
  try {
    if (!(await hasDocuments(connection, installationFacts.name))) {
      throw new MongoOpenError('empty', 'the database that MONGODB_URL names has no data of Belfry');
    }
    await raiseEpochs(new MongoInstallation(connection, options.clock));
  } finally {
    await connection.close();
  }
}

/** What is about messages; `close` ends what goes on by itself. */
function createLogStores(
  connection: MongoConnection,
  { clock, log, life }: Pick<Surroundings, 'clock' | 'log'> & { life: LogLife },
) {
  const messages = new Collection(connection, messageCollection);
  const conversations = new Collection(connection, conversationCollection);
  const cursors = new Collection(connection, cursorCollection);
  const removed = new RemovedConversations({ messages, conversations, cursors }, { clock, log });
  const activity = new ConversationActivity(conversations, clock);
  const heads = new StreamHeads(messages, conversations, life);
  const replyCounts = new ReplyCounts(messages, clock);
  removed.start();
  const stores: LogStores = {
    conversations: new MongoConversations({ conversations, removed, clock, life }),
    messages: new MongoMessages({
      ...{ messages, heads, activity, removed, replyCounts },
      additions: new MessageAdditions({ messages, removed, replyCounts, clock }),
      searching: new MessageSearching({ messages, conversations, removed, replyCounts }),
      pruning: new MessagePruning(messages, heads),
      erasing: new MessageErasing({ messages, removed, replyCounts }),
    }),
    outbox: new MongoOutbox(messages, removed),
    cursors: new MongoCursors(cursors),
    journeys: new MongoJourneys(new Collection(connection, journeyCollection)),
  };
  return {
    stores,
    async close() {
      await removed.stop();
      await activity.close();
    },
  };
}
