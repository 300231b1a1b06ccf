// The events of streams on their way from the socket to the handlers: in order, once, resumed after a lost
// connection, and asked for where something is missing. The order: stream-order.ts; acknowledging it:
// acknowledgements.ts.
import type { CommandAnswer, ResumedStream, ServerEvent, StreamPosition } from '@belfry/protocol';
import { Acknowledgements } from './acknowledgements.ts';
import type { Attention } from './attention.ts';
import type { Connection } from './connection.ts';
import { parseJson } from './serializer.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import { StreamOrder, unknownEpoch, type Step } from './stream-order.ts';
import type { CommandFailure, Surroundings } from './types.ts';

export interface MessageEventDeps {
  app: string;
  surroundings: Pick<Surroundings, 'clock' | 'keyValue'>;
  attention: Pick<Attention, 'now'>;
  store: SnapshotStore;
  /** Gives an event to the handlers; does not throw. */
  deliver: (event: ServerEvent) => void;
}

/**
 * Missing events may come by themselves in this time; then they are asked for. Doubled by each time nothing
 * came of it.
 */
const backfillAfterMs = 3000;
/**
 * A hole that was asked for this often is given up: better a gap than a conversation that stands still for
 * ever.
 */
const maxBackfills = 5;
/** Of positions in one frame: by the protocol, and so that the frame stays well below its 64 KiB. */
const maxPositions = 1000;
const maxPositionBytes = 40 * 1024;

export class MessageEventHandler {
  readonly #deps: MessageEventDeps;
  /** Steps that are to be delivered; a handler may cause more while it is given one. */
  readonly #steps: Step[] = [];
  readonly #order = new StreamOrder((step) => this.#steps.push(step));
  readonly #acks: Acknowledgements;
  /** Streams to ask for although nothing of them is held. */
  readonly #behind = new Set<string>();
  /** How often each stream was asked for from the same position. */
  readonly #backfills = new Map<string, { seq: number; count: number }>();
  #isDelivering = false;
  #userId: string | undefined;
  #connection: Connection | undefined;
  /** Positions that had no room in `connect`. */
  #rest: StreamPosition[][] = [];
  #cancelBackfill: (() => void) | undefined;

  constructor(deps: MessageEventDeps) {
    this.#deps = deps;
    this.#acks = new Acknowledgements({ clock: deps.surroundings.clock, attention: deps.attention });
  }

  /**
   * The positions that `connect` names, of this user; undefined for a visitor. All are forgotten when it is
   * another user than before.
   */
  resume(userId: string | undefined): StreamPosition[] {
    if (userId !== this.#userId) this.forget();
    this.#userId = userId;
    // A visitor is another one each time, and has no streams of its own.
    if (userId === undefined) return [];
    const order = this.#order;
    const inbox = `i:${userId}`;
    const kept = order.position(inbox) ? undefined : this.#keptInbox(inbox);
    if (kept) order.restore(kept);
    const known = order.positions();
    // Asked for in any case: the answer says where the inbox is now, and from then on nothing of it is
    // missed.
    if (!order.position(inbox)) known.unshift({ stream: inbox, epoch: unknownEpoch, seq: 0 });
    const [first = [], ...others] = inFrames(known);
    this.#rest = others;
    return first;
  }

  /** The answer to `connect`. From now on acknowledgements leave, and what is missing is asked for. */
  connected(connection: Connection, answer: Pick<CommandAnswer<'connect'>, 'resumed' | 'ackWithinMs'>): void {
    this.#connection = connection;
    this.#acks.connected(connection, answer.ackWithinMs);
    this.#takeResumed(answer.resumed);
    for (const streams of this.#rest) this.#sync(streams);
    this.#rest = [];
  }

  /** An event from the socket. */
  receive(event: ServerEvent): void {
    const { stream, seq, action } = event;
    const isOfStream = seq !== undefined || action === 'gap' || action === 'skipped';
    if (stream === undefined || !isOfStream) {
      this.#deps.deliver(event);
    } else {
      if (this.#order.accept(event) === 'overflow') this.#behind.add(stream);
      this.#deliverSteps();
    }
  }

  /** The answer to an own `message`. */
  own(conversationId: string, seq: number): void {
    this.#order.own(`c:${conversationId}`, seq);
    this.#deliverSteps();
  }

  /** The application has got this far by another way. */
  skipTo(position: StreamPosition): void {
    this.#order.skipTo(position);
    this.#deliverSteps();
  }

  /** The server refused something that waits for no answer. */
  refused(error: CommandFailure): void {
    this.#acks.refused(error);
  }

  /** Acknowledges at once: the page goes away. */
  flush(): void {
    this.#acks.send();
  }

  disconnected(): void {
    this.#connection = undefined;
    this.#acks.disconnected();
    this.#cancelBackfill?.();
    this.#cancelBackfill = undefined;
    // The next connection asks for everything by itself.
    this.#behind.clear();
    this.#backfills.clear();
  }

  /** Forgets every position: nobody is signed in any more. */
  forget(): void {
    this.#order.clear();
    // A handler may be the one that signs out: what would have come after it is not the next user's.
    this.#steps.length = 0;
    this.#acks.clear();
  }

  #deliverSteps(): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    const { deliver, store } = this.#deps;
    for (let step = this.#steps.shift(); step; step = this.#steps.shift()) {
      const { stream, to, event } = step;
      if (event) deliver(event);
      // The application may be behind.
      if (event?.action === 'gap') store.set({ syncSignal: store.get().syncSignal + 1 });
      // A visitor may acknowledge nothing, and what is not known any more cannot be.
      if (this.#userId === undefined || !this.#order.position(stream)) continue;
      this.#acks.add(stream, to);
      if (stream === `i:${this.#userId}`) this.#keepInbox(stream);
    }
    this.#isDelivering = false;
    this.#acks.sendLater();
    this.#backfillLater();
  }

  #backfillLater(): void {
    if (!this.#connection || this.#cancelBackfill) return;
    const missing = this.#missing();
    for (const stream of this.#backfills.keys()) if (!missing.has(stream)) this.#backfills.delete(stream);
    if (missing.size === 0) return;
    const tries = Math.min(...[...missing].map((stream) => this.#backfills.get(stream)?.count ?? 0));
    const delayMs = backfillAfterMs * 2 ** tries;
    this.#cancelBackfill = this.#deps.surroundings.clock.setTimer(() => this.#backfill(), delayMs);
  }

  #backfill(): void {
    this.#cancelBackfill = undefined;
    const asked: StreamPosition[] = [];
    for (const stream of this.#missing()) {
      const position = this.#order.position(stream);
      if (!position) continue;
      const before = this.#backfills.get(stream);
      const count = before?.seq === position.seq ? before.count + 1 : 1;
      this.#backfills.set(stream, { seq: position.seq, count });
      if (count > maxBackfills) this.#order.giveUp(stream, this.#now());
      else asked.push(position);
    }
    this.#behind.clear();
    for (const streams of inFrames(asked)) this.#sync(streams);
    this.#deliverSteps();
  }

  #missing(): Set<string> {
    return new Set([...this.#order.holes(), ...this.#behind]);
  }

  #sync(streams: StreamPosition[]): void {
    const connection = this.#connection;
    connection?.command('sync', { streams }).then(
      ({ resumed }) => {
        if (connection === this.#connection) this.#takeResumed(resumed);
      },
      () => {
        if (connection !== this.#connection) return;
        for (const { stream } of streams) this.#behind.add(stream);
        this.#backfillLater();
      },
    );
  }

  #takeResumed(entries: readonly ResumedStream[]): void {
    for (const entry of entries) {
      const { stream, epoch } = entry;
      const isProbe = stream === `i:${this.#userId}` && !this.#order.position(stream);
      if (!isProbe) this.#order.resumed(entry, this.#now());
      else if (epoch !== undefined && 'gap' in entry) {
        this.#order.restore({ stream, epoch, seq: entry.gap.to });
        this.#keepInbox(stream);
      }
    }
    this.#deliverSteps();
  }

  #now(): string {
    return new Date(this.#deps.surroundings.clock.now()).toISOString();
  }

  #keepInbox(stream: string): void {
    const position = this.#order.position(stream);
    if (!position) return;
    this.#deps.surroundings.keyValue.set(this.#keyOf(stream), JSON.stringify([position.epoch, position.seq]));
  }

  #keptInbox(stream: string): StreamPosition | undefined {
    const kept = parseJson(this.#deps.surroundings.keyValue.get(this.#keyOf(stream)) ?? '');
    // Somebody else's, or cut short: as if there were none.
    const [epoch, seq] = (Array.isArray(kept) ? kept : []) as unknown[];
    return typeof epoch === 'string' && typeof seq === 'number' ? { stream, epoch, seq } : undefined;
  }

  /** Of the inbox position, which is kept between page loads. */
  #keyOf(stream: string): string {
    return `belfry:${this.#deps.app}:${stream}`;
  }
}

/** In frames of a size that the server takes. */
function inFrames(positions: readonly StreamPosition[]): StreamPosition[][] {
  const frames: StreamPosition[][] = [];
  let bytes = 0;
  for (const position of positions) {
    // A user's id may hold letters of several bytes, and ones that JSON escapes; one more for the comma.
    const size = new TextEncoder().encode(JSON.stringify(position)).length + 1;
    const frame = frames.at(-1);
    if (!frame || frame.length >= maxPositions || bytes + size > maxPositionBytes) {
      frames.push([position]);
      bytes = size;
    } else {
      frame.push(position);
      bytes += size;
    }
  }
  return frames;
}
