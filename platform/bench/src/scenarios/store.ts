// The embedded store under a scenario's hands: fills and appends without a server in between. Reached as compose reaches it, through the driver.
import { randomUUID } from 'node:crypto';
import { asAppId } from '../../../server/src/ports/app-id.ts';
import type { StoredMessage } from '../../../server/src/ports/stores/index.ts';
import { createSqliteStores } from '../../../server/src/drivers/stores/sqlite/create-sqlite-stores.ts';
import { eventData } from '../load/event.ts';
import { appKey } from '../setting.ts';

export interface StoreUnderTest {
  /** As many messages as one group, behind the stream's last. Rejects when one is not taken. */
  append(stream: string, count: number): Promise<void>;
  createConversation(id: string, users: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens, or makes, the data file of this folder. */
export async function openStore(dataDir: string): Promise<StoreUnderTest> {
  const stores = await createSqliteStores({ dataDir });
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
    ...{ id: randomUUID(), stream, seq, conversationId: stream.slice('c:'.length), senderId: 'u0', cid: `m-${seq}` },
    ...{ bodyHash: '0'.repeat(64), kind: 'message', action: 'new_message', contentVersion: 1 },
    data: { type: 'text', content: eventData() },
    policy: {
      ...{ realtime: 'all', push: 'undelivered', pushTo: 'all', ttlSeconds: 86_400 },
      ...{ priority: 'normal', respectPreferences: true },
    },
    storedAt: Date.now(),
  };
}
