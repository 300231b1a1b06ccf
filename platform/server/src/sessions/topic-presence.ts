// Who is there in topics: shows the users of sessions here where their page or token allows it, and tells those
// who watch a topic. Subscribing is the registry's.
import type { AppId } from '../ports/app-id.ts';
import type { Presence } from '../ports/presence.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { NodeNews } from './node-news.ts';
import type { PresenceRecords } from './presence-records.ts';
import type { Session } from './session.ts';
import { isShownIn } from './topics.ts';
import { WatchedTopic } from './watched-topic.ts';

interface TopicPresenceDeps {
  presence: Pick<Presence, 'ofTopic'>;
  records: Pick<PresenceRecords, 'change'>;
  news: Pick<NodeNews, 'reportTopics'>;
  /** Connections that are looked at to say who is in a topic. */
  limit: number;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

export class TopicPresence {
  readonly #deps: TopicPresenceDeps;
  readonly #apps = new Map<AppId, Map<string, WatchedTopic>>();

  constructor(deps: TopicPresenceDeps) {
    this.#deps = deps;
  }

  /**
   * To be called after a change of the session's topics, or of what allows them. Resolves when every node can see
   * where it is shown.
   */
  async changed(session: Session): Promise<void> {
    const before = session.shownIn;
    const after = [...session.topics].filter((topic) => isShownIn(session, topic));
    const gone = before.filter((topic) => !after.includes(topic));
    const changed = [...gone, ...after.filter((topic) => !before.includes(topic))];
    if (session.closed || changed.length === 0) return;
    session.shownIn = after;
    for (const topic of gone) this.#unwatch(session, topic);
    await this.#deps.records.change(session, { topics: after });
    this.#report(session.app, changed);
  }

  /** Starts or ends `topic_presence` events of a topic in which the session is shown. */
  watch(session: Session, topic: string, on: boolean): void {
    if (!on) this.#unwatch(session, topic);
    else if (!session.closed) this.#watched(session.app, topic).add(session);
  }

  /** The session is going. */
  drop(session: Session): void {
    for (const topic of session.shownIn) this.#unwatch(session, topic);
  }

  /** Presence has the session no more. */
  gone(session: Session): void {
    if (session.shownIn.length > 0) this.#report(session.app, session.shownIn);
  }

  /** Others are shown in these topics, on some node. A hint: it may be lost, doubled or late. */
  read(app: AppId, topics: readonly string[]): void {
    const ofApp = this.#apps.get(app);
    if (ofApp !== undefined) for (const topic of topics) ofApp.get(topic)?.readSoon();
  }

  /** Finds changes that a lost hint, or a node that died, did not report. */
  sweep(): void {
    for (const ofApp of this.#apps.values()) for (const topic of ofApp.values()) topic.readSoon();
  }

  stop(): void {
    for (const ofApp of this.#apps.values()) for (const topic of ofApp.values()) topic.end();
    this.#apps.clear();
  }

  #report(app: AppId, topics: readonly string[]): void {
    this.read(app, topics);
    this.#deps.news.reportTopics(app, topics);
  }

  #watched(app: AppId, topic: string): WatchedTopic {
    const ofApp = this.#apps.get(app) ?? new Map<string, WatchedTopic>();
    this.#apps.set(app, ofApp);
    let watched = ofApp.get(topic);
    if (watched === undefined) {
      const { presence, limit, surroundings } = this.#deps;
      ofApp.set(topic, (watched = new WatchedTopic({ app, topic, presence, limit, surroundings })));
    }
    return watched;
  }

  #unwatch(session: Session, topic: string): void {
    const ofApp = this.#apps.get(session.app);
    const watched = ofApp?.get(topic);
    if (ofApp === undefined || watched === undefined) return;
    watched.remove(session);
    if (watched.isWatched) return;
    watched.end();
    ofApp.delete(topic);
    if (ofApp.size === 0) this.#apps.delete(session.app);
  }
}
