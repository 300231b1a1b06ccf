// Publishes an event: to this node's connections through the stream sequencer, to other nodes on the bus, all
// events of a turn in one message; and takes what other nodes publish.

import { partsOf } from '../concurrency/parts-of.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Elsewhere } from '../sessions/elsewhere.ts';
import { usersOf } from './addressing.ts';
import type { Delivery } from '../ports/delivery.ts';
import { mostNamed, NamedNodes } from './named-nodes.ts';
import type { LocalDecisions } from './session-state.ts';
import type { StreamSequencer } from './stream-sequencer.ts';

/** Keeps a message of the bus at some 100 KiB. */
const mostPerMessage = 200;

export class FanOut {
  readonly #bus: Pick<Bus, 'events'>;
  readonly #sequencer: StreamSequencer;
  readonly #named: NamedNodes;
  readonly #surroundings: Pick<Surroundings, 'log' | 'metrics'>;
  /** Announced in this turn, and not published yet. */
  #announced = new Map<AppId, Delivery[]>();

  constructor(deps: {
    bus: Pick<Bus, 'events'>;
    sequencer: StreamSequencer;
    elsewhere: Pick<Elsewhere, 'nodesOf' | 'prepare' | 'onArrived'>;
    surroundings: Pick<Surroundings, 'clock' | 'log' | 'metrics'>;
  }) {
    this.#bus = deps.bus;
    this.#sequencer = deps.sequencer;
    this.#surroundings = deps.surroundings;
    this.#named = new NamedNodes(deps.elsewhere, deps.surroundings.clock);
    const { metrics } = deps.surroundings;
    deps.elsewhere.onArrived((app, arrival) => {
      const missed = this.#named.missedBy(app, arrival);
      this.#publish(app, missed, arrival.node === undefined ? undefined : [arrival.node]);
    });
    this.#bus.events.on('deliveries', (app, { deliveries }) => {
      metrics.count('bus_messages_total', ['in']);
      for (const delivery of deliveries) void this.#receive(app, delivery);
    });
    this.#bus.events.on('message_stored', (app, { stream, seq }) => {
      metrics.count('bus_messages_total', ['in']);
      this.#sequencer.remind(app, { stream, seq });
    });
  }

  /** There will be an event for these users in a moment: finds out meanwhile which nodes have them. */
  prepare(app: AppId, users: readonly string[]): void {
    this.#named.prepare(app, users);
  }

  /**
   * Delivers to this node's connections at once (unless an earlier event of the stream is missing: then after
   * it) and announces to the other nodes. `members` are the users of the delivery's conversation or list.
   * Returns what was decided here.
   */
  publish(app: AppId, delivery: Delivery, members: readonly string[]): LocalDecisions {
    const decisions = this.#sequencer.deliver(app, delivery, members);
    this.announce(app, [withMembers(delivery, members)]);
    return decisions;
  }

  /**
   * The delivery to one of several inboxes of a broadcast: here alone. The other nodes get all of them by one
   * `announce`.
   */
  publishInbox(app: AppId, delivery: Delivery): LocalDecisions {
    return this.#sequencer.deliver(app, delivery, usersOf(delivery, []));
  }

  /**
   * To the other nodes that have users of them, before this turn ends: messages that were stored by one write are
   * published by one message, which costs Redis and every node about what one of them would.
   */
  announce(app: AppId, deliveries: readonly Delivery[]): void {
    if (deliveries.length === 0) return;
    if (this.#announced.size === 0) queueMicrotask(() => this.#publishAnnounced());
    const known = this.#announced.get(app);
    if (known === undefined) this.#announced.set(app, [...deliveries]);
    else known.push(...deliveries);
  }

  /**
   * It is in the log, and whether it was delivered is not known: the node that stored it may have been cut
   * off. Each node that follows the stream makes sure.
   */
  remind(app: AppId, at: { stream: string; seq: number }): void {
    this.#sequencer.remind(app, at);
    // Or another node would look in the log for what is on its way.
    this.#publishAnnounced();
    this.#surroundings.metrics.count('bus_messages_total', ['out']);
    this.#bus.events.publish(app, { type: 'message_stored', ...at }).catch(() => undefined);
  }

  #publishAnnounced(): void {
    const announced = this.#announced;
    this.#announced = new Map();
    for (const [app, all] of announced) this.#publish(app, all, this.#named.of(app, all));
  }

  #publish(app: AppId, all: readonly Delivery[], nodes: readonly string[] | undefined): void {
    if (nodes?.length === 0) return;
    for (const deliveries of partsOf(all, mostPerMessage)) {
      this.#surroundings.metrics.count('bus_messages_total', ['out']);
      // A hint: the event is stored, or was never promised. Other nodes fill the hole from the log.
      this.#bus.events.publish(app, { type: 'deliveries', deliveries }, nodes).catch(() => undefined);
    }
  }

  async #receive(app: AppId, delivery: Delivery): Promise<void> {
    if (this.#sequencer.isForNobodyHere(app, delivery)) return;
    try {
      await this.#sequencer.receive(app, delivery);
    } catch (error) {
      const messageId = delivery.event.data['messageId'];
      this.#surroundings.log.warn('an event from another node could not be delivered', { app, messageId, err: error });
    }
  }
}

function withMembers(delivery: Delivery, members: readonly string[]): Delivery {
  return 'conversation' in delivery.to && members.length <= mostNamed ? { ...delivery, members } : delivery;
}
