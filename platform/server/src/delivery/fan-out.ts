// Tells connections of an event: those of this node now, those of other nodes by one message on the bus. Decisions come from decide-realtime.ts, order from stream-sequencer.ts.

import type { DeviceType, RealtimeReason } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import { encode, type Encoded } from '../sessions/encoded.ts';
import type { Registry } from '../sessions/registry.ts';
import type { Session } from '../sessions/session.ts';
import { narrowingOf, usersOf } from './addressing.ts';
import { decideByRule } from './decide-realtime.ts';
import { stateOf, type ConnectionDecision, type LocalDecisions } from './session-state.ts';
import type { StreamSequencer } from './stream-sequencer.ts';
import { deliveryOfStored, type Delivery } from './delivery.ts';
import type { SessionWriter, Outgoing } from './session-writer.ts';
import { createConnectionLists, type ConnectionList } from './connections-of.ts';

export interface FanOut {
  /**
   * Tells this node's connections at once (unless an earlier event of the stream is missing: then after it) and the other nodes.
   * `members` are the users that `order.to` means, where it means users. Returns what was decided here.
   */
  publish(app: AppId, order: Delivery, members: readonly string[]): LocalDecisions;
  /** What `publish` would decide here now. No effect. */
  preview(app: AppId, order: Delivery, members: readonly string[]): LocalDecisions;
  /** Orders for several inboxes of one broadcast: here each as `publish`, elsewhere as one message. */
  publishInbox(app: AppId, order: Delivery): LocalDecisions;
  announce(app: AppId, orders: readonly Delivery[]): void;
  deliverStored(app: AppId, message: StoredMessage, epoch: string): Promise<void>;
  /** It is in the log, and whether anybody was told is not known: whoever stored it may have been cut off. Each node that follows the stream makes sure. */
  remind(app: AppId, at: { stream: string; seq: number }): void;
}

export function createFanOut(deps: {
  registry: Registry;
  writer: SessionWriter;
  bus: Pick<Bus, 'events'>;
  log: Log;
  metrics: Metrics;
  /** The users of a conversation; for orders that another node made, and for the log. */
  membersOf: (app: AppId, conversationId: string) => Promise<readonly string[]>;
  live: () => StreamSequencer;
  builtInActions: ReadonlySet<string>;
  /** Called for each event after it was told here: whether it stands in a log, and how many connections were sent it. */
  onDelivered?: (app: AppId, told: { isMessage: boolean; sent: number }) => void;
}): FanOut {
  const { registry, writer, bus, log, metrics, membersOf, live, builtInActions, onDelivered: onTold } = deps;
  const rosters = createConnectionLists(registry);

  bus.events.on('deliveries', (app, { deliveries }) => {
    metrics.count('bus_messages_total', ['in']);
    for (const order of deliveries) {
      receive(app, order).catch((error: unknown) => {
        log.warn('an event from another node could not be told', {
          app,
          messageId: order.event.data['messageId'],
          err: error,
        });
      });
    }
  });

  bus.events.on('message_stored', (app, { stream, seq }) => {
    metrics.count('bus_messages_total', ['in']);
    live().remind(app, { stream, seq });
  });

  return {
    publish(app, order, members) {
      const decisions = deliverInOrder(app, order, members);
      announce(app, [order]);
      return decisions;
    },
    publishInbox: (app, order) => deliverInOrder(app, order, usersOf(order, [])),
    announce,
    preview: (app, order, members) => decide(app, order, { members, effect: previewOf(order) }),
    async deliverStored(app, message, epoch) {
      const order = deliveryOfStored(message, { epoch, sender: 'like_anybody' });
      deliver(app, order, await resolveMembers(app, order));
    },
    remind(app, at) {
      live().remind(app, at);
      metrics.count('bus_messages_total', ['out']);
      bus.events.publish(app, { type: 'message_stored', ...at }).catch(() => undefined);
    },
  };

  function announce(app: AppId, orders: readonly Delivery[]): void {
    if (orders.length === 0) return;
    metrics.count('bus_messages_total', ['out']);
    // A hint: the event is stored, or was never promised. Other nodes fill the hole from the log.
    bus.events.publish(app, { type: 'deliveries', deliveries: orders }).catch(() => undefined);
  }

  async function receive(app: AppId, order: Delivery): Promise<void> {
    const members = await resolveMembers(app, order);
    live().accept(app, order, () => deliver(app, order, members));
  }

  function deliverInOrder(app: AppId, order: Delivery, members: readonly string[]): LocalDecisions {
    let decisions: LocalDecisions | undefined;
    live().accept(app, order, () => (decisions = deliver(app, order, members)));
    return decisions ?? decide(app, order, { members, effect: previewOf(order) });
  }

  function deliver(app: AppId, order: Delivery, members: readonly string[]): LocalDecisions {
    const { event } = order;
    let bytes: Encoded | undefined;
    const outgoing: Outgoing = {
      stream: event.stream,
      epoch: event.epoch,
      seq: event.seq,
      encoded: () => {
        if (bytes !== undefined) return bytes;
        metrics.count('events_encoded_total');
        return (bytes = encode(event));
      },
    };
    let sent = 0;
    const decisions = decide(app, order, {
      members,
      effect: (session, reason) => {
        if (reason !== 'sent') {
          passOver(session, order, reason);
          return reason;
        }
        sent += 1;
        return writer.live(session, outgoing);
      },
    });
    if (sent > 0)
      metrics.count('events_sent_total', [builtInActions.has(event.action) ? event.action : 'custom'], sent);
    onTold?.(app, { isMessage: event.seq !== undefined, sent });
    return decisions;
  }

  /** Those of a stream's members who don't get this seq are told before the next they do get. */
  function passOver(session: Session, { event, originConnectionId }: Delivery, reason: RealtimeReason): void {
    const { stream, epoch, seq } = event;
    if (stream === undefined || seq === undefined) return;
    if (session.id === originConnectionId) writer.own(session, { stream, epoch, seq });
    else writer.skip(session, { stream, epoch, seq }, reason);
  }

  function decide(
    app: AppId,
    order: Delivery,
    each: { members: readonly string[]; effect: (session: Session, reason: RealtimeReason) => RealtimeReason },
  ): LocalDecisions {
    const judge = checkFor(order);
    const roster = rosterOf(app, order, each.members);
    const isFor = narrowingOf(order);
    if (isFor === undefined) return decideForAll(roster, (session) => each.effect(session, judge(session)));
    const decisions = new Map<string, ConnectionDecision[]>();
    for (const session of roster.sessions) {
      if (isFor(session.userId)) take(decisions, session, each.effect(session, judge(session)));
      else each.effect(session, 'excluded_sender');
    }
    return decisions;
  }

  function rosterOf(app: AppId, { to }: Delivery, members: readonly string[]): ConnectionList {
    if ('topic' in to) return rosters.ofSet(app, registry.ofTopic(app, to.topic));
    if ('everyone' in to) return rosters.ofSet(app, registry.ofApp(app));
    return rosters.ofUsers(app, members);
  }

  /** As `live` would answer, without sending. */
  function previewOf({ event }: Delivery): (session: Session, reason: RealtimeReason) => RealtimeReason {
    return (session, reason) => (reason === 'sent' ? writer.judge(session, event.stream) : reason);
  }

  async function resolveMembers(app: AppId, order: Delivery): Promise<readonly string[]> {
    return usersOf(order, 'conversation' in order.to ? await membersOf(app, order.to.conversation) : []);
  }
}

/** The same objects as the last time where the same was decided: nothing is made then for each of a thousand connections. */
function decideForAll(roster: ConnectionList, decideOne: (session: Session) => RealtimeReason): LocalDecisions {
  const { sessions, last } = roster;
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
    const known = decisions.get(userId);
    if (decision === undefined) return;
    if (known === undefined) decisions.set(userId, [decision]);
    else known.push(decision);
  });
  roster.last = { each: decided, decisions };
  return decisions;
}

/** Judges connection after connection; those of one page and device type, as mostly all are, by one look at the rule. */
function checkFor(order: Delivery): (session: Session) => RealtimeReason {
  let ofPolicy: Session['page']['policy'] | undefined;
  let ofType: DeviceType | undefined;
  let byRule: RealtimeReason = 'sent';
  return (session) => {
    if (session.id === order.originConnectionId) return 'excluded_sender';
    if (order.sender === 'nothing' && session.userId === order.senderId) return 'excluded_sender';
    const { page, device } = session;
    if (page.policy !== ofPolicy || device.type !== ofType) {
      ofPolicy = page.policy;
      ofType = device.type;
      const { connectionType } = ofPolicy;
      byRule = decideByRule({ deviceType: ofType, connectionType, features: page.features }, order.rule);
    }
    return byRule;
  };
}

function take(decisions: Map<string, ConnectionDecision[]>, session: Session, reason: RealtimeReason): void {
  const decision = stateOf(session).decision(reason);
  const known = decisions.get(session.userId);
  if (known === undefined) decisions.set(session.userId, [decision]);
  else known.push(decision);
}
