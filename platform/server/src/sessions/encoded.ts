// What is sent to connections, as bytes made once and shared by all of them. Not how the bytes travel: frames are the gateway's.
import { encodeEvent, type ServerEvent } from '@belfry/protocol';

/** One JSON text, encoded once a node however many connections get it. Nobody may change the bytes. */
export class Encoded {
  /** UTF-8 JSON. */
  readonly payload: Buffer;
  /** The payload as the edge writes it to a socket: made by the edge on first use, then shared by all sockets. */
  frame: Buffer | undefined = undefined;

  constructor(payload: Buffer) {
    this.payload = payload;
  }
}

/** An event as every connection gets it. */
export function encode(event: ServerEvent): Encoded {
  return encodedFromJson(encodeEvent(event));
}

/** A text that is JSON already: an answer, or an event as the bus brought it. */
export function encodedFromJson(text: string): Encoded {
  return new Encoded(Buffer.from(text, 'utf8'));
}
