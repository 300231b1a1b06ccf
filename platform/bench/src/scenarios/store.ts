// The store of either engine for a scenario: fills and appends without a server in between, through the driver
// that compose uses.
import { asAppId } from '../../../server/src/ports/app-id.ts';
import { silentLog } from '../../../server/src/ports/log.ts';
import type { StoredMessage, Stores } from '../../../server/src/ports/stores/index.ts';
import { createSystemClock } from '../../../server/src/drivers/clock.ts';
import { createMongoStores } from '../../../server/src/drivers/stores/mongo/create-mongo-stores.ts';
import { createSqliteStores } from '../../../server/src/drivers/stores/sqlite/create-sqlite-stores.ts';
import { eventData } from '../load/event.ts';
import { appKey } from '../setting.ts';

export interface StoreUnderTest {
  /** As many messages as one group, behind the stream's last. Rejects when one is not taken. */
  append(stream: string, count: number): Promise<void>;
  createConversation(id: string, users: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface EmbeddedStore extends StoreUnderTest {
  /** Transactions that wrote, so far: each was flushed to the disk once. */
  commits(): number;
}

/** A whole installation's conversations are made at once. */
const mostWaiting = 100_000;

/**
 * Opens, or makes, the data file of this folder. `NORMAL` is for filling it: that need not survive a power
 * cut.
 */
export async function openStore(dataDir: string, synchronous: 'FULL' | 'NORMAL' = 'FULL'): Promise<EmbeddedStore> {
  let commits = 0;
  const onCommit = (): void => void (commits += 1);
  const stores = await createSqliteStores({ dataDir, synchronous, maxPending: mostWaiting, onCommit });
  return { ...under(stores), commits: () => commits };
}

/** The cluster's. */
export async function openMongoStore(url: string): Promise<StoreUnderTest> {
  return under(await createMongoStores({ address: { url }, clock: createSystemClock(), log: silentLog }));
}

function under(stores: Stores): StoreUnderTest {
  const heads = new Map<string, number>();
  return {
    async append(stream, count) {
      const head = heads.get(stream) ?? 0;
      heads.set(stream, head + count);
      const messages = Array.from({ length: count }, (_, index) => messageOf(stream, head + index + 1));
      const result = await stores.messages.append(asAppId(appKey), messages);
      if (result.inserted !== count) throw new Error(`${stream}: ${JSON.stringify(result)}`);
    },
    async createConversation(id, users) {
      const createdAt = Date.now();
      const participants = users.map((userId) => ({ userId, role: 'member', joinedAt: createdAt }));
      const conversation = { id, epoch: 'e1', version: 1, createdAt };
      const isNew = await stores.conversations.create(asAppId(appKey), conversation, participants);
      if (!isNew) throw new Error(`${id} was there`);
    },
    close: () => stores.close(),
  };
}

function messageOf(stream: string, seq: number): StoredMessage {
  return {
    ...{
      id: idOf(stream, seq),
      stream,
      seq,
      conversationId: stream.slice('c:'.length),
      senderId: 'u0',
      cid: `m-${seq}`,
    },
    ...{ bodyHash: '0'.repeat(64), kind: 'message', action: 'new_message', contentVersion: 1 },
    data: { type: 'text', content: eventData() },
    policy: {
      ...{ realtime: 'all', push: 'undelivered', pushTo: 'all', ttlSeconds: 86_400 },
      ...{ priority: 'normal', respectPreferences: true },
    },
    storedAt: Date.now(),
  };
}

/**
 * Unique, and later ones sort behind earlier ones as UUIDv7 do: an index that grows anywhere else would be
 * slower than it is.
 */
function idOf(stream: string, seq: number): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const room = Number.parseInt(stream.slice('c:?'.length), 10);
  return `01900000-0000-7000-8${hex(room, 3)}-${hex(seq, 12)}`;
}
