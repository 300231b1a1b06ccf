// What comes of streams, from the socket to the handlers: in order, acknowledged, resumed, holes healed. The order itself is stream-order.ts's.
import type {
  CommandAction,
  CommandAnswer,
  CommandInput,
  ResumedStream,
  ServerEvent,
  StreamPosition,
} from '@belfry/protocol';
import { parseJson } from './serializer.ts';
import { createStreamOrder, unknownEpoch, type Step } from './stream-order.ts';
import type { Clock, CommandFailure, KeyValue } from './types.ts';

export interface MessageEventHandler {
  /** An event from the socket. */
  receive(event: ServerEvent): void;
  /** The answer to an own `message`. */
  own(conversationId: string, seq: number): void;
  /** What `connect` names; of this user, undefined for a visitor. Another user than before: what was known is forgotten. */
  resume(userId: string | undefined): StreamPosition[];
  /** The answer to `connect`. From now on acknowledgements leave, and holes are asked for. */
  connected(via: Wire, answer: Pick<CommandAnswer<'connect'>, 'resumed' | 'ackWithinMs'>): void;
  disconnected(): void;
  note: (position: StreamPosition) => void;
  /** The server refused something that waits for no answer; it may have been an acknowledgement. */
  refused(error: CommandFailure): void;
  /** Acknowledges at once: the page goes away. */
  flush(): void;
  /** Forgets every position: nobody is signed in any more. */
  forget: () => void;
}

/** What it needs of a connection. */
export interface Wire {
  command<A extends CommandAction>(action: A, data: CommandInput<A>): Promise<CommandAnswer<A>>;
  tell<A extends CommandAction>(action: A, data: CommandInput<A>): void;
}

export interface MessageEventDeps {
  clock: Clock;
  /** Keeps the inbox position between page loads. */
  keyValue: KeyValue;
  keyPrefix: string;
  isVisible: () => boolean;
  /** Gives an event to the handlers; does not throw. */
  hand: (event: ServerEvent) => void;
  /** The application may be behind: a gap was told. */
  gap: () => void;
}

/** One frame for what was handed over meanwhile; doubled while a frame tells of so many events, up to what the server allows. */
const ackAfterMs = 150;
const manyEvents = 3;
/** How long what lies between may take by itself; then it is asked for. Doubled by each time nothing came of it. */
const healAfterMs = 3000;
/** Asked for this often, a hole is told as a gap: better than a conversation that stands still for ever. */
const maxHeals = 5;
/** Of positions in one frame: by the protocol, and so that the frame stays well below its 64 KiB. */
const maxPositions = 1000;
const maxPositionBytes = 40 * 1024;
const maxCursors = 250;

export function createMessageEventHandler(deps: MessageEventDeps): MessageEventHandler {
  const { clock, keyValue, keyPrefix, isVisible, hand, gap } = deps;
  const order = createStreamOrder((step) => {
    steps.push(step);
  });
  /** Steps that are to be handed over; a handler may cause more while it is given one. */
  const steps: Step[] = [];
  let isHanding = false;
  let wire: Wire | undefined;
  let userId: string | undefined;
  /** What handlers were given and the server was not told of. */
  const unacked = new Map<string, number>();
  /** Told last: it may have been on its way when the connection broke. */
  let lastTold: [string, number][] = [];
  let cancelAck: (() => void) | undefined;
  let gatherMs = ackAfterMs;
  let gatherAtMostMs = ackAfterMs;
  /** Events that the next acknowledgement tells of. */
  let gathered = 0;
  let cancelHeal: (() => void) | undefined;
  /** Streams to ask for although nothing of them is held. */
  const behind = new Set<string>();
  /** Positions that had no room in `resume`. */
  let rest: StreamPosition[][] = [];
  const heals = new Map<string, { seq: number; count: number }>();

  function handOver(): void {
    if (isHanding) return;
    isHanding = true;
    for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
      const { stream, to, event } = step;
      if (event !== undefined) hand(event);
      if (event?.action === 'gap') gap();
      // A visitor may acknowledge nothing, and what is not known any more cannot be.
      if (userId === undefined || order.position(stream) === undefined) continue;
      unacked.set(stream, to);
      gathered += 1;
      if (stream === `i:${userId}`) keepInbox(stream);
    }
    isHanding = false;
    ackLater();
    healLater();
  }

  function ackLater(): void {
    if (unacked.size > 0 && wire !== undefined) cancelAck ??= clock.setTimer(acknowledge, gatherMs);
  }

  function acknowledge(): void {
    cancelAck?.();
    cancelAck = undefined;
    if (wire === undefined) return;
    gatherMs = gathered < manyEvents ? ackAfterMs : Math.min(gatherMs * 2, gatherAtMostMs);
    gathered = 0;
    const all = [...unacked].filter(([, seq]) => seq > 0);
    unacked.clear();
    for (let at = 0; at < all.length; at += maxCursors) {
      lastTold = all.slice(at, at + maxCursors);
      wire.tell('ack', { cursors: lastTold.map(([stream, seq]) => ({ stream, seq })), visible: isVisible() });
    }
  }

  function healLater(): void {
    if (wire === undefined || cancelHeal !== undefined) return;
    const holes = order.holes();
    for (const stream of heals.keys()) if (!holes.includes(stream) && !behind.has(stream)) heals.delete(stream);
    if (holes.length === 0 && behind.size === 0) return;
    const tries = Math.min(...[...holes, ...behind].map((stream) => heals.get(stream)?.count ?? 0));
    cancelHeal = clock.setTimer(heal, healAfterMs * 2 ** tries);
  }

  function heal(): void {
    cancelHeal?.();
    cancelHeal = undefined;
    if (wire === undefined) return;
    const asked: StreamPosition[] = [];
    for (const stream of new Set([...order.holes(), ...behind])) {
      const position = order.position(stream);
      if (position === undefined) continue;
      const before = heals.get(stream);
      const count = before?.seq === position.seq ? before.count + 1 : 1;
      heals.set(stream, { seq: position.seq, count });
      if (count > maxHeals) order.giveUp(stream, now());
      else asked.push(position);
    }
    behind.clear();
    for (const streams of inFrames(asked)) sync(wire, streams);
    handOver();
  }

  function sync(via: Wire, streams: StreamPosition[]): void {
    via.command('sync', { streams }).then(
      ({ resumed }) => {
        if (via === wire) takeResumed(resumed);
      },
      () => {
        if (via !== wire) return;
        for (const { stream } of streams) behind.add(stream);
        healLater();
      },
    );
  }

  function takeResumed(entries: readonly ResumedStream[]): void {
    for (const entry of entries) {
      const { stream, epoch } = entry;
      const isProbe = stream === `i:${userId}` && order.position(stream) === undefined;
      if (!isProbe) order.resumed(entry, now());
      else if (epoch !== undefined && 'gap' in entry) {
        order.restore({ stream, epoch, seq: entry.gap.to });
        keepInbox(stream);
      }
    }
    handOver();
  }

  function now(): string {
    return new Date(clock.now()).toISOString();
  }

  function keepInbox(stream: string): void {
    const position = order.position(stream);
    if (position !== undefined) keyValue.set(keyPrefix + stream, JSON.stringify([position.epoch, position.seq]));
  }

  function keptInbox(stream: string): StreamPosition | undefined {
    const kept = parseJson(keyValue.get(keyPrefix + stream) ?? '');
    // Somebody else's, or cut short: as if there were none.
    const [epoch, seq] = (Array.isArray(kept) ? kept : []) as unknown[];
    return typeof epoch === 'string' && typeof seq === 'number' ? { stream, epoch, seq } : undefined;
  }

  function clear(): void {
    order.clear();
    // A handler may be the one that signs out: what would have come after it is not the next user's.
    steps.length = 0;
    unacked.clear();
    lastTold = [];
  }

  return {
    receive(event) {
      const { stream, seq, action } = event;
      const isOfStream = seq !== undefined || action === 'gap' || action === 'skipped';
      if (stream === undefined || !isOfStream) {
        hand(event);
      } else {
        if (order.accept(event) === 'overflow') behind.add(stream);
        handOver();
      }
    },
    own(conversationId, seq) {
      order.own(`c:${conversationId}`, seq);
      handOver();
    },
    resume(nextUserId) {
      if (nextUserId !== userId) clear();
      userId = nextUserId;
      // A visitor is another one each time, and has no streams of its own.
      if (userId === undefined) return [];
      const inbox = `i:${userId}`;
      const kept = order.position(inbox) === undefined ? keptInbox(inbox) : undefined;
      if (kept !== undefined) order.restore(kept);
      const known = order.positions();
      // Asked for in any case: the answer says where the inbox is now, and from then on nothing of it is missed.
      if (order.position(inbox) === undefined) known.unshift({ stream: inbox, epoch: unknownEpoch, seq: 0 });
      const [first = [], ...others] = inFrames(known);
      rest = others;
      return first;
    },
    connected(via, { resumed, ackWithinMs = ackAfterMs }) {
      wire = via;
      gatherAtMostMs = ackWithinMs;
      takeResumed(resumed);
      for (const streams of rest) sync(via, streams);
      rest = [];
    },
    disconnected() {
      wire = undefined;
      cancelAck?.();
      cancelHeal?.();
      cancelAck = cancelHeal = undefined;
      // The next connection asks for everything by itself.
      behind.clear();
      heals.clear();
      for (const [stream, seq] of lastTold) if (!unacked.has(stream)) unacked.set(stream, seq);
      lastTold = [];
    },
    refused({ path }) {
      const [list, index] = path ?? [];
      if (list !== 'cursors' || typeof index !== 'number') return;
      // The server stopped at this cursor, as when we were taken out of a conversation: those after it are told again.
      for (const [stream, seq] of lastTold.slice(index + 1)) if (!unacked.has(stream)) unacked.set(stream, seq);
      ackLater();
    },
    note(position) {
      order.note(position);
      handOver();
    },
    flush: acknowledge,
    forget: clear,
  };
}

/** In frames of a size that the server takes. */
function inFrames(positions: readonly StreamPosition[]): StreamPosition[][] {
  const frames: StreamPosition[][] = [];
  let bytes = 0;
  for (const position of positions) {
    // Names and epochs are ASCII; 40 is what stands around them.
    const size = position.stream.length + position.epoch.length + 40;
    const frame = frames.at(-1);
    if (frame === undefined || frame.length >= maxPositions || bytes + size > maxPositionBytes) {
      frames.push([position]);
      bytes = size;
    } else {
      frame.push(position);
      bytes += size;
    }
  }
  return frames;
}
