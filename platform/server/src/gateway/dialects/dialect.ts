// One protocol as the gateway sees it: how its frames are read and written, and which upgrades want it.
// Connections live the same life whichever they speak: connection.ts.
import type { Frame, ParsedFrame } from '@belfry/protocol';
import type { EventDialect } from '../../sessions/encoded.ts';

/** Has no state: one object serves all connections. What it writes are whole WebSocket frames. */
export interface Dialect extends EventDialect {
  /** Chosen where an upgrade offers subprotocols; undefined: any will do. */
  readonly subprotocol: string | undefined;
  /** The app that an upgrade is for, by its target; undefined: the target is not this dialect's. */
  appKeyOf(path: string, query: string): string | undefined;
  /** Never throws. `maxDepth` bounds the nesting of the JSON. */
  read(text: string, maxDepth: number): ParsedFrame;
  /** Undefined: the frame wanted no answer. */
  answer(frame: Frame, data: object): Buffer | undefined;
  /** `frame` as far as it could be read. Undefined: clients of this protocol get no error. */
  error(frame: Partial<Frame>, error: unknown): Buffer | undefined;
  /**
   * Sent to a client that has been silent for a heartbeat interval, so that it says that it is there.
   * Undefined: clients send heartbeats by themselves.
   */
  readonly ping: Buffer | undefined;
}
