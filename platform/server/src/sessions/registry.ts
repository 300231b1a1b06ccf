// The open sessions of this node, found by id, user, app and topic. Sessions of other nodes are in presence.
import type { AppId } from '../ports/app-id.ts';
import type { OwnedRecord } from '../ports/presence.ts';
import type { Session } from './session.ts';

/**
 * Every method is synchronous and allocates nothing on look-up. The sets it returns change as sessions come
 * and go; a user then has another list.
 */
export class Registry {
  readonly #byId = new Map<string, Session>();
  readonly #apps = new Map<AppId, AppSessions>();
  /** How often a session came, went, or changed its topics. */
  #changes = 0;

  get size(): number {
    return this.#byId.size;
  }

  add(session: Session): void {
    this.#byId.set(session.id, session);
    let app = this.#apps.get(session.app);
    if (app === undefined) {
      app = { all: new Set(), users: new Map(), topics: new Map(), changedAt: 0 };
      this.#apps.set(session.app, app);
    }
    this.#recordChange(app);
    app.all.add(session);
    const others = app.users.get(session.userId) ?? none;
    session.hereSince = others[0]?.hereSince ?? this.#changes;
    app.users.set(session.userId, others.concat(session));
    for (const topic of session.topics) addTo(app.topics, topic, session);
  }

  /** False when it was not here. */
  remove(session: Session): boolean {
    if (this.#byId.get(session.id) !== session) return false;
    this.#byId.delete(session.id);
    const app = this.#apps.get(session.app);
    if (app === undefined) return true;
    this.#recordChange(app);
    app.all.delete(session);
    removeFromUser(app.users, session);
    for (const topic of session.topics) removeFrom(app.topics, topic, session);
    if (app.all.size === 0) this.#apps.delete(session.app);
    return true;
  }

  byId(id: string): Session | undefined {
    return this.#byId.get(id);
  }

  ofUser(app: AppId, userId: string): readonly Session[] {
    return this.#apps.get(app)?.users.get(userId) ?? none;
  }

  ofApp(app: AppId): ReadonlySet<Session> | undefined {
    return this.#apps.get(app)?.all;
  }

  /** Another number whenever a session of the app has come, gone, or changed its topics; 0 without any. */
  changes(app: AppId): number {
    return this.#apps.get(app)?.changedAt ?? 0;
  }

  ofTopic(app: AppId, topic: string): ReadonlySet<Session> | undefined {
    return this.#apps.get(app)?.topics.get(topic);
  }

  /**
   * The caller has checked that the topic is allowed. A session that is not here is subscribed when it is
   * added.
   */
  subscribe(session: Session, topic: string): void {
    session.topics = new Set([...session.topics, topic]);
    const app = this.#apps.get(session.app);
    if (app?.all.has(session) !== true) return;
    this.#recordChange(app);
    addTo(app.topics, topic, session);
  }

  unsubscribe(session: Session, topic: string): void {
    session.topics = new Set([...session.topics].filter((other) => other !== topic));
    const app = this.#apps.get(session.app);
    if (app === undefined) return;
    this.#recordChange(app);
    removeFrom(app.topics, topic, session);
  }

  #recordChange(app: AppSessions): void {
    this.#changes += 1;
    app.changedAt = this.#changes;
  }

  sessions(): IterableIterator<Session> {
    return this.#byId.values();
  }

  /** The records of this node for presence. */
  *records(): IterableIterator<OwnedRecord> {
    for (const session of this.#byId.values()) yield { app: session.app, record: session.record() };
  }
}

interface AppSessions {
  readonly all: Set<Session>;
  /**
   * Lists, not sets: nearly all users have one or two connections, and a set takes four times the memory of
   * such a list.
   */
  readonly users: Map<string, readonly Session[]>;
  readonly topics: Map<string, Set<Session>>;
  changedAt: number;
}

const none: readonly Session[] = [];

function removeFromUser(users: Map<string, readonly Session[]>, session: Session): void {
  const left = users.get(session.userId)?.filter((other) => other !== session) ?? none;
  if (left.length === 0) users.delete(session.userId);
  else users.set(session.userId, left);
}

function addTo(index: Map<string, Set<Session>>, key: string, session: Session): void {
  const sessions = index.get(key);
  if (sessions === undefined) index.set(key, new Set([session]));
  else sessions.add(session);
}

function removeFrom(index: Map<string, Set<Session>>, key: string, session: Session): void {
  const sessions = index.get(key);
  if (sessions?.delete(session) === true && sessions.size === 0) index.delete(key);
}
