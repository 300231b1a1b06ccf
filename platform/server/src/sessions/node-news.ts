// Tells the other nodes which connections came and went here, many in one message, and hears the same of theirs. Who is told then: monitors, watches.
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { SessionNews } from '../ports/bus-messages.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** A thousand clients that come back at once are a few messages instead of a thousand; nobody notices 50 ms in who is here. */
const gatherMs = 50;
/** Keeps a bus message below about 100 KiB. */
const entriesPerMessage = 500;

export interface NodeNews {
  report<K extends keyof SessionNews>(app: AppId, what: K, entry: SessionNews[K][number]): void;
  onNews(listen: (app: AppId, news: SessionNews) => void): void;
  stop(): Promise<void>;
}

export function createNodeNews({ bus, clock, log }: { bus: Pick<Bus, 'events'>; clock: Clock; log: Log }): NodeNews {
  const waiting = new Map<AppId, SessionNews>();
  const listeners: ((app: AppId, news: SessionNews) => void)[] = [];
  let timer: Timer | undefined;

  bus.events.on('session_news', (app, news) => {
    for (const listen of listeners) listen(app, news);
  });

  async function publish(app: AppId, news: SessionNews): Promise<void> {
    waiting.delete(app);
    // Lost news is made good by the watches' sweep; monitors see the present state whenever they ask for it.
    await bus.events.publish(app, { type: 'session_news', ...news }).catch((error: unknown) => {
      log.debug('session news could not be told', { app, err: error });
    });
  }

  async function publishAll(): Promise<void> {
    timer?.cancel();
    timer = undefined;
    await Promise.all([...waiting].map(([app, news]) => publish(app, news)));
  }

  return {
    report(app, what, entry) {
      let news = waiting.get(app);
      if (news === undefined) waiting.set(app, (news = { connected: [], disconnected: [] }));
      const list: SessionNews[typeof what][number][] = news[what];
      list.push(entry);
      if (news.connected.length + news.disconnected.length >= entriesPerMessage) void publish(app, news);
      timer ??= clock.after(gatherMs, () => void publishAll());
    },
    onNews: (listen) => listeners.push(listen),
    stop: publishAll,
  };
}
