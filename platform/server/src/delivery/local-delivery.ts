// Delivers one event to this node's connections: decides for each, encodes once, hands the bytes to the
// session writer. Its turn among others is stream-sequencer.ts.

import { eventData, type DeviceType, type RealtimeReason, type ServerEvent } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Delivery } from '../ports/delivery.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { LiveStats } from '../sessions/live-stats.ts';
import type { Registry } from '../sessions/registry.ts';
import type { Session } from '../sessions/session.ts';
import { narrowingOf, usersOf } from './addressing.ts';
import { createConnectionLists, type ConnectionList, type ConnectionLists } from './connections-of.ts';
import { decideByRule, isWithheld } from './decide-realtime.ts';
import { deliveryOfStored } from './delivery.ts';
import { OutgoingEvent } from './outgoing-event.ts';
import { stateOf, type ConnectionDecision, type LocalDecisions } from './session-state.ts';
import type { SessionWriter } from './session-writer.ts';

/** Custom actions are counted together: their names are the tenants', and without number. */
const builtInActions: ReadonlySet<ServerEvent['action']> = new Set(Object.keys(eventData));

/** Carries out the decision for one connection; returns the reason as it stands after that. */
type Effect = (session: Session, reason: RealtimeReason) => RealtimeReason;

export class LocalDelivery {
  readonly #registry: Registry;
  readonly #connections: ConnectionLists;
  readonly #writer: SessionWriter;
  readonly #participantsOf: (app: AppId, conversationId: string) => Promise<readonly string[]>;
  readonly #metrics: Pick<Metrics, 'count'>;
  readonly #stats: Pick<LiveStats, 'delivered'> | undefined;
  /** Connections here, by the messages of theirs that are being stored. */
  readonly #sending = new Map<string, string>();

  constructor(deps: {
    registry: Registry;
    writer: SessionWriter;
    /** The users of a conversation; for deliveries that another node made, and for the log. */
    participantsOf: (app: AppId, conversationId: string) => Promise<readonly string[]>;
    metrics: Pick<Metrics, 'count'>;
    /** Counts what is delivered. */
    stats?: Pick<LiveStats, 'delivered'> | undefined;
  }) {
    this.#registry = deps.registry;
    this.#connections = createConnectionLists(deps.registry);
    this.#writer = deps.writer;
    this.#participantsOf = deps.participantsOf;
    this.#metrics = deps.metrics;
    this.#stats = deps.stats;
  }

  /** `members` are the users of the delivery's conversation or list. */
  deliver(app: AppId, delivery: Delivery, members: readonly string[]): LocalDecisions {
    const { event } = delivery;
    const outgoing = new OutgoingEvent(event, this.#metrics);
    let sent = 0;
    const decisions = this.#decide(app, { delivery, members }, (session, reason) => {
      if (reason === 'sent') {
        sent += 1;
        return this.#writer.send(session, outgoing);
      }
      this.#passOver(session, delivery, reason);
      return reason;
    });
    if (sent > 0)
      this.#metrics.count('events_sent_total', [builtInActions.has(event.action) ? event.action : 'custom'], sent);
    this.#stats?.delivered(app, { isMessage: event.seq !== undefined, sent });
    return decisions;
  }

  /**
   * A connection here sends this message: it may be found in the log before it is delivered, and the
   * connection has its answer then as well. Until the returned function is called.
   */
  sending(app: AppId, message: Pick<StoredMessage, 'stream' | 'senderId' | 'cid'>, connectionId: string): () => void {
    const key = sendingKey(app, message);
    this.#sending.set(key, connectionId);
    return () => {
      if (this.#sending.get(key) === connectionId) this.#sending.delete(key);
    };
  }

  /** Delivers an event that was found in the log. */
  async deliverStored(app: AppId, message: StoredMessage, epoch: string): Promise<void> {
    const originConnectionId = this.#sending.get(sendingKey(app, message));
    const delivery = deliveryOfStored(message, { epoch, sender: 'like_anybody', originConnectionId });
    this.deliver(app, delivery, await this.membersOf(app, delivery));
  }

  /** The decisions that `deliver` would make now. No effect. */
  preview(app: AppId, delivery: Delivery, members: readonly string[]): LocalDecisions {
    const { stream } = delivery.event;
    return this.#decide(app, { delivery, members }, (session, reason) =>
      reason === 'sent' ? this.#writer.check(session, stream) : reason,
    );
  }

  /** A connection of these users that was here before then; monotonic ms. */
  isAnyoneHere(app: AppId, userIds: readonly string[], beforeMs = Infinity): boolean {
    const isOld = ({ openedAtMs }: Session): boolean => openedAtMs < beforeMs;
    return userIds.some((userId) => this.#registry.ofUser(app, userId).some(isOld));
  }

  /** The users whose connections a delivery concerns, where nobody has looked them up before. */
  async membersOf(app: AppId, delivery: Delivery): Promise<readonly string[]> {
    const { to } = delivery;
    return usersOf(delivery, 'conversation' in to ? await this.#participantsOf(app, to.conversation) : []);
  }

  /** Sessions of the stream that do not get this seq hear of it before the next that they do get. */
  #passOver(session: Session, { event, originConnectionId }: Delivery, reason: RealtimeReason): void {
    const { stream, epoch, seq } = event;
    if (stream === undefined || seq === undefined) return;
    if (session.id === originConnectionId) this.#writer.own(session, { stream, epoch, seq });
    else this.#writer.skip(session, { stream, epoch, seq }, reason);
  }

  #decide(
    app: AppId,
    { delivery, members }: { delivery: Delivery; members: readonly string[] },
    effect: Effect,
  ): LocalDecisions {
    const check = checkFor(delivery);
    const list = this.#listOf(app, delivery, members);
    const isFor = narrowingOf(delivery);
    if (isFor === undefined) return decideForAll(list, (session) => effect(session, check(session)));
    const decisions = new Map<string, ConnectionDecision[]>();
    for (const session of list.sessions) {
      const { userId } = session;
      if (isFor(userId)) add(decisions, userId, stateOf(session).decision(effect(session, check(session))));
      else effect(session, 'excluded_sender');
    }
    return decisions;
  }

  #listOf(app: AppId, { to }: Delivery, members: readonly string[]): ConnectionList {
    if ('topic' in to) return this.#connections.ofSet(app, this.#registry.ofTopic(app, to.topic));
    if ('everyone' in to) return this.#connections.ofSet(app, this.#registry.ofApp(app));
    return this.#connections.ofUsers(app, members);
  }
}

function sendingKey(app: AppId, { stream, senderId, cid }: Pick<StoredMessage, 'stream' | 'senderId' | 'cid'>): string {
  return JSON.stringify([app, stream, senderId, cid]);
}

/**
 * The same objects as the last time where the same was decided: nothing is made then for each of a thousand
 * connections.
 */
function decideForAll(list: ConnectionList, decideOne: (session: Session) => RealtimeReason): LocalDecisions {
  const { sessions, last } = list;
  const decided: ConnectionDecision[] = [];
  let isSame = last !== undefined;
  // By index: the two lists go side by side.
  for (let index = 0; index < sessions.length; index += 1) {
    const session = sessions[index];
    if (session === undefined) continue;
    const decision = stateOf(session).decision(decideOne(session));
    decided.push(decision);
    isSame &&= last?.each[index] === decision;
  }
  if (isSame && last !== undefined) return last.decisions;
  const decisions = new Map<string, ConnectionDecision[]>();
  sessions.forEach(({ userId }, index) => {
    const decision = decided[index];
    if (decision !== undefined) add(decisions, userId, decision);
  });
  list.last = { each: decided, decisions };
  return decisions;
}

/**
 * Checks connection after connection; for those of one page and device type, as mostly all are, it looks at
 * the rule once.
 */
function checkFor(delivery: Delivery): (session: Session) => RealtimeReason {
  let ofPolicy: Session['page']['policy'] | undefined;
  let ofType: DeviceType | undefined;
  let byRule: RealtimeReason = 'sent';
  return (session) => {
    if (isWithheld(delivery, session.id, session.userId)) return 'excluded_sender';
    const { page, device } = session;
    if (page.policy !== ofPolicy || device.type !== ofType) {
      ofPolicy = page.policy;
      ofType = device.type;
      const { connectionType } = ofPolicy;
      byRule = decideByRule({ deviceType: ofType, connectionType, features: page.features }, delivery.rule);
    }
    return byRule;
  };
}

function add(decisions: Map<string, ConnectionDecision[]>, userId: string, decision: ConnectionDecision): void {
  const known = decisions.get(userId);
  if (known === undefined) decisions.set(userId, [decision]);
  else known.push(decision);
}
