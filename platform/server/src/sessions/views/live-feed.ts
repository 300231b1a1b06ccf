// What passes in an app, as one stream: connections, commands with their outcome, events, pushes, changes. Heads
// alone: what a message says is in none of them. Nothing is listened to where nobody watches.

import type { Frame } from '@belfry/protocol';
import type { AppId } from '../../ports/app-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FactOf, Facts, FactSubscription, FactType } from '../../ports/facts.ts';
import type { Registry } from '../registry.ts';
import type { Session } from '../session.ts';
import { Tap } from '../tap.ts';
import { StreamView } from './stream-view.ts';

export const liveKinds = [
  'command',
  'event',
  'connect',
  'close',
  'move',
  'push',
  'policy',
  'provider',
  'hook',
] as const;
export type LiveKind = (typeof liveKinds)[number];

export interface LiveRow {
  id: number;
  at: string;
  type: LiveKind;
  /** Of a command or an event; the pattern, provider or hook where there is none. */
  what: string;
  user?: string;
  page?: string;
  kind?: string;
  conversation?: string;
  connection?: string;
  message?: string;
  seq?: number;
  recipients?: number;
  /** Connections and devices by reason. */
  counts?: Readonly<Record<string, number>>;
  /** The code of an error, the reason of a push, the code of a close. */
  reason?: string;
  ms?: number;
}

/** Of several values of one field any will do; all fields must fit. */
export interface LiveFilter {
  type?: readonly string[] | undefined;
  action?: readonly string[] | undefined;
  user?: readonly string[] | undefined;
  page?: readonly string[] | undefined;
  reason?: readonly string[] | undefined;
  kind?: readonly string[] | undefined;
  conversation?: readonly string[] | undefined;
}

/** 20 a second. */
export const livePerRound = 5;

const types = [
  ...(['message.sent', 'connection.opened', 'connection.closed', 'connection.moved'] as const),
  ...(['push.accepted', 'push.delivered', 'push.failed', 'push.retrying', 'push.withheld'] as const),
  ...(['policy.changed', 'provider.paused', 'provider.resumed', 'hook.received'] as const),
  ...(['provider.quarantined', 'provider.recovered'] as const),
] satisfies FactType[];
type LiveFact = FactOf<(typeof types)[number]>;

type Head = Omit<LiveRow, 'id' | 'at'>;
interface Watch {
  app: AppId;
  fits: (head: Head) => boolean;
  view: StreamView<LiveRow>;
  taps: Map<Session, () => void>;
}

export class LiveFeed {
  readonly #deps: { facts: Facts; registry: Pick<Registry, 'ofApp'>; clock: Pick<Clock, 'now' | 'monotonic'> };
  readonly #watches = new Set<Watch>();
  readonly #began = new WeakMap<Partial<Frame>, number>();
  #listening: FactSubscription | undefined;
  #count = 0;

  constructor(deps: { facts: Facts; registry: Pick<Registry, 'ofApp'>; clock: Pick<Clock, 'now' | 'monotonic'> }) {
    this.#deps = deps;
  }

  watch(app: AppId, filter: LiveFilter): StreamView<LiveRow> {
    const watch: Watch = {
      ...{ app, fits: compile(filter), taps: new Map() },
      view: new StreamView<LiveRow>({ perRound: livePerRound, end: () => this.#end(watch) }),
    };
    this.#watches.add(watch);
    for (const session of this.#deps.registry.ofApp(app) ?? []) this.#tap(watch, session);
    this.#listening ??= this.#deps.facts.subscribe('live views', types, (of, facts) => {
      for (const fact of facts) this.#take(of, headOf(fact), fact.atMs);
    });
    return watch.view;
  }

  /** To be called when a session came or went. */
  changed(session: Session): void {
    for (const watch of this.#watches) {
      if (watch.app !== session.app) continue;
      if (!session.closed) this.#tap(watch, session);
      else {
        watch.taps.get(session)?.();
        watch.taps.delete(session);
      }
    }
  }

  #tap(watch: Watch, session: Session): void {
    if (watch.taps.has(session)) return;
    const end = Tap.open(session, {
      came: (_session, frame) => void this.#began.set(frame, this.#deps.clock.monotonic()),
      answered: (of, frame, { code }) => {
        const nowMs = this.#deps.clock.monotonic();
        const head: Head = {
          ...{ type: 'command', what: frame.action ?? '?', user: of.userId, page: of.page.path, connection: of.id },
          ...{ ms: Math.round(nowMs - (this.#began.get(frame) ?? nowMs)), reason: code ?? 'ok' },
        };
        if (watch.fits(head)) watch.view.take(() => this.#row(head, this.#deps.clock.now()));
      },
    });
    watch.taps.set(session, end);
  }

  #take(app: AppId, head: Head, atMs: number): void {
    for (const watch of this.#watches) {
      if (watch.app === app && watch.fits(head)) watch.view.take(() => this.#row(head, atMs));
    }
  }

  #row(head: Head, atMs: number): LiveRow {
    this.#count += 1;
    return { id: this.#count, at: new Date(atMs).toISOString(), ...head };
  }

  #end(watch: Watch): void {
    for (const end of watch.taps.values()) end();
    this.#watches.delete(watch);
    if (this.#watches.size > 0) return;
    this.#listening?.end();
    this.#listening = undefined;
  }
}

function compile(filter: LiveFilter): (head: Head) => boolean {
  const tests = (
    [
      [filter.type, ({ type }: Head) => type],
      [filter.action, ({ what }: Head) => what],
      [filter.user, ({ user }: Head) => user],
      [filter.page, ({ page }: Head) => page],
      [filter.kind, ({ kind }: Head) => kind],
      [filter.conversation, ({ conversation }: Head) => conversation],
    ] as const
  ).flatMap(([values, of]) => {
    if (values === undefined || values.length === 0) return [];
    const wanted = new Set<string | undefined>(values);
    return [(head: Head) => wanted.has(of(head))];
  });
  const { reason } = filter;
  if (reason !== undefined && reason.length > 0) {
    tests.push((head) =>
      reason.some((each) => head.reason === each || (head.counts !== undefined && Object.hasOwn(head.counts, each))),
    );
  }
  return (head) => tests.every((fits) => fits(head));
}

function headOf(fact: LiveFact): Head {
  switch (fact.type) {
    case 'message.sent': {
      const { action: what, kind, conversationId: conversation, senderId: user, messageId: message, seq } = fact;
      return {
        ...{ type: 'event', what, kind, message, recipients: fact.recipientCount, counts: fact.counts },
        ...(conversation === undefined ? {} : { conversation }),
        ...(user === undefined ? {} : { user }),
        ...(seq === undefined ? {} : { seq }),
      };
    }
    case 'connection.opened':
    case 'connection.moved':
    case 'connection.closed': {
      const type = ({ opened: 'connect', moved: 'move', closed: 'close' } as const)[shortOf(fact.type)];
      const { userId: user, page, connectionId: connection, deviceType: what } = fact;
      const reason = fact.type === 'connection.closed' ? { reason: String(fact.code) } : {};
      return { type, what, user, page, connection, ...reason };
    }
    case 'policy.changed':
      return {
        type: 'policy',
        what: fact.pattern,
        user: fact.by,
        reason: fact.removed ? 'removed' : `v${fact.version}`,
      };
    case 'provider.paused':
    case 'provider.resumed':
      return {
        type: 'provider',
        what: fact.provider,
        reason: fact.type === 'provider.paused' ? fact.reason : 'resumed',
      };
    case 'provider.quarantined':
    case 'provider.recovered':
      return {
        type: 'provider',
        what: fact.provider,
        reason: fact.type === 'provider.quarantined' ? `quarantined: ${fact.reason}` : 'recovered',
      };
    case 'hook.received':
      return {
        ...{ type: 'hook', what: fact.hookId, reason: fact.code ?? fact.outcome },
        ...(fact.messageId === undefined ? {} : { message: fact.messageId }),
      };
    default: {
      const { provider: what = 'push', userId: user, messageId: message, reason, seq, attempt } = fact;
      const ms = attempt === undefined ? {} : { ms: attempt.ms };
      return { type: 'push', what, user, message, reason, seq, ...ms };
    }
  }
}

function shortOf(type: 'connection.opened' | 'connection.moved' | 'connection.closed'): 'opened' | 'moved' | 'closed' {
  if (type === 'connection.opened') return 'opened';
  return type === 'connection.moved' ? 'moved' : 'closed';
}
