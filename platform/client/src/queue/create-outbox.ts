// The outbox as the core has it: takes messages at once, and fetches the queue that keeps and sends them when
// there is something to send.
import type { Auth } from '../auth.ts';
import type { Line } from '../line.ts';
import { createListeners } from '../listeners.ts';
import { onEachNew } from '../on-each-new.ts';
import type { SnapshotStore } from '../snapshot-store.ts';
import type { Draft, Outbox, QueuedMessage, QueueLimits, Surroundings } from '../types.ts';
import type { MessageQueue, QueueDeps } from './message-queue.ts';
import type { Tabs } from './tabs.ts';

export interface OutboxDeps {
  app: string;
  surroundings: Surroundings;
  limits: Partial<QueueLimits> | undefined;
  auth: Pick<Auth, 'userId'>;
  line: Pick<Line, 'live' | 'command'>;
  store: SnapshotStore;
  /** For tests; the browser's unless given. Called at the first use. */
  openTabs?: () => Tabs;
}

export interface SendingOutbox extends Outbox {
  add: (draft: Draft) => QueuedMessage;
  /** Somebody else may be signed in from now on: messages are no longer taken for those of the last user. */
  forgetOwner(): void;
  /** Messages that wait stay in storage. */
  stop(): Promise<void>;
}

/** After the queue's code could not be fetched, as while offline. */
const againMs = 5000;

export function createOutbox(deps: OutboxDeps): SendingOutbox {
  const { app, surroundings } = deps;
  const lastUserKey = `belfry:${app}:user`;
  const { isReady, onReady } = readinessOf(deps);
  const { clock, keyValue, report } = surroundings;
  const listeners = createListeners<QueuedMessage>(report);
  /** Handed over before the queue was there. */
  let early: QueuedMessage[] = [];
  let queue: MessageQueue | undefined;
  let fetching: Promise<MessageQueue> | undefined;
  let endTimer: (() => void) | undefined;
  let count = 0;
  // The queue's storage may hold messages of an earlier life of the page.
  const endReady = onReady(fetchQueue);

  return {
    add(draft) {
      const cid = draft.cid ?? newCid((count += 1), surroundings);
      if (queue) return queue.add(draft, cid);
      fetchQueue();
      const known = early.find((message) => message.cid === cid);
      if (known) return known;
      // A copy: the application may go on changing its own.
      const copy = JSON.parse(JSON.stringify(draft)) as Draft;
      const message = { cid, draft: copy, state: 'queued', queuedAt: clock.now() } as const;
      early.push(message);
      listeners.emit(message);
      return message;
    },
    messages() {
      if (queue) return queue.messages();
      fetchQueue();
      return early;
    },
    subscribe: listeners.add,
    retry: (cid) => queue?.retry(cid),
    cancel: async (cid) => await (queue ?? (await fetched())).cancel(cid),
    forgetOwner() {
      if (queue) queue.forgetOwner();
      else keyValue.remove(lastUserKey);
    },
    async stop() {
      endReady();
      endTimer?.();
      // On its way it would be there only after the end; and what was handed over is to be stored.
      await fetching?.catch(() => undefined);
      await queue?.stop();
    },
  };

  function fetchQueue(): void {
    endTimer?.();
    fetched().catch((error: unknown) => {
      report(error);
      endTimer = clock.setTimer(fetchQueue, againMs);
    });
  }

  function fetched(): Promise<MessageQueue> {
    fetching ??= import('./message-queue.ts').then(
      ({ startQueue }) => {
        queue = startQueue({ ...deps, lastUserKey, isReady, onReady, onMessage: listeners.emit });
        for (const { draft, cid } of early) queue.add(draft, cid);
        early = [];
        // Messages in storage are looked for, and sent.
        queue.messages();
        return queue;
      },
      (error: unknown) => {
        fetching = undefined;
        throw error;
      },
    );
    return fetching;
  }
}

/**
 * Whether there is a connection of the user who is signed in, on a page with messaging; and each time it has
 * become so.
 */
function readinessOf({ auth, line, store }: OutboxDeps): Pick<QueueDeps, 'isReady' | 'onReady'> {
  const isReady = (): boolean => {
    const userId = auth.userId();
    // In the moment in which the user changes, the connection is still the other's.
    return userId !== undefined && line.live()?.userId === userId && store.hasFeature('messaging');
  };
  return { isReady, onReady: (listen) => onEachNew(store, () => isReady() || undefined, listen) };
}

/** The count is different within a tab, chance between tabs and devices. */
function newCid(count: number, surroundings: Surroundings): string {
  const part = (): string => surroundings.random().toString(36).slice(2, 12);
  return `${surroundings.clock.now().toString(36)}-${count}-${part()}${part()}`;
}
