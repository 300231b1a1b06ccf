// Queued messages in IndexedDB: one record each, shared by all tabs of the origin.
import type { Clock, QueueStorage, StoredDraft } from '../../types.ts';

const database = 'belfry';
const store = 'queue';

/** Safari has answered `open` with silence for years; a queue that waits for it would never send. */
const openMs = 5000;

/**
 * Opened at the first use. Rejects where the browser refuses: private windows, a full disk, a profile without
 * rights.
 */
export function createIndexedDbStorage(factory: IDBFactory, clock: Clock): QueueStorage & { close(): void } {
  let opening: Promise<IDBDatabase> | undefined;

  return {
    async load(owner) {
      // An array sorts behind every text, so this is every cid of the owner.
      const all = IDBKeyRange.bound([owner], [owner, []]);
      const drafts = await run('readonly', (drawer) => drawer.getAll(all) as IDBRequest<StoredDraft[]>);
      return drafts.sort((a, b) => a.order - b.order);
    },
    async put(draft) {
      await run('readwrite', (drawer) => drawer.put(draft));
    },
    async remove(owner, cid) {
      await run('readwrite', (drawer) => drawer.delete([owner, cid]));
    },
    close() {
      opening?.then(
        (db) => db.close(),
        () => undefined,
      );
      opening = undefined;
    },
  };

  async function run<T>(mode: IDBTransactionMode, use: (drawer: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    opening ??= open();
    try {
      return await done(await opening, mode, use);
    } catch {
      // Browsers close databases under us (storage cleared, Safari waking up): one fresh one, then it is
      // somebody else's turn.
      opening = open();
      return await done(await opening, mode, use);
    }
  }

  function open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const endTimer = clock.setTimer(() => reject(new Error('IndexedDB does not answer.')), openMs);
      const request = factory.open(database, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(store, { keyPath: ['owner', 'cid'] });
      request.onerror = () => {
        endTimer();
        reject(asError(request.error));
      };
      request.onsuccess = () => {
        endTimer();
        const db = request.result;
        // A later version of the SDK in another tab may change the database; it must not wait for this one.
        db.onversionchange = () => db.close();
        resolve(db);
      };
    });
  }
}

/** Resolves when the transaction is through, not merely the request. */
function done<T>(
  db: IDBDatabase,
  mode: IDBTransactionMode,
  use: (drawer: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(store, mode);
    const request = use(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(asError(transaction.error));
  });
}

function asError(error: DOMException | null): Error {
  return error ?? new Error('IndexedDB failed.');
}
