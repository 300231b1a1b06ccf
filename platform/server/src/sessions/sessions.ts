// The life of this node's sessions, and who learns of it. Which sessions there are: registry; how each audience is told: the files joined here.
import { deviceTypes, type CloseName, type PresenceState } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Presence } from '../ports/presence.ts';
import type { UserStore } from '../ports/stores/users.ts';
import { createClosing, type CloseUserOptions } from './closing.ts';
import { enforcePolicies } from './enforce.ts';
import { createFollowing } from './following.ts';
import { createLastSeen } from './last-seen.ts';
import { createMonitors } from './monitors.ts';
import { createNodeNews } from './node-news.ts';
import type { PolicySet, ResolvedPage } from './page.ts';
import { createPresenceRecords } from './presence-records.ts';
import type { Registry } from './registry.ts';
import type { Session } from './session.ts';
import { dropForbiddenTopics, mayHaveTopic } from './topics.ts';
import { createUserStates, type UserDeviceInfo } from './user-states.ts';
import { createWatches } from './watches.ts';

export interface SessionsDeps {
  registry: Registry;
  presence: Presence;
  bus: Bus;
  users: UserStore;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Users one session may watch at a time; 1,000 when left out. */
  watchesPerSession?: number;
}

export interface Sessions {
  /** Puts the session in the registry at once, and resolves when every node can see it. Never rejects: presence that is away is made good later. */
  open(session: Session): Promise<void>;
  /** Takes it out of the registry at once; `code` is the WebSocket's. Resolves when no node sees it any more. Again: does nothing. */
  closed(session: Session, code: number): Promise<void>;
  /** The page changed; topics that it does not allow are dropped. Whether the page is enabled is the caller's to judge. Resolves when presence knows. */
  moved(session: Session, page: ResolvedPage): Promise<void>;
  setVisible(session: Session, visible: boolean): void;
  /** The user's connections on all nodes, oldest first. */
  info(app: AppId, userId: string): Promise<UserDeviceInfo[]>;
  /** In the order asked. Who is unknown is offline. */
  presenceOf(app: AppId, userIds: readonly string[]): Promise<PresenceState[]>;
  /** Starts or ends `presence_update` events about these users; throws `too_many`. To be called before `presenceOf`, or a change between is missed. */
  watch(session: Session, userIds: readonly string[], on: boolean): void;
  /** False when no node has it. */
  disconnect(app: AppId, connectionId: string, code: CloseName): Promise<boolean>;
  /** Closes the connection that `by` takes the place of, where it is the same user's. Never rejects. */
  replace(by: Session, connectionId: string): Promise<void>;
  /** Here at once, elsewhere as the bus brings it; rejects with `unavailable` when the bus does not take it. */
  closeUser(app: AppId, userId: string, options: CloseUserOptions): Promise<void>;
  /** This node's connections of the app; every node learns of a changed app by itself. */
  closeApp(app: AppId, code: CloseName): void;
  /** Resolves every session's page anew: who has another policy now is told, and closed when the page is off or wants a user. */
  enforce(app: AppId, set: PolicySet): void;
  /** Whether the session may subscribe: its token names the topic, or its page allows any. */
  mayHaveTopic(session: Session, topic: string): boolean;
  /** Called before anybody learns of the session. */
  onOpen(listen: (session: Session) => void): void;
  /** Called after it left the registry. */
  onClose(listen: (session: Session, code: number) => void): void;
  start(): void;
  /** Tells and stores what waits. The sessions must be closed before. */
  stop(): Promise<void>;
}

/** As often as a lease can run out: a user whose node died is told offline within one round and the grace. */
const sweepMs = 15_000;

export function createSessions(deps: SessionsDeps): Sessions {
  const { registry, presence, bus, clock, log, metrics } = deps;
  const following = createFollowing({ bus, clock, log });
  const lastSeen = createLastSeen({ users: deps.users, clock, log });
  const records = createPresenceRecords(presence, log);
  const monitors = createMonitors(clock);
  const news = createNodeNews({ bus, clock, log });
  const states = createUserStates({ presence, users: deps.users, lastSeen, clock });
  const watches = createWatches({
    presenceOf: (app, userIds) => states.presenceOf(app, userIds),
    clock,
    log,
    watchesPerSession: deps.watchesPerSession ?? 1000,
  });
  const closing = createClosing({ registry, presence, bus });
  /** Those of which others have heard. */
  const told = new WeakSet<Session>();
  const openListeners: ((session: Session) => void)[] = [];
  const closeListeners: ((session: Session, code: number) => void)[] = [];
  let sweep: Timer | undefined;

  news.onNews((app, { connected, disconnected }) => {
    for (const data of connected) monitors.report(app, 'device_connected', data);
    for (const data of disconnected) monitors.report(app, 'device_disconnected', data);
    watches.changed(app, new Set([...connected, ...disconnected].map(({ userId }) => userId)));
  });
  metrics.onCollect(() => collectConnections(registry, metrics));

  async function open(session: Session): Promise<void> {
    registry.add(session);
    monitors.place(session);
    for (const listen of openListeners) listen(session);
    metrics.count('connections_opened_total');
    log.info('connection opened', logFields(session));
    lastSeen.record(session);
    await Promise.all([following.add(session.app), records.join(session)]);
    // It may have gone meanwhile, and who goes untold has not come.
    if (session.closed) return;
    told.add(session);
    const data = { ...connectionData(session), connectedAt: session.connectedAt };
    monitors.report(session.app, 'device_connected', data);
    watches.changed(session.app, [session.userId]);
    news.report(session.app, 'connected', data);
  }

  async function closed(session: Session, code: number): Promise<void> {
    session.closed = true;
    if (!registry.remove(session)) return;
    monitors.remove(session);
    watches.drop(session);
    for (const listen of closeListeners) listen(session, code);
    metrics.count('connections_closed_total', [String(code)]);
    log.info('connection closed', { ...logFields(session), code });
    lastSeen.record(session);
    await records.leave(session);
    following.remove(session.app);
    watches.changed(session.app, [session.userId]);
    if (!told.has(session)) return;
    const data = { ...connectionData(session), disconnectedAt: new Date(clock.now()).toISOString() };
    monitors.report(session.app, 'device_disconnected', data);
    news.report(session.app, 'disconnected', data);
  }

  async function moved(session: Session, page: ResolvedPage): Promise<void> {
    session.page = page;
    if (session.closed) return;
    monitors.place(session);
    dropForbiddenTopics(registry, session);
    const { page: path, pattern, connectionType, features } = session.record();
    await records.change(session, { page: path, pattern, connectionType, features });
  }

  function sweepLater(): void {
    sweep = clock.after(sweepMs, () => {
      sweepLater();
      watches.sweep();
      void records.repair();
    });
  }

  return {
    open,
    closed,
    moved,
    setVisible(session, visible) {
      if (session.visible === visible || session.closed) return;
      session.visible = visible;
      void records.change(session, { visible });
    },
    ...states,
    ...closing,
    watch: (session, userIds, on) => watches.watch(session, userIds, on),
    enforce(app, set) {
      const sessions = [...(registry.ofApp(app) ?? [])];
      enforcePolicies(sessions, set, { clock, place: (session, page) => void moved(session, page) });
    },
    mayHaveTopic,
    onOpen: (listen) => openListeners.push(listen),
    onClose: (listen) => closeListeners.push(listen),
    start() {
      if (sweep === undefined) sweepLater();
    },
    async stop() {
      sweep?.cancel();
      watches.stop();
      await news.stop();
      await Promise.all([lastSeen.stop(), following.stop()]);
    },
  };
}

function connectionData(session: Session): {
  userId: string;
  connectionId: string;
  deviceType: Session['device']['type'];
  page: string;
} {
  return { userId: session.userId, connectionId: session.id, deviceType: session.device.type, page: session.page.path };
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
