// Publishes to other nodes which connections came and went here, many in one message, and takes theirs.
// Reporting them here: sessions.ts.
import type { AppId } from '../ports/app-id.ts';
import type { SessionNews } from '../ports/bus-messages.ts';
import type { Bus } from '../ports/bus.ts';
import type { Timer } from '../ports/clock.ts';
import type { Surroundings } from '../ports/surroundings.ts';

/**
 * A thousand clients that come back at once are a few messages instead of a thousand; nobody notices 50 ms in
 * a list of users.
 */
const gatherMs = 50;
/** Keeps a bus message below about 100 KiB. */
const entriesPerMessage = 500;

interface NodeNewsDeps {
  bus: Pick<Bus, 'events'>;
  /** As presence names this node. */
  node: string;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

type News = Required<Pick<SessionNews, 'connected' | 'disconnected' | 'moved'>> & { topics: string[] };

export class NodeNews {
  readonly #deps: NodeNewsDeps;
  readonly #waiting = new Map<AppId, News>();
  #timer: Timer | undefined;

  constructor(deps: NodeNewsDeps) {
    this.#deps = deps;
  }

  /** Calls `listen` with the news of other nodes. */
  onNews(listen: (app: AppId, news: SessionNews) => void): void {
    this.#deps.bus.events.on('session_news', listen);
  }

  report<K extends Exclude<keyof News, 'topics'>>(app: AppId, what: K, entry: News[K][number]): void {
    const news = this.#of(app);
    const list: News[typeof what][number][] = news[what];
    list.push(entry);
    this.#publishLater(app, news);
  }

  /** Others are shown in these topics now. */
  reportTopics(app: AppId, topics: readonly string[]): void {
    const news = this.#of(app);
    for (const topic of topics) if (!news.topics.includes(topic)) news.topics.push(topic);
    this.#publishLater(app, news);
  }

  #of(app: AppId): News {
    const waiting = this.#waiting.get(app) ?? { connected: [], disconnected: [], moved: [], topics: [] };
    this.#waiting.set(app, waiting);
    return waiting;
  }

  #publishLater(app: AppId, news: News): void {
    const entries = Object.values(news).reduce((sum, list) => sum + list.length, 0);
    if (entries >= entriesPerMessage) void this.#publish(app, news);
    this.#timer ??= this.#deps.surroundings.clock.after(gatherMs, () => void this.#publishAll());
  }

  /** Publishes what waits. */
  async stop(): Promise<void> {
    await this.#publishAll();
  }

  async #publishAll(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    await Promise.all([...this.#waiting].map(([app, news]) => this.#publish(app, news)));
  }

  async #publish(app: AppId, { moved, topics, ...always }: News): Promise<void> {
    this.#waiting.delete(app);
    const { bus, node } = this.#deps;
    try {
      const more = { ...(moved.length > 0 && { moved }), ...(topics.length > 0 && { topics }) };
      await bus.events.publish(app, { type: 'session_news', ...always, ...more, node });
    } catch (error) {
      // The sweep of the watches finds what lost news did not say; monitors see the present state whenever
      // they ask for it.
      this.#deps.surroundings.log.debug('session news could not be published', { app, err: error });
    }
  }
}
