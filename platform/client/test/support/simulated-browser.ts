// Tabs of one browser profile inside one process: shared storage, Web Locks, news between them, and tabs that
// die. Not a browser.
import { createMemoryStorage } from './memory-storage.ts';
import type { Tabs } from '../../src/queue/tabs.ts';
import type { Clock, QueueStorage, Surroundings } from '../../src/types.ts';

export interface SimulatedTab {
  tabs: Tabs;
  /** Its locks are let go, its storage calls end in nothing, nobody hears of it. */
  die(): void;
}

export interface SimulatedBrowser {
  openTab(): SimulatedTab;
  storage: QueueStorage;
}

export function createSimulatedBrowser(storage: QueueStorage = createMemoryStorage()): SimulatedBrowser {
  const listeners = new Map<object, (news: unknown) => void>();
  const locks = createLocks();
  return {
    storage,
    openTab() {
      const self = {};
      let dead = false;
      const isDead = (): boolean => dead;
      const never = new Promise<never>(() => {});
      const alive = async <T>(work: () => Promise<T>): Promise<T> => {
        if (isDead()) return await never;
        const done = await work();
        return isDead() ? await never : done;
      };
      return {
        tabs: {
          storage: {
            load: (owner) => alive(() => storage.load(owner)),
            put: (draft) => alive(() => storage.put(structuredClone(draft))),
            remove: (owner, cid) => alive(() => storage.remove(owner, cid)),
          },
          lock: { hold: (name, work, signal) => locks.hold(self, { name, work, signal }) },
          post(news) {
            if (isDead()) return;
            const text = JSON.stringify(news);
            for (const [tab, listen] of listeners) {
              if (tab !== self) setImmediate(() => listeners.get(tab) === listen && listen(JSON.parse(text)));
            }
          },
          onNews: (listen) => void listeners.set(self, listen),
          close: () => void listeners.delete(self),
        },
        die() {
          dead = true;
          listeners.delete(self);
          locks.letGo(self);
        },
      };
    },
  };
}

interface Request {
  name: string;
  work: () => Promise<void>;
  signal: AbortSignal;
}

function createLocks(): { hold(tab: object, request: Request): Promise<void>; letGo(tab: object): void } {
  const dead = new WeakSet();
  const queues = new Map<string, { tab: object; grant: () => void }[]>();

  function release(name: string, held: object): void {
    const queue = queues.get(name) ?? [];
    const index = queue.findIndex((each) => each === held);
    if (index === -1) return;
    queue.splice(index, 1);
    if (index === 0) queue[0]?.grant();
  }

  return {
    async hold(tab, { name, work, signal }) {
      if (dead.has(tab)) return;
      const queue = queues.get(name) ?? [];
      queues.set(name, queue);
      await new Promise<void>((resolve, reject) => {
        const entry = {
          tab,
          grant: () => {
            if (!queue.includes(entry)) return;
            signal.removeEventListener('abort', giveUp);
            work()
              .then(resolve, reject)
              .finally(() => release(name, entry));
          },
        };
        const giveUp = (): void => {
          release(name, entry);
          resolve();
        };
        queue.push(entry);
        signal.addEventListener('abort', giveUp);
        if (queue[0] === entry) setImmediate(entry.grant);
      });
    },
    letGo(tab) {
      dead.add(tab);
      for (const queue of queues.values()) {
        const first = queue[0];
        queue.splice(0, queue.length, ...queue.filter((each) => each.tab !== tab));
        if (first?.tab === tab) queue[0]?.grant();
      }
    },
  };
}

let tabCount = 0;

/** Only what the queue asks for; errors that are reported fail the test that looks at `reported`. */
export function queueSurroundings(clock: Clock, reported: unknown[]): Surroundings {
  const unused = (): never => {
    throw new Error('The queue has no business here.');
  };
  // A fixed row for each tab, so that a failing test fails again.
  let seed = (tabCount += 1);
  return {
    clock,
    random: () => (seed = (seed * 16807) % 2147483647) / 2147483647,
    report: (error) => void reported.push(error),
    keyValue: { get: unused, set: unused, remove: unused },
    origin: 'http://127.0.0.1',
    openSocket: unused,
    fetch: unused,
    isVisible: unused,
    onVisibility: unused,
    onInput: unused,
    onOnline: unused,
    onOffline: unused,
    readPage: unused,
    onPage: unused,
    onPageHide: unused,
  };
}
