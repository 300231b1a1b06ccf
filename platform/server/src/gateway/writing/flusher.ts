// Decides when buffered frames are written: all that fell due in one turn of the event loop, together. What is buffered for whom: send-buffer.ts.
import type { Clock } from '../../ports/clock.ts';
import type { Metrics } from '../../ports/metrics.ts';

export interface Flushable {
  /** Writes what is buffered; the number of socket writes it took. */
  flush(join: JoinFrames): number;
}

export type JoinFrames = (frames: readonly Buffer[]) => Buffer;

/** Longest pause after a costly flush: well below what a person notices. */
const maxRestMs = 8;
/** A flush shorter than this costs too little to pause for. */
const costlyMs = 1;

interface FlusherDeps {
  clock: Clock;
  metrics: Metrics;
  /** Runs at the end of the present turn of the event loop. */
  defer?: (run: () => void) => void;
}

/**
 * At the end of the turn in which something fell due: an idle server loses no time by that (nothing else is in the turn), and a busy one
 * collects by itself, since a turn is longer the more there is to do. After a flush of t ms the next waits t ms more (8 at most): writing then
 * takes half of the time at worst, and what comes in meanwhile leaves in the same writes.
 */
export class Flusher {
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  readonly #defer: (run: () => void) => void;
  #due: Flushable[] = [];
  #restUntilMs = -Infinity;

  constructor({ clock, metrics, defer = setImmediate }: FlusherDeps) {
    this.#clock = clock;
    this.#metrics = metrics;
    this.#defer = defer;
  }

  /** To be called once per buffer and flush. */
  add(buffer: Flushable): void {
    this.#due.push(buffer);
    if (this.#due.length > 1) return;
    const restMs = this.#restUntilMs - this.#clock.monotonic();
    if (restMs >= 1) this.#clock.after(restMs, this.#flush);
    else this.#defer(this.#flush);
  }

  readonly #flush = (): void => {
    const due = this.#due;
    this.#due = [];
    const startedMs = this.#clock.monotonic();
    const join = createJoin();
    let writes = 0;
    for (const buffer of due) writes += buffer.flush(join);
    this.#metrics.count('socket_writes_total', [], writes);
    const endedMs = this.#clock.monotonic();
    const tookMs = endedMs - startedMs;
    this.#restUntilMs = tookMs < costlyMs ? -Infinity : endedMs + Math.min(tookMs, maxRestMs);
  };
}

/** Members of one room mostly have the very same frames due: joined once, the bytes serve them all. */
export function createJoin(): JoinFrames {
  let last: readonly Buffer[] = [];
  let joined: Buffer | undefined;
  return (frames) => {
    const [first] = frames;
    if (frames.length === 1 && first !== undefined) return first;
    if (joined !== undefined && isSame(frames, last)) return joined;
    last = frames;
    joined = Buffer.concat(frames);
    return joined;
  };
}

function isSame(a: readonly Buffer[], b: readonly Buffer[]): boolean {
  if (a.length !== b.length) return false;
  // From the end: two sockets that differ mostly differ in what came last.
  for (let index = a.length - 1; index >= 0; index -= 1) if (a[index] !== b[index]) return false;
  return true;
}
