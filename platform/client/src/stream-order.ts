// Puts what comes of each stream into the order of its seqs, each once: what is released, held, dropped. When
// to ask for what is missing: message-event-handler.ts.
import type { ResumedStream, ServerEvent, StreamPosition } from '@belfry/protocol';

/**
 * A step of a stream, in order: what the application is given (nothing for a seq that is not for it), and how
 * far that brings it.
 */
export interface Step {
  stream: string;
  to: number;
  event?: ServerEvent | undefined;
}

/**
 * Undefined where nothing is held: the event was released, or dropped. `overflow`: what was held of the
 * stream was let go; it has to be asked for again.
 */
export type Accepted = 'held' | 'overflow' | undefined;

/** No log's epoch: the server answers it with a gap that says the real one, and the head. */
export const unknownEpoch = 'unknown';

/**
 * Events held in all. A stream that would pass it is let go and asked for again: the server's log is the
 * buffer.
 */
export const maxHeld = 1000;

/** Streams with a position; the one that moved longest ago is forgotten. */
const maxStreams = 10_000;

interface Range {
  from: number;
  to: number;
  event?: ServerEvent;
}

interface StreamState {
  /** Undefined: known by answers to own messages alone. */
  at: { epoch: string; seq: number } | undefined;
  /** By `from`; each begins after the next seq. */
  held: Map<number, Range>;
  /** Lives of the log that are over. A straggler of one must not bring it back. */
  retired: string[];
}

const maxRetired = 8;

/**
 * Own messages remembered of a stream without a position: its first event comes within a few of them, if it
 * comes at all.
 */
const maxOwn = 32;

export class StreamOrder {
  readonly #release: (step: Step) => void;
  readonly #streams = new Map<string, StreamState>();
  /** Streams of which something is held. */
  readonly #holding = new Set<string>();
  #heldCount = 0;

  /** `release` is called for each step, in order; a step that it causes comes after. */
  constructor(release: (step: Step) => void) {
    this.#release = release;
  }

  /** A durable event, `skipped` or `gap`. */
  accept(event: ServerEvent): Accepted {
    const { action, stream, seq, data } = event;
    if (stream === undefined) return undefined;
    if (seq !== undefined) return this.#acceptDurable(event, stream, seq);
    const { from, to } = data;
    const isRange = typeof from === 'number' && typeof to === 'number' && from <= to;
    if (!isRange || !this.#streams.get(stream)?.at) return undefined;
    return this.#take(stream, action === 'gap' ? { from, to, event } : { from, to });
  }

  /** The answer to an own `message`: its seq is a position like any other, but says no epoch. */
  own(stream: string, seq: number): void {
    this.#take(stream, { from: seq, to: seq });
    const { at, held } = this.#touch(stream);
    const [oldest] = held.keys();
    if (at || oldest === undefined || held.size <= maxOwn) return;
    held.delete(oldest);
    this.#heldCount -= 1;
  }

  /** The server's answer to `resume` or `sync`; the steps that follow from it are released. */
  resumed(entry: ResumedStream, timestamp: string): void {
    const { stream, epoch } = entry;
    const gap = 'gap' in entry ? entry.gap : undefined;
    if (epoch === undefined) this.#forget(stream);
    if (!gap) return;
    const event = gapEvent(stream, gap, timestamp);
    if (epoch !== undefined && epoch === this.#streams.get(stream)?.at?.epoch && gap.reason !== 'unknown_epoch') {
      this.#take(stream, { from: gap.from, to: gap.to, event });
    } else {
      if (epoch !== undefined) this.restore({ stream, epoch, seq: gap.to });
      this.#release({ stream, to: gap.to, event });
    }
  }

  /** The application has got this far by another way, such as `history`. */
  skipTo({ stream, epoch, seq }: StreamPosition): void {
    const state = this.#touch(stream);
    if (state.retired.includes(epoch)) return;
    if (!state.at) {
      state.at = { epoch, seq: 0 };
      this.#advance(stream, state, { from: 1, to: seq });
    } else if (state.at.epoch !== epoch) {
      this.restore({ stream, epoch, seq });
      this.#release({ stream, to: seq });
    } else {
      this.#take(stream, { from: state.at.seq + 1, to: seq });
    }
  }

  /**
   * From now on the stream is this log's, of which the application has everything up to `seq`. No step comes
   * of it.
   */
  restore({ stream, epoch, seq }: StreamPosition): void {
    const state = this.#touch(stream);
    if (state.at && state.at.epoch !== epoch) {
      state.retired = [...state.retired.slice(1 - maxRetired), state.at.epoch];
    }
    this.#letGo(stream, state);
    state.at = { epoch, seq };
  }

  /** Nothing came for what is missing at the beginning of what is held: released as a gap, and gone on. */
  giveUp(stream: string, timestamp: string): void {
    const state = this.#streams.get(stream);
    if (!state?.at || state.held.size === 0) return;
    const to = Math.min(...state.held.keys()) - 1;
    const from = state.at.seq + 1;
    const event = gapEvent(stream, { from, to, reason: 'too_old' }, timestamp);
    this.#advance(stream, state, { from, to, event });
  }

  /**
   * Every stream with a position, the one that moved last first. A stream known by own messages alone has
   * `unknownEpoch`.
   */
  positions(): StreamPosition[] {
    const newestFirst = [...this.#streams].reverse();
    return newestFirst.map(([stream, { at = { epoch: unknownEpoch, seq: 0 } }]) => ({ stream, ...at }));
  }

  position(stream: string): StreamPosition | undefined {
    const at = this.#streams.get(stream)?.at;
    return at && { stream, ...at };
  }

  /** Streams of which something is held. */
  holes(): string[] {
    return [...this.#holding].filter((stream) => this.#streams.get(stream)?.at);
  }

  clear(): void {
    this.#streams.clear();
    this.#holding.clear();
    this.#heldCount = 0;
  }

  #acceptDurable(event: ServerEvent, stream: string, seq: number): Accepted {
    const state = this.#touch(stream);
    const epoch = event.epoch ?? state.at?.epoch ?? unknownEpoch;
    if (state.retired.includes(epoch)) return undefined;
    if (!state.at) {
      // Own messages that are held stand: they are of this log, before or after the event.
      state.at = { epoch, seq: seq - 1 };
    } else if (state.at.epoch !== epoch) {
      this.restore({ stream, epoch, seq: seq - 1 });
      const gap = gapEvent(stream, { from: 1, to: seq - 1, reason: 'unknown_epoch' }, event.timestamp);
      this.#release({ stream, to: seq - 1, event: gap });
    }
    return this.#take(stream, { from: seq, to: seq, event });
  }

  #take(stream: string, range: Range): Accepted {
    const state = this.#touch(stream);
    const { at } = state;
    if (at && range.to <= at.seq) return undefined;
    if (!at || range.from > at.seq + 1) return this.#hold(stream, state, range);
    this.#advance(stream, state, range);
    return undefined;
  }

  #hold(stream: string, state: StreamState, range: Range): Accepted {
    const before = state.held.get(range.from);
    if (before) {
      // Twice the same; or a `skipped` that goes on behind what is held.
      return before.to >= range.to ? undefined : this.#hold(stream, state, { ...range, from: before.to + 1 });
    }
    if (this.#heldCount >= maxHeld) {
      this.#letGo(stream, state);
      return 'overflow';
    }
    this.#heldCount += 1;
    state.held.set(range.from, range);
    this.#holding.add(stream);
    return 'held';
  }

  /** The range is next: releases it, and what was held for it. */
  #advance(stream: string, state: StreamState, range: Range): void {
    this.#move(stream, state, range);
    const held = [...state.held.values()].sort((a, b) => a.from - b.from);
    for (const next of held) {
      if (!state.at || next.from > state.at.seq + 1) break;
      state.held.delete(next.from);
      this.#heldCount -= 1;
      if (next.to > state.at.seq) this.#move(stream, state, next);
      // Held, and inside of a range that was said not to come: it did come, so it is given, in its place
      // among the others.
      else if (next.event && next.from > range.from && next.to <= range.to)
        this.#release({ stream, to: state.at.seq, event: next.event });
    }
    if (state.held.size === 0) this.#holding.delete(stream);
  }

  #move(stream: string, { at }: StreamState, { to, event }: Range): void {
    if (!at) return;
    at.seq = to;
    this.#release({ stream, to, event });
  }

  /** The state of a stream, which is now the one that moved last. */
  #touch(stream: string): StreamState {
    const state = this.#streams.get(stream) ?? { at: undefined, held: new Map<number, Range>(), retired: [] };
    this.#streams.delete(stream);
    this.#streams.set(stream, state);
    if (this.#streams.size > maxStreams) {
      const [oldest] = this.#streams.keys();
      if (oldest !== undefined) this.#forget(oldest);
    }
    return state;
  }

  #forget(stream: string): void {
    const state = this.#streams.get(stream);
    if (state) this.#letGo(stream, state);
    this.#streams.delete(stream);
  }

  #letGo(stream: string, { held }: StreamState): void {
    this.#heldCount -= held.size;
    held.clear();
    this.#holding.delete(stream);
  }
}

function gapEvent(
  stream: string,
  { from, to, reason }: { from: number; to: number; reason: string },
  timestamp: string,
): ServerEvent {
  const conversation = stream.startsWith('c:') ? { conversationId: stream.slice(2) } : {};
  return { action: 'gap', ...conversation, stream, timestamp, data: { from, to, reason } };
}
