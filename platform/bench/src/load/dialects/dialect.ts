// What a load generator must know of a contender's protocol. Bytes and sockets are the client's business.
import type { ClientSpec } from '../orders.ts';

/** How far a client has got in its streams. */
export interface Position {
  stream: string;
  epoch: string;
  seq: number;
}

/** What a server may tell of how its clients behave. */
export interface Welcome {
  ackWithinMs?: number | undefined;
}

/** Yields what to send, or nothing, and is given the text frames that come until it returns: then the client is ready. Throws when it is refused. */
export type Greeting = Generator<string | undefined, Welcome | undefined, string>;

export type Sort = 'delivery' | 'answer' | 'refusal' | 'heartbeat' | 'ping' | 'other';

export interface Dialect {
  /** Of the upgrade request. */
  readonly path: string;
  readonly subprotocol?: string;
  greet(spec: ClientSpec, resume?: readonly Position[]): Greeting;
  /** Judges a text frame by as few bytes as will do. */
  sort(bytes: Buffer, start: number, end: number): Sort;
  message(room: string, messageNumber: number): string;
  /** What one client says so that all others get an event. Belfry's comes over HTTP. */
  announce?(): string;
  /** Asks for a page of the room's log, somewhere in it. */
  history?(room: string, requestNumber: number, messages: number): string;
  /** The answer to a ping of the protocol's own. */
  readonly pong?: string;
  /** Of clients who must say that they are there; answered as `heartbeat`. */
  heartbeat?(): string;
  /** For contenders whose clients acknowledge: where a delivery stands in its stream. */
  position?(bytes: Buffer, start: number, end: number): { stream: string; seq: number } | undefined;
  acknowledge?(positions: ReadonlyMap<string, number>): string;
}
