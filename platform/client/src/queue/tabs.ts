// The things that tabs of one origin share for the queue: storage, the right to send, and news of each other.
// Outside of a browser: nothing.
import type { QueueStorage, Surroundings } from '../types.ts';
import { createLease, createWebLock, openLock, type SenderLock } from './sender-lock.ts';
import { createIndexedDbStorage } from './storage/indexed-db.ts';
import { createKeyValueStorage } from './storage/key-value.ts';
import { createLayeredStorage } from './storage/layered.ts';

export interface Tabs {
  storage: QueueStorage;
  lock: SenderLock;
  /** To every other tab; nothing is sent back to this one. */
  post(news: unknown): void;
  /** One listener. */
  onNews(listen: (news: unknown) => void): void;
  close(): void;
}

export function openTabs(surroundings: Surroundings): Tabs {
  const { keyValue, clock, origin } = surroundings;
  // A back end may run many clients of one user in a process; each has a queue of its own.
  if (origin === undefined) {
    const storage = createKeyValueStorage(keyValue);
    return { storage, lock: openLock, post: () => undefined, onNews: () => undefined, close: () => undefined };
  }
  const database = globalThis.indexedDB as IDBFactory | undefined;
  const indexedDb = database && createIndexedDbStorage(database, clock);
  // Where nothing can be kept it keeps what it is given as long as the page lives.
  const last = createKeyValueStorage(keyValue);
  const locks = (navigator as { locks?: LockManager }).locks;
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('belfry.queue');
  return {
    storage: indexedDb ? createLayeredStorage([indexedDb, last]) : last,
    // A page without https has no Web Locks.
    lock: locks ? createWebLock(locks) : createLease({ keyValue, clock, id: String(surroundings.random()) }),
    post: (news) => channel?.postMessage(news),
    onNews(listen) {
      if (channel) channel.onmessage = ({ data }) => listen(data);
    },
    close() {
      channel?.close();
      indexedDb?.close();
    },
  };
}
