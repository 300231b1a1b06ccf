// Puts what comes of each stream into the order of its seqs, each once: what is released, held, dropped. When to ask for what is missing: message-event-handler.ts.
import type { ResumedStream, ServerEvent, StreamPosition } from '@belfry/protocol';

/** A step of a stream, in order: what the application is given (nothing for a seq that is not for it), and how far that brings it. */
export interface Step {
  stream: string;
  to: number;
  event?: ServerEvent;
}

export type Accepted = 'released' | 'held' | 'dropped' | 'overflow';

export interface StreamOrder {
  /** A durable event, `skipped` or `gap`. `overflow`: what was held of the stream was let go; it has to be asked for again. */
  accept(event: ServerEvent): Accepted;
  /** The answer to an own `message`: its seq is a position like any other, but tells no epoch. */
  own(stream: string, seq: number): void;
  /** What the server said to `resume` or `sync`; the steps that follow from it are released. */
  resumed(entry: ResumedStream, timestamp: string): void;
  /** The application has got this far by another way, such as `history`. */
  note(position: StreamPosition): void;
  /** As `note`, for a stream that is not known yet, and without a step: nobody need hear of it. */
  restore(position: StreamPosition): void;
  /** Nothing came for what is missing at the beginning of what is held: told as a gap, and gone on. */
  giveUp(stream: string, timestamp: string): void;
  /** Every stream with a position, the one that moved last first. A stream known by own messages alone has `unknownEpoch`. */
  positions(): StreamPosition[];
  position(stream: string): StreamPosition | undefined;
  /** Streams of which something is held. */
  holes(): string[];
  clear(): void;
}

/** No log's epoch: the server answers it with a gap that says the real one, and the head. */
export const unknownEpoch = 'unknown';

/** Events held in all. A stream that would pass it is let go and asked for again: the server's log is the buffer. */
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

/** Own messages remembered of a stream without a position: its first event comes within a few of them, if it comes at all. */
const maxOwn = 32;

export function createStreamOrder(release: (step: Step) => void): StreamOrder {
  const streams = new Map<string, StreamState>();
  /** Those of which something is held. */
  const holding = new Set<string>();
  let heldCount = 0;

  /** The state of a stream, which is now the one that moved last. */
  function touch(stream: string): StreamState {
    const state = streams.get(stream) ?? { at: undefined, held: new Map<number, Range>(), retired: [] };
    streams.delete(stream);
    streams.set(stream, state);
    if (streams.size > maxStreams) {
      const [oldest] = streams.keys();
      if (oldest !== undefined) forget(oldest);
    }
    return state;
  }

  function forget(stream: string): void {
    const state = streams.get(stream);
    if (state !== undefined) letGo(stream, state);
    streams.delete(stream);
  }

  function letGo(stream: string, state: StreamState): void {
    heldCount -= state.held.size;
    state.held.clear();
    holding.delete(stream);
  }

  /** From now on the stream is this log's, of which the application has everything up to `seq`. */
  function begin({ stream, epoch, seq }: StreamPosition): void {
    const state = touch(stream);
    if (state.at !== undefined && state.at.epoch !== epoch) {
      state.retired = [...state.retired.slice(1 - maxRetired), state.at.epoch];
    }
    letGo(stream, state);
    state.at = { epoch, seq };
  }

  function take(stream: string, range: Range): Accepted {
    const state = touch(stream);
    const { at } = state;
    if (at !== undefined && range.to <= at.seq) return 'dropped';
    if (at === undefined || range.from > at.seq + 1) return hold(stream, state, range);
    advance(stream, state, range);
    return 'released';
  }

  function hold(stream: string, state: StreamState, range: Range): Accepted {
    const before = state.held.get(range.from);
    if (before !== undefined) {
      // Twice the same; or a `skipped` that goes on behind what is held.
      return before.to >= range.to ? 'dropped' : hold(stream, state, { ...range, from: before.to + 1 });
    }
    if (heldCount >= maxHeld) {
      letGo(stream, state);
      return 'overflow';
    }
    heldCount += 1;
    state.held.set(range.from, range);
    holding.add(stream);
    return 'held';
  }

  /** The range is next: releases it, and what was held for it. */
  function advance(stream: string, state: StreamState, range: Range): void {
    move(stream, state, range);
    const held = [...state.held.values()].sort((a, b) => a.from - b.from);
    for (const next of held) {
      if (state.at === undefined || next.from > state.at.seq + 1) break;
      state.held.delete(next.from);
      heldCount -= 1;
      if (next.to > state.at.seq) move(stream, state, next);
      // Held, and inside of a range that was said not to come: it did come, so it is given, in its place among the others.
      else if (next.event !== undefined && next.from > range.from && next.to <= range.to)
        release({ stream, to: state.at.seq, event: next.event });
    }
    if (state.held.size === 0) holding.delete(stream);
  }

  function move(stream: string, state: StreamState, { to, event }: Range): void {
    if (state.at === undefined) return;
    state.at.seq = to;
    release({ stream, to, ...(event === undefined ? {} : { event }) });
  }

  function acceptDurable(event: ServerEvent, stream: string, seq: number): Accepted {
    const state = touch(stream);
    const epoch = event.epoch ?? state.at?.epoch ?? unknownEpoch;
    if (state.retired.includes(epoch)) return 'dropped';
    if (state.at === undefined) {
      // Own messages that are held stand: they are of this log, before or after the event.
      state.at = { epoch, seq: seq - 1 };
    } else if (state.at.epoch !== epoch) {
      begin({ stream, epoch, seq: seq - 1 });
      const gap = gapEvent(stream, { from: 1, to: seq - 1, reason: 'unknown_epoch' }, event.timestamp);
      release({ stream, to: seq - 1, event: gap });
    }
    return take(stream, { from: seq, to: seq, event });
  }

  return {
    accept(event) {
      const { action, stream, seq, data } = event;
      if (stream === undefined) return 'dropped';
      if (seq !== undefined) return acceptDurable(event, stream, seq);
      const { from, to } = data;
      if (typeof from !== 'number' || typeof to !== 'number' || to < from) return 'dropped';
      if (streams.get(stream)?.at === undefined) return 'dropped';
      return take(stream, action === 'gap' ? { from, to, event } : { from, to });
    },
    own(stream, seq) {
      take(stream, { from: seq, to: seq });
      const state = touch(stream);
      const [oldest] = state.held.keys();
      if (state.at !== undefined || oldest === undefined || state.held.size <= maxOwn) return;
      state.held.delete(oldest);
      heldCount -= 1;
    },
    resumed(entry, timestamp) {
      const { stream, epoch } = entry;
      const gap = 'gap' in entry ? entry.gap : undefined;
      if (epoch === undefined) forget(stream);
      if (gap === undefined) return;
      const event = gapEvent(stream, gap, timestamp);
      if (epoch !== undefined && epoch === streams.get(stream)?.at?.epoch && gap.reason !== 'unknown_epoch') {
        take(stream, { from: gap.from, to: gap.to, event });
      } else {
        if (epoch !== undefined) begin({ stream, epoch, seq: gap.to });
        release({ stream, to: gap.to, event });
      }
    },
    note({ stream, epoch, seq }) {
      const state = touch(stream);
      if (state.retired.includes(epoch)) return;
      if (state.at === undefined) {
        state.at = { epoch, seq: 0 };
        advance(stream, state, { from: 1, to: seq });
      } else if (state.at.epoch !== epoch) {
        begin({ stream, epoch, seq });
        release({ stream, to: seq });
      } else {
        take(stream, { from: state.at.seq + 1, to: seq });
      }
    },
    restore: begin,
    giveUp(stream, timestamp) {
      const state = streams.get(stream);
      if (state?.at === undefined || state.held.size === 0) return;
      const to = Math.min(...state.held.keys()) - 1;
      const from = state.at.seq + 1;
      const event = gapEvent(stream, { from, to, reason: 'too_old' }, timestamp);
      advance(stream, state, { from, to, event });
    },
    positions: () =>
      [...streams].reverse().map(([stream, { at }]) => ({ stream, ...(at ?? { epoch: unknownEpoch, seq: 0 }) })),
    position(stream) {
      const at = streams.get(stream)?.at;
      return at === undefined ? undefined : { stream, ...at };
    },
    holes: () => [...holding].filter((stream) => streams.get(stream)?.at !== undefined),
    clear() {
      streams.clear();
      holding.clear();
      heldCount = 0;
    },
  };
}

function gapEvent(
  stream: string,
  { from, to, reason }: { from: number; to: number; reason: string },
  timestamp: string,
): ServerEvent {
  const conversation = stream.startsWith('c:') ? { conversationId: stream.slice(2) } : {};
  return { action: 'gap', ...conversation, stream, timestamp, data: { from, to, reason } };
}
