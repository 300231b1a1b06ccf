// Tells the other nodes which connections came and went here, many in one message, and hears the same of theirs. Who is told then: monitors, watches.
import { anyUserIdSchema, deviceTypeSchema } from '@belfry/protocol';
import * as z from 'zod';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

const connectionSchema = z.object({
  userId: anyUserIdSchema,
  connectionId: z.string(),
  deviceType: deviceTypeSchema,
  page: z.string(),
});

const newsSchema = z.object({
  connected: z.array(connectionSchema.extend({ connectedAt: z.string() })),
  disconnected: z.array(connectionSchema.extend({ disconnectedAt: z.string() })),
});

/** Connections that came and went; the data of `device_connected` and `device_disconnected`. */
export type News = z.infer<typeof newsSchema>;

const busType = 'session_news';
/** A thousand clients that come back at once are a few messages instead of a thousand; nobody notices 50 ms in who is here. */
const gatherMs = 50;
/** Keeps a bus message below about 100 KiB. */
const entriesPerMessage = 500;

export interface NodeNews {
  report<K extends keyof News>(app: AppId, what: K, entry: News[K][number]): void;
  onNews(listen: (app: AppId, news: News) => void): void;
  stop(): Promise<void>;
}

export function createNodeNews({ bus, clock, log }: { bus: Bus; clock: Clock; log: Log }): NodeNews {
  const waiting = new Map<AppId, News>();
  const listeners: ((app: AppId, news: News) => void)[] = [];
  let timer: Timer | undefined;

  bus.on(busType, (app, body) => {
    const news = newsSchema.safeParse(body);
    if (!news.success) {
      log.debug('session news of another node could not be read', { app });
      return;
    }
    for (const listen of listeners) listen(app, news.data);
  });

  async function publish(app: AppId, news: News): Promise<void> {
    waiting.delete(app);
    // Lost news is made good by the watches' sweep; monitors see the present state whenever they ask for it.
    await bus.publish(app, { type: busType, body: news }).catch((error: unknown) => {
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
      const list: News[typeof what][number][] = news[what];
      list.push(entry);
      if (news.connected.length + news.disconnected.length >= entriesPerMessage) void publish(app, news);
      timer ??= clock.after(gatherMs, () => void publishAll());
    },
    onNews: (listen) => listeners.push(listen),
    stop: publishAll,
  };
}
