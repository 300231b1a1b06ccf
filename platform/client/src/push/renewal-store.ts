// What the service worker needs to exchange a subscription without a page: kept in IndexedDB, which page and
// worker share. Lost, the next page that is opened registers anew.

export interface Renewal {
  deviceId: string;
  /** Sealed by the server for this device and this user; good for nothing but another target. */
  credential: string;
  vapidPublicKey: string;
}

const database = 'belfry-push';
const store = 'renewal';
/** One subscription a worker, and so one entry a database. */
const key = 'now';

export async function keepRenewal(renewal: Renewal): Promise<void> {
  await run('readwrite', (drawer) => drawer.put(renewal, key));
}

export async function keptRenewal(): Promise<Renewal | undefined> {
  return (await run('readonly', (drawer) => drawer.get(key))) as Renewal | undefined;
}

export async function forgetRenewal(): Promise<void> {
  await run('readwrite', (drawer) => drawer.delete(key));
}

/** Undefined where the browser keeps nothing, as in a private window. */
async function run(mode: IDBTransactionMode, use: (drawer: IDBObjectStore) => IDBRequest): Promise<unknown> {
  try {
    const db = await open();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = db.transaction(store, mode);
        const request = use(transaction.objectStore(store));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(new Error('IndexedDB gave up.'));
      });
    } finally {
      db.close();
    }
  } catch {
    return undefined;
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    request.onerror = () => reject(new Error('IndexedDB refuses.'));
    request.onsuccess = () => resolve(request.result);
  });
}
