// One event on its way to connections, with its bytes: made once for each protocol, and shared by all
// connections that speak it. How bytes travel is the gateway's.
import type { ServerEvent } from '@belfry/protocol';

/** Writes events as the clients of one protocol read them. */
export interface EventDialect {
  /**
   * The bytes for a socket, which nobody may change. Undefined: clients of this protocol are not shown the
   * event.
   */
  event(event: ServerEvent): Buffer | undefined;
}

/** An event with its bytes, made at first use. Nobody may change the event any more. */
export class Encoded {
  readonly event: ServerEvent;
  // The connections of a node mostly speak one protocol: then its bytes cost each of them a comparison, and
  // no look-up.
  #dialect: EventDialect | undefined;
  #bytes: Buffer | undefined;
  #others: Map<EventDialect, Buffer | undefined> | undefined;

  constructor(event: ServerEvent) {
    this.event = event;
  }

  bytesIn(dialect: EventDialect): Buffer | undefined {
    if (dialect === this.#dialect) return this.#bytes;
    if (this.#dialect !== undefined) return this.#bytesInOther(dialect);
    this.#dialect = dialect;
    return (this.#bytes = dialect.event(this.event));
  }

  #bytesInOther(dialect: EventDialect): Buffer | undefined {
    const others = (this.#others ??= new Map<EventDialect, Buffer | undefined>());
    if (!others.has(dialect)) others.set(dialect, dialect.event(this.event));
    return others.get(dialect);
  }
}

export function encode(event: ServerEvent): Encoded {
  return new Encoded(event);
}
