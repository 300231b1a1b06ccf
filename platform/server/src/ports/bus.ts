// The way between the nodes of an installation. Not a log: what it carries are hints, the stores hold the truth.

import type { AppId } from './app-id.ts';

/** What travels: a type that a capability has registered, and a body of plain JSON. */
export interface BusMessage {
  type: string;
  body: unknown;
}

export type BusState = 'up' | 'down';

/**
 * Guarantees: at most once; messages of one app from one node arrive in the order they were published, unless lost; never delivered to the node that
 * published it (it has taken the local path already). A handler's throw is logged by the driver and reaches nobody else.
 * Loss is noticed through `onState` and `probe`, and healed from the log by whoever listens.
 */
export interface Bus {
  /** Resolves when handed to the transport; rejects with `unavailable` when there is none. The caller has stored first, so it may ignore that. */
  publish(app: AppId, message: BusMessage): Promise<void>;
  /** Handles every message of `type` of the apps in `follow`. One handler a type. */
  on(type: string, handle: (app: AppId, body: unknown) => void): void;
  /** From here on messages of this app are wanted (counted: as many `unfollow` end it). Resolves when the subscription stands. */
  follow(app: AppId): Promise<void>;
  unfollow(app: AppId): Promise<void>;
  onState(listen: (state: BusState) => void): void;
  state(): BusState;
  /** Sends a message to oneself through the transport and resolves with the round trip in ms, or undefined when it was not heard within `timeoutMs`. */
  probe(timeoutMs: number): Promise<number | undefined>;
  close(): Promise<void>;
}
