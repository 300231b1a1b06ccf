// The life of this node's sessions, and what others learn of it. Which sessions there are: registry.ts. How
// each audience is reached: the files joined here.
import { deviceTypes, type CloseName, type PresenceState, type ServerEvent } from '@belfry/protocol';
import { Rounds } from '../concurrency/rounds.ts';
import type { PolicySet, ResolvedPage } from '../pages/policy-set.ts';
import type { AppId } from '../ports/app-id.ts';
import type { SessionNews } from '../ports/bus-messages.ts';
import type { Bus } from '../ports/bus.ts';
import type { ConnectionOpened, Facts } from '../ports/facts.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { ConnectionRecord, Presence } from '../ports/presence.ts';
import type { ConversationStore } from '../ports/stores/conversations.ts';
import type { DeliveredMeans } from '../ports/stores/tenancy.ts';
import type { UserStore } from '../ports/stores/users.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { Acquaintances } from './acquaintances.ts';
import { Closing, type CloseUserOptions } from './closing.ts';
import { ConnectionHistory } from './connection-history.ts';
import { Elsewhere } from './elsewhere.ts';
import { enforcePolicies } from './enforce.ts';
import { Following } from './following.ts';
import { LastSeen } from './last-seen.ts';
import { Monitors } from './monitors.ts';
import { NodeNews } from './node-news.ts';
import { PresenceRecords } from './presence-records.ts';
import type { Registry } from './registry.ts';
import type { Session } from './session.ts';
import { Telling } from './telling.ts';
import { TopicPresence } from './topic-presence.ts';
import { dropForbiddenTopics } from './topics.ts';
import { createUserStates, type UserDeviceInfo, type UserStates } from './user-states.ts';
import { Watches } from './watches.ts';

/** The attention that a client reports in heartbeats and acknowledgements. */
export interface Attention {
  visible?: boolean | undefined;
  attended?: boolean | undefined;
  rttMs?: number | undefined;
  policyVersion?: number | undefined;
}

export interface SessionsDeps {
  registry: Registry;
  /** As presence names this node. */
  node: string;
  presence: Presence;
  bus: Bus;
  users: Pick<UserStore, 'get' | 'merge'>;
  conversations: Pick<ConversationStore, 'sharing'>;
  surroundings: Surroundings;
  facts: Pick<Facts, 'record'>;
  /** Users one session may watch at a time; 1,000 when left out. */
  watchesPerSession?: number;
  /** Connections that are looked at to say who is in a topic; 500 when left out. */
  membersOfTopic?: number;
  /** There is no other node: presence knows that by itself, and nothing of others is kept at hand. */
  isAlone?: boolean;
  /** Hears of every session of this node that came, changed or went. Must be quick. */
  views?: { changed: (session: Session) => void };
}

/**
 * As often as a lease can run out: a user whose node died is reported offline within one round and the grace.
 */
const sweepMs = 15_000;

export class Sessions {
  /** The connections of other nodes, kept at hand. */
  readonly elsewhere: Elsewhere;
  readonly topics: TopicPresence;
  readonly #registry: Registry;
  readonly #surroundings: Surroundings;
  readonly #facts: Pick<Facts, 'record'>;
  readonly #following: Following;
  readonly #lastSeen: LastSeen;
  readonly #records: PresenceRecords;
  readonly #monitors: Monitors;
  readonly #news: NodeNews;
  readonly #states: UserStates;
  readonly #acquaintances: Acquaintances;
  readonly #watches: Watches;
  readonly #closing: Closing;
  readonly #telling: Telling;
  /** Sessions of which others have heard. */
  readonly #announced = new WeakSet<Session>();
  readonly #sweeps: Rounds;
  readonly #seenAgain: (() => void)[] = [];
  readonly #views: SessionsDeps['views'];

  constructor(deps: SessionsDeps) {
    const { registry, presence, bus, users, conversations, surroundings, facts, watchesPerSession = 1000 } = deps;
    const { isAlone = false } = deps;
    const { clock, log, metrics } = surroundings;
    this.#registry = registry;
    this.#surroundings = surroundings;
    this.#facts = facts;
    this.#views = deps.views;
    const following = new Following({ bus, surroundings });
    this.#following = following;
    this.elsewhere = new Elsewhere({
      presence,
      clock,
      heardSince: (app) => (isAlone ? undefined : following.heardSince(app)),
    });
    this.#lastSeen = new LastSeen({ users, surroundings });
    this.#records = new PresenceRecords(presence, log);
    this.#monitors = new Monitors(clock);
    this.#news = new NodeNews({ bus, node: deps.node, surroundings });
    this.#states = createUserStates({ presence, users, lastSeen: this.#lastSeen, clock });
    this.#acquaintances = new Acquaintances(conversations);
    this.#watches = new Watches({
      ...{ states: this.#states, acquaintances: this.#acquaintances },
      ...{ perSession: watchesPerSession, surroundings },
    });
    this.topics = new TopicPresence({
      ...{ presence, records: this.#records, news: this.#news },
      ...{ limit: deps.membersOfTopic ?? 500, surroundings },
    });
    this.#closing = new Closing({ registry, presence, bus });
    this.#telling = new Telling({ registry, presence, bus });
    this.#sweeps = new Rounds({ clock, everyMs: sweepMs, run: () => this.#sweep() });
    this.#news.onNews((app, news) => this.#onNews(app, news));
    bus.onState((state) => {
      this.elsewhere.forget();
      if (state === 'up') void this.#repair();
    });
    metrics.onCollect(() => collectConnections(registry, metrics));
  }

  /**
   * Puts the session in the registry at once, and resolves when every node can see it. Never rejects:
   * presence that is away is made good later.
   */
  async open(session: Session): Promise<void> {
    const { clock, metrics, log } = this.#surroundings;
    session.openedAtMs = clock.monotonic();
    this.#registry.add(session);
    this.#views?.changed(session);
    this.#monitors.place(session);
    metrics.count('connections_opened_total');
    log.info('connection opened', logFields(session));
    this.#facts.record(session.app, { type: 'connection.opened', ...factData(session, clock.now()) });
    this.#lastSeen.record(session);
    await Promise.all([this.#following.add(session.app), this.#records.join(session)]);
    // It may have gone meanwhile: a session that nobody has heard of goes without a word.
    if (session.closed) return;
    this.#announced.add(session);
    const data = { ...connectionData(session), connectedAt: session.connectedAt };
    this.#monitors.report(session.app, 'device_connected', data);
    this.#watches.changed(session.app, [session.userId]);
    this.#news.report(session.app, 'connected', data);
  }

  /**
   * Takes the session out of the registry at once; `code` is the WebSocket's. Resolves when no node sees it
   * any more. A second call does nothing.
   */
  async closed(session: Session, code: number): Promise<void> {
    const { clock, metrics, log } = this.#surroundings;
    session.closed = true;
    if (!this.#registry.remove(session)) return;
    ConnectionHistory.closed(session, code, clock.now());
    this.#views?.changed(session);
    this.#monitors.remove(session);
    this.#watches.drop(session);
    this.topics.drop(session);
    metrics.count('connections_closed_total', [String(code)]);
    log.info('connection closed', { ...logFields(session), code });
    this.#facts.record(session.app, { type: 'connection.closed', ...factData(session, clock.now()), code });
    this.#lastSeen.record(session);
    await this.#records.leave(session);
    this.#following.remove(session.app);
    this.#watches.changed(session.app, [session.userId]);
    this.topics.gone(session);
    if (!this.#announced.has(session)) return;
    const data = { ...connectionData(session), disconnectedAt: new Date(clock.now()).toISOString() };
    this.#monitors.report(session.app, 'device_disconnected', data);
    this.#news.report(session.app, 'disconnected', data);
  }

  /**
   * The page changed; topics that it does not allow are dropped. The caller has checked that the page is
   * enabled. Resolves when presence knows.
   */
  async moved(session: Session, page: ResolvedPage): Promise<void> {
    const before = session.page;
    const { path: from, policy } = before;
    session.page = page;
    // What the client confirmed was of another page's policy.
    if (policy.pattern !== page.policy.pattern) session.policyVersion = undefined;
    if (session.closed) return;
    ConnectionHistory.moved(session, before, this.#surroundings.clock.now());
    this.#views?.changed(session);
    if (from !== page.path) {
      const moved = factData(session, this.#surroundings.clock.now());
      this.#facts.record(session.app, { type: 'connection.moved', ...moved, from });
    }
    this.#monitors.place(session);
    dropForbiddenTopics(this.#registry, session);
    const { page: path, pattern, connectionType, features } = session.record();
    const changed = this.#records.change(session, { page: path, pattern, connectionType, features });
    await Promise.all([changed, this.topics.changed(session)]);
    if (policy !== page.policy && this.#announced.has(session)) this.#news.report(session.app, 'moved', session.userId);
  }

  /**
   * The attention that the client reports; a field left out is as before, but for `attended`: as `visible`.
   */
  setAttention(session: Session, said: Attention): void {
    if (session.closed) return;
    if (said.rttMs !== undefined) {
      if (said.rttMs !== session.rttMs) this.#views?.changed(session);
      session.rttMs = said.rttMs;
      this.#surroundings.metrics.observe('client_round_trip_seconds', [], said.rttMs / 1000);
    }
    const { visible = session.visible, policyVersion = session.policyVersion } = said;
    const attended = visible && (said.attended ?? (said.visible === undefined ? session.attended : visible));
    const isSame = visible === session.visible && attended === session.attended;
    if (isSame && policyVersion === session.policyVersion) return;
    if (policyVersion !== undefined && policyVersion !== session.policyVersion) {
      ConnectionHistory.confirmed(session, policyVersion, this.#surroundings.clock.now());
    }
    Object.assign(session, { visible, attended, policyVersion });
    this.#views?.changed(session);
    const confirmed = policyVersion === undefined ? {} : { policyVersion };
    void this.#records.change(session, { visible, attended, ...confirmed });
  }

  /** The app's setting has changed: what is acknowledged from now on counts by the new one. */
  setDeliveredMeans(app: AppId, means: DeliveredMeans): void {
    for (const session of this.#registry.ofApp(app) ?? []) session.deliveredMeans = means;
  }

  /** The user's connections on all nodes, oldest first. */
  info(app: AppId, userId: string): Promise<UserDeviceInfo[]> {
    return this.#states.info(app, userId);
  }

  /** In the order asked. An unknown user is offline. */
  presenceOf(app: AppId, userIds: readonly string[]): Promise<PresenceState[]> {
    return this.#states.presenceOf(app, userIds);
  }

  /** The users of `userIds` whose presence the session may get; rejects with `unavailable`. */
  knownTo(session: Session, userIds: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#acquaintances.knownTo(session, userIds);
  }

  /**
   * Starts or ends `presence_update` events about these users; throws `too_many`. To be called before
   * `presenceOf`, or a change between is missed.
   */
  watch(session: Session, userIds: readonly string[], on: boolean): void {
    if (on) this.#watches.watch(session, userIds);
    else this.#watches.unwatch(session, userIds);
  }

  /** False when no node has the connection. */
  disconnect(app: AppId, connectionId: string, code: CloseName): Promise<boolean> {
    return this.#closing.disconnect(app, connectionId, code);
  }

  /** False when no node has the connection. */
  tell(app: AppId, connectionId: string, event: ServerEvent): Promise<boolean> {
    return this.#telling.tell(app, connectionId, event);
  }

  /** Closes the connection that `by` takes the place of, where it is the same user's. Never rejects. */
  replace(by: Session, connectionId: string): Promise<void> {
    return this.#closing.replace(by, connectionId);
  }

  /**
   * Here at once, elsewhere as the bus brings it; rejects with `unavailable` when the bus does not take it.
   */
  closeUser(app: AppId, userId: string, options: CloseUserOptions): Promise<void> {
    return this.#closing.closeUser(app, userId, options);
  }

  /** This node's connections of the app; every node learns of a changed app by itself. */
  closeApp(app: AppId, code: CloseName): void {
    this.#closing.closeApp(app, code);
  }

  /**
   * Resolves every session's page anew. A session that has another policy now is told, and is closed when the
   * page is off or wants a user.
   */
  enforce(app: AppId, set: Pick<PolicySet, 'resolve'>): void {
    const { clock } = this.#surroundings;
    const sessions = [...(this.#registry.ofApp(app) ?? [])];
    enforcePolicies(sessions, set, { clock, place: (session, page) => void this.moved(session, page) });
  }

  /** Another node is gone: nobody publishes that its connections went. */
  nodeGone(): void {
    this.elsewhere.forget();
    this.#watches.sweep();
    this.topics.sweep();
  }

  /** For a while presence did not show connections of this node to all others, and it does again. */
  seenAgain(): void {
    this.elsewhere.forget();
    void this.#repair();
    this.#tellSeenAgain(this.#registry.sessions());
  }

  /** Calls `listen` when events may have passed this node by, since presence did not show its connections. */
  onSeenAgain(listen: () => void): void {
    this.#seenAgain.push(listen);
  }

  start(): void {
    this.#sweeps.start();
  }

  /** Reports and stores what waits. The sessions must be closed before. */
  async stop(): Promise<void> {
    await this.#sweeps.stop();
    this.#watches.stop();
    this.topics.stop();
    await this.#news.stop();
    await Promise.all([this.#lastSeen.stop(), this.#following.stop()]);
  }

  #onNews(app: AppId, news: SessionNews): void {
    const { connected, disconnected, moved = [], topics = [], node } = news;
    const users = new Set([...connected, ...disconnected].map(({ userId }) => userId));
    this.elsewhere.changed(app, users);
    const userIds = new Set([...connected.map(({ userId }) => userId), ...moved]);
    this.elsewhere.arrived(app, { userIds, node });
    for (const data of connected) this.#monitors.report(app, 'device_connected', data);
    for (const data of disconnected) this.#monitors.report(app, 'device_disconnected', data);
    this.#watches.changed(app, users);
    this.topics.read(app, topics);
  }

  #sweep(): void {
    this.#watches.sweep();
    this.topics.sweep();
    void this.#repair();
  }

  async #repair(): Promise<void> {
    const repaired = await this.#records.repair();
    if (repaired.length > 0) this.#tellSeenAgain(repaired);
  }

  #tellSeenAgain(sessions: Iterable<Session>): void {
    for (const session of sessions) {
      if (this.#announced.has(session)) this.#news.report(session.app, 'moved', session.userId);
    }
    for (const listen of this.#seenAgain) listen();
  }
}

function connectionData(session: Session): Pick<ConnectionRecord, 'userId' | 'connectionId' | 'deviceType' | 'page'> {
  return { userId: session.userId, connectionId: session.id, deviceType: session.device.type, page: session.page.path };
}

function factData(session: Session, atMs: number): Omit<ConnectionOpened, 'type'> {
  const { id: connectionId, userId, device, page, node } = session;
  return { atMs, connectionId, userId, deviceId: device.id, deviceType: device.type, page: page.path, node };
}

function logFields(session: Session): Record<string, unknown> {
  return {
    connectionId: session.id,
    userId: session.userId,
    deviceType: session.device.type,
    page: session.page.path,
    app: session.app,
  };
}

const roles = ['user', 'visitor'] as const;

function collectConnections(registry: Registry, metrics: Metrics): void {
  const counts = new Map<string, number>();
  for (const deviceType of deviceTypes) for (const role of roles) counts.set(`${deviceType} ${role}`, 0);
  for (const session of registry.sessions()) {
    const key = `${session.device.type} ${session.visitor ? 'visitor' : 'user'}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const [key, count] of counts) metrics.set('connections', key.split(' '), count);
}
