// A connection's way out that remembers what it was given, and whose client can stop reading. Not a socket.

import { encodeEvent, type CloseName, type ServerEvent } from '@belfry/protocol';
import type { Encoded } from '../../src/sessions/encoded.ts';
import type { Outlet } from '../../src/sessions/session.ts';

export class FakeOutlet implements Outlet {
  readonly events: ServerEvent[] = [];
  readonly encoded: Encoded[] = [];
  closedWith: CloseName | undefined;
  /** Called with each event when it is sent. */
  onEvent: (event: ServerEvent) => void = () => {};
  readonly #behindBytes: number;
  readonly #drainListeners: (() => void)[] = [];
  #isReading = true;
  #unreadBytes = 0;
  #wasBehind = false;

  constructor(behindBytes = Infinity) {
    this.#behindBytes = behindBytes;
  }

  send(encoded: Encoded): void {
    const text = encodeEvent(encoded.event);
    const event: ServerEvent = JSON.parse(text);
    this.events.push(event);
    this.encoded.push(encoded);
    if (!this.#isReading) this.#unreadBytes += Buffer.byteLength(text);
    if (this.#unreadBytes > this.#behindBytes) this.#wasBehind = true;
    this.onEvent(event);
  }

  bufferedBytes(): number {
    return this.#unreadBytes;
  }

  close(code: CloseName): void {
    this.closedWith ??= code;
  }

  onDrain(listen: () => void): void {
    this.#drainListeners.push(listen);
  }

  /** From here on the client takes nothing. */
  stall(): void {
    this.#isReading = false;
  }

  /** The client takes everything, and goes on reading. */
  drain(): void {
    this.#isReading = true;
    this.takeAll();
  }

  /** The client takes what there is, and stops again. */
  takeAll(): void {
    this.#unreadBytes = 0;
    if (!this.#wasBehind) return;
    this.#wasBehind = false;
    for (const listen of this.#drainListeners) listen();
  }

  actions(): string[] {
    return this.events.map(({ action }) => action);
  }

  of(action: string): ServerEvent[] {
    return this.events.filter((event) => event.action === action);
  }

  /** The deliveries of a stream, in order: seqs, and ranges that were not for it as `from-to`. */
  told(stream: string): (number | string)[] {
    return this.events
      .filter((event) => event.stream === stream)
      .map(({ action, seq, data }) =>
        action === 'skipped' ? `${Number(data['from'])}-${Number(data['to'])}` : (seq ?? action),
      );
  }

  clear(): void {
    this.events.length = 0;
    this.encoded.length = 0;
  }
}
