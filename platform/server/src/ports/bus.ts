// The way between the nodes of an installation. Not a log: it carries hints, and the stores hold the truth.

import type { AppId } from './app-id.ts';
import type { ControlMessage, EventMessage, MessageOf } from './bus-messages.ts';

export type BusState = 'up' | 'down';

/**
 * Guarantees of both halves:
 * - A message arrives at most once, and may be lost. Loss is noticed through `onState` and `probe`, and made
 *   good from the stores by the listeners.
 * - Messages of one node arrive in the order in which it published them, control messages and events of one
 *   app in one order, unless lost. Between nodes there is no order.
 * - A node never hears itself: it has taken the local path already.
 * - Messages that arrive are checked, and of a version that this node knows. Any other is counted and
 *   dropped, so that nodes of two versions can run beside each other.
 * - A handler that throws is logged by the driver; neither the publisher nor the next message notices.
 * - Publishing resolves when the message is handed to the transport, and rejects with `unavailable` when
 *   there is none. The caller has stored first, so it may ignore that: the other nodes are told when they can be.
 */
export interface Bus {
  readonly control: ControlBus;
  readonly events: EventBus;
  /**
   * Called when the transport goes or comes back; not for the state at the time of the call. `up` is said again
   * when another node could not publish for a while and now can: what it had to say is lost.
   */
  onState(listen: (state: BusState) => void): void;
  state(): BusState;
  /**
   * Sends a message to this node through the transport. Resolves with the round trip in ms, or undefined when
   * it was not heard within `timeoutMs`.
   */
  probe(timeoutMs: number): Promise<number | undefined>;
  /** Nothing is heard after it. Idempotent. */
  close(): Promise<void>;
}

/** Messages that every other node hears. */
export interface ControlBus {
  publish(message: ControlMessage): Promise<void>;
  /** One handler a type. */
  on<T extends ControlMessage['type']>(type: T, handle: (message: MessageOf<ControlMessage, T>) => void): void;
}

/** Messages for the other nodes that follow the app. */
export interface EventBus {
  /** With `nodes` it goes to those of them alone, and of these only to those that follow the app. */
  publish(app: AppId, message: EventMessage, nodes?: readonly string[]): Promise<void>;
  /** Handles the messages of all apps that are followed. One handler a type. */
  on<T extends EventMessage['type']>(type: T, handle: (app: AppId, message: MessageOf<EventMessage, T>) => void): void;
  /**
   * From here on messages of this app are wanted (counted: as many `unfollow` end it). Resolves when the
   * subscription stands. Rejects with `unavailable` when there is no transport; it counts all the same, and the
   * subscription stands before the state is `up` again.
   */
  follow(app: AppId): Promise<void>;
  unfollow(app: AppId): Promise<void>;
}
