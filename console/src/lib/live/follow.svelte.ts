// Reads anew what is reported as changed on a topic of the console's app: once at a time, and once more for what was
// reported meanwhile. Which parts changed is the event's.
import type { ServerEvent } from '@belfry/client';
import { live } from './connection.svelte.ts';

/** What changed between a read and the subscription is read by then. */
const settledAfterMs = 1000;

interface Followed {
  /** Undefined until it is known. */
  topic: () => string | undefined;
  /** `events`: none where it is unknown what changed. */
  read: (events: readonly ServerEvent[]) => Promise<unknown>;
  /** Between the end of one read and the beginning of the next. */
  restMs?: () => number;
}

/** For a component, until it goes. */
export function follow({ topic, read, restMs = () => 0 }: Followed): void {
  // The same name is the same topic.
  const name = $derived(topic());
  $effect(() => {
    if (name === undefined) return undefined;
    let isOver = false;
    let isBusy = false;
    let isTold = false;
    let events: ServerEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function readNow(): Promise<void> {
      isTold = true;
      if (isBusy || isOver) return;
      isBusy = true;
      isTold = false;
      const heard = events;
      events = [];
      // What fails is said by whose it is, and read again by and by.
      await read(heard).catch(() => undefined);
      clearTimeout(timer);
      timer = setTimeout(() => {
        isBusy = false;
        if (isTold) void readNow();
      }, restMs());
    }
    const end = live.topic(name, (event) => {
      events.push(event);
      void readNow();
    });
    const endReturns = live.onReturn(() => {
      events = [];
      void readNow();
    });
    const settled = setTimeout(() => void readNow(), settledAfterMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
      clearTimeout(settled);
      endReturns();
      end();
    };
  });
}

/** Where nothing is live, as often as anything; else so that the server goes on knowing that somebody looks. */
export function followedEveryMs(): number {
  return live.state === 'live' ? 300_000 : 10_000;
}
