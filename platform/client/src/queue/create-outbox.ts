// The outbox as the core has it: takes messages at once, and fetches the queue that keeps and sends them when there is something to send.
import { createListeners } from '../listeners.ts';
import type { Draft, Outbox, QueuedMessage, Surroundings } from '../types.ts';
import type { MessageQueue, QueueDeps } from './message-queue.ts';

export interface SendingOutbox extends Outbox {
  add: (draft: Draft) => QueuedMessage;
  /** What waits stays in storage. */
  stop(): Promise<void>;
}

/** After the queue's code could not be fetched, as while offline. */
const againMs = 5000;

export function createOutbox(deps: QueueDeps): SendingOutbox {
  const { surroundings } = deps;
  const listeners = createListeners<QueuedMessage>(surroundings.report);
  /** Handed over before the queue was there. */
  let early: QueuedMessage[] = [];
  let queue: MessageQueue | undefined;
  let fetching: Promise<MessageQueue> | undefined;
  let endTimer: (() => void) | undefined;
  let count = 0;
  // What an earlier life of the page left is in the queue's storage.
  const endReady = deps.onReady(fetchQueue);

  return {
    add(draft) {
      const cid = draft.cid ?? newCid((count += 1), surroundings);
      if (queue) return queue.add(draft, cid);
      fetchQueue();
      const known = early.find((message) => message.cid === cid);
      if (known) return known;
      // A copy: the application may go on changing its own.
      const copy = JSON.parse(JSON.stringify(draft)) as Draft;
      const message = { cid, draft: copy, state: 'queued', queuedAt: surroundings.clock.now() } as const;
      early.push(message);
      listeners.tell(message);
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
      surroundings.report(error);
      endTimer = surroundings.clock.setTimer(fetchQueue, againMs);
    });
  }

  function fetched(): Promise<MessageQueue> {
    fetching ??= import('./message-queue.ts').then(
      ({ createMessageQueue }) => {
        queue = createMessageQueue(deps, listeners.tell);
        for (const { draft, cid } of early) queue.add(draft, cid);
        early = [];
        // What lies in storage is looked for, and sent.
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

/** The count is different within a tab, chance between tabs and devices. */
function newCid(count: number, surroundings: Surroundings): string {
  const part = (): string => surroundings.random().toString(36).slice(2, 12);
  return `${surroundings.clock.now().toString(36)}-${count}-${part()}${part()}`;
}
