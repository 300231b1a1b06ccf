// The part of a contender's protocol that a load generator needs. Bytes and sockets: client.ts.
import type { ClientSpec } from '../orders.ts';

/** The last seq of a client in each of its streams. */
export interface Position {
  stream: string;
  epoch: string;
  seq: number;
}

/** Settings that a server may give its clients. */
export interface Welcome {
  ackWithinMs?: number | undefined;
}

/**
 * Yields frames to send, or nothing, and is given the text frames that arrive. When it returns the client is
 * ready; it throws when the client is refused.
 */
export type Greeting = Generator<string | undefined, Welcome | undefined, string>;

export type Sort = 'delivery' | 'answer' | 'refusal' | 'heartbeat' | 'ping' | 'other';

export interface Dialect {
  /** Of the upgrade request. */
  readonly path: string;
  readonly subprotocol?: string;
  greet(spec: ClientSpec, resume?: readonly Position[]): Greeting;
  /** Classifies a text frame by as few bytes as possible. */
  sort(bytes: Buffer, start: number, end: number): Sort;
  message(room: string, messageNumber: number): string;
  /** The frame of one client that makes all others get an event. Belfry's comes over HTTP. */
  announce?(): string;
  /** Asks for a page of the room's log, somewhere in it. */
  history?(room: string, requestNumber: number, messages: number): string;
  /** The answer to a ping of the protocol's own. */
  readonly pong?: string;
  /** For protocols whose clients must send heartbeats; answered as `heartbeat`. */
  heartbeat?(): string;
  /** For contenders whose clients acknowledge: the place of a delivery in its stream. */
  position?(bytes: Buffer, start: number, end: number): { stream: string; seq: number } | undefined;
  acknowledge?(positions: ReadonlyMap<string, number>): string;
}
