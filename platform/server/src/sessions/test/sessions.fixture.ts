// Parts for tests of sessions and the gateway: presence for several nodes of one process, a log and metrics
// that remember. Clock, bus and outlet are in test/support.
import { MemoryPresenceHub } from '../../drivers/presence/memory/memory-presence-hub.ts';
import { asAppId, type AppId } from '../../ports/app-id.ts';
import type { PolicySet, ResolvedPage } from '../../pages/policy-set.ts';
import type { Log } from '../../ports/log.ts';
import type { MetricName, Metrics } from '../../ports/metrics.ts';
import type { ConnectionRecord, Presence } from '../../ports/presence.ts';
import type { ConversationStore } from '../../ports/stores/conversations.ts';
import type { UserProfile, UserStore } from '../../ports/stores/users.ts';
import { FakeOutlet } from '../../../test/support/fake-outlet.ts';
import { Session, type SessionInit } from '../session.ts';

export { settled } from '../../../test/support/virtual-clock.ts';

export const demo = asAppId('demo');

export class RecordedLog implements Log {
  readonly lines: { level: string; msg: string; fields: Readonly<Record<string, unknown>> }[] = [];
  debug = (msg: string, fields = {}): void => void this.lines.push({ level: 'debug', msg, fields });
  info = (msg: string, fields = {}): void => void this.lines.push({ level: 'info', msg, fields });
  warn = (msg: string, fields = {}): void => void this.lines.push({ level: 'warn', msg, fields });
  error = (msg: string, fields = {}): void => void this.lines.push({ level: 'error', msg, fields });
  child = (): Log => this;
  isDebug = (): boolean => true;
  of(level: string): string[] {
    return this.lines.filter((line) => line.level === level).map(({ msg }) => msg);
  }
}

export class RecordedMetrics implements Metrics {
  readonly #values = new Map<string, number>();
  readonly #collectors: (() => void | Promise<void>)[] = [];
  count(name: MetricName, labels: readonly string[] = [], by = 1): void {
    this.set(name, labels, this.value(name, labels) + by);
  }
  observe(): void {}
  set(name: MetricName, labels: readonly string[], value: number): void {
    this.#values.set([name, ...labels].join(' '), value);
  }
  onCollect(collect: () => void | Promise<void>): void {
    this.#collectors.push(collect);
  }
  async collect(): Promise<void> {
    for (const collect of this.#collectors) await collect();
  }
  value(name: MetricName, labels: readonly string[] = []): number {
    return this.#values.get([name, ...labels].join(' ')) ?? 0;
  }
}

/** Shared by all nodes of a test. */
export class Installation {
  readonly records = new Map<string, ConnectionRecord>();
  readonly profiles = new Map<string, UserProfile>();
  /** Users who share no conversation with anybody. Everybody else shares one with everybody else. */
  readonly loners = new Set<string>();
  isPresenceUp = true;

  readonly presence: Presence = {
    join: async (_app, record) => {
      this.#needPresence();
      this.records.set(record.connectionId, record);
    },
    change: async (_app, id, change) => {
      this.#needPresence();
      const record = this.records.get(id);
      if (record !== undefined) this.records.set(id, { ...record, ...change });
    },
    leave: async (_app, id) => {
      this.#needPresence();
      this.records.delete(id);
    },
    ofUsers: async (_app, userIds) =>
      new Map(
        userIds
          .map((userId) => [userId, [...this.records.values()].filter((record) => record.userId === userId)] as const)
          .filter(([, records]) => records.length > 0),
      ),
    // As no node of the installation: see presenceOf.
    elsewhere: async () => [],
    nodesOf: async (_app, userIds) => [
      ...new Set([...this.records.values()].filter(({ userId }) => userIds.includes(userId)).map(({ node }) => node)),
    ],
    count: async (app) => await (await this.#asDirectory(app)).count(app),
    page: async (app, range) => await (await this.#asDirectory(app)).page(app, range),
    ofTopic: async (app, topic, range) => await (await this.#asDirectory(app)).ofTopic(app, topic, range),
    byId: async (_app, id) => this.records.get(id),
  };

  /** The users whose connections elsewhere were read, call by call. */
  readonly readElsewhere: (readonly string[])[] = [];

  /** As the node of this name sees it. */
  presenceOf(node: string): Presence {
    return {
      ...this.presence,
      elsewhere: async (_app, userIds) => {
        this.readElsewhere.push(userIds);
        const others = [...this.records.values()].filter((record) => record.node !== node);
        return others.filter(({ userId }) => userIds.includes(userId));
      },
    };
  }

  readonly users: Pick<UserStore, 'get' | 'merge'> = {
    get: async (_app, userIds) =>
      new Map(
        userIds.flatMap((id) => {
          const profile = this.profiles.get(id);
          return profile === undefined ? [] : [[id, profile] as const];
        }),
      ),
    merge: async (_app, profiles) => {
      for (const profile of profiles) {
        this.profiles.set(profile.userId, { ...this.profiles.get(profile.userId), ...profile });
      }
    },
  };

  readonly conversations: Pick<ConversationStore, 'sharing'> = {
    sharing: async (_app, userId, userIds) =>
      new Set(this.loners.has(userId) ? [] : userIds.filter((asked) => !this.loners.has(asked))),
  };

  async #asDirectory(app: AppId): Promise<Presence> {
    const directory = new MemoryPresenceHub().connect('n1');
    for (const record of this.records.values()) await directory.join(app, record);
    return directory;
  }

  #needPresence(): void {
    if (!this.isPresenceUp) throw new Error('presence is away');
  }
}

export function page(path: string, features: readonly string[] = [], change: Partial<ResolvedPage['policy']> = {}) {
  const policy = {
    pattern: path,
    enabled: true,
    requireAuth: true,
    autoConnect: true,
    connectionType: 'chat',
    features: [...features],
    version: 1,
    ...change,
  };
  return { policy, path, features: new Set(policy.features) } satisfies ResolvedPage;
}

export function policySet(...pages: ResolvedPage[]): PolicySet {
  const off = (path: string): ResolvedPage => ({
    ...page('default', [], { enabled: false, version: 0 }),
    path,
  });
  return { etag: '', policies: [], resolve: (path) => pages.find((each) => each.path === path) ?? off(path) };
}

export interface TestSession extends Session {
  readonly outlet: FakeOutlet;
}

export function makeSession(userId: string, change: Partial<SessionInit> = {}): TestSession {
  const session = new Session({
    app: demo,
    userId,
    device: { id: 'd-1', type: 'desktop' },
    page: page('/chat', ['messaging']),
    visible: true,
    node: 'n1',
    connectedAtMs: Date.UTC(2026, 0, 1),
    outlet: new FakeOutlet(),
    ...change,
  });
  return session as TestSession;
}
