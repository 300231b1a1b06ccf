// Decides when buffered frames are written: all that fell due in one turn of the event loop, together. The
// buffers: send-buffer.ts.
import type { Surroundings } from '../../ports/surroundings.ts';

export interface Flushable {
  /** Writes what is buffered; the number of socket writes it took. */
  flush(join: JoinFrames): number;
}

export type JoinFrames = (frames: readonly Buffer[]) => Buffer;

/** Longest pause after a costly flush: well below what a person notices. */
const maxRestMs = 8;
/** A flush shorter than this costs too little to pause for. */
const costlyMs = 1;

/**
 * Flushes at the end of the turn in which something fell due. An idle server loses no time by that (nothing
 * else is in the turn), and a busy one collects by itself, since a turn is longer the more there is to do.
 * After a flush of t ms the next waits t ms more (8 at most): writing then takes half of the time at worst,
 * and what comes in meanwhile leaves in the same writes.
 */
export class Flusher {
  readonly #surroundings: Pick<Surroundings, 'clock' | 'metrics'>;
  readonly #defer: (run: () => void) => void;
  #due: Flushable[] = [];
  #restUntilMs = -Infinity;

  /** `defer` runs at the end of the present turn of the event loop. */
  constructor(surroundings: Pick<Surroundings, 'clock' | 'metrics'>, defer: (run: () => void) => void = setImmediate) {
    this.#surroundings = surroundings;
    this.#defer = defer;
  }

  /** To be called once per buffer and flush. */
  add(buffer: Flushable): void {
    this.#due.push(buffer);
    if (this.#due.length > 1) return;
    const { clock } = this.#surroundings;
    const restMs = this.#restUntilMs - clock.monotonic();
    if (restMs >= 1) clock.after(restMs, this.#flush);
    else this.#defer(this.#flush);
  }

  readonly #flush = (): void => {
    const { clock, metrics } = this.#surroundings;
    const due = this.#due;
    this.#due = [];
    const startedMs = clock.monotonic();
    const join = createJoin();
    let writes = 0;
    for (const buffer of due) writes += buffer.flush(join);
    metrics.count('socket_writes_total', [], writes);
    const endedMs = clock.monotonic();
    const tookMs = endedMs - startedMs;
    this.#restUntilMs = tookMs < costlyMs ? -Infinity : endedMs + Math.min(tookMs, maxRestMs);
  };
}

/**
 * Members of one room mostly have the very same frames due: joined once, the bytes serve them all. Two lists
 * of frames are remembered, so that members who speak another protocol do not push out those of the first
 * with each turn.
 */
export function createJoin(): JoinFrames {
  let last: Joined | undefined;
  let before: Joined | undefined;
  return (frames) => {
    const [first] = frames;
    if (frames.length === 1 && first !== undefined) return first;
    if (last !== undefined && isSame(frames, last.frames)) return last.bytes;
    const found = before !== undefined && isSame(frames, before.frames) ? before : undefined;
    before = last;
    last = found ?? { frames, bytes: Buffer.concat(frames) };
    return last.bytes;
  };
}

interface Joined {
  readonly frames: readonly Buffer[];
  readonly bytes: Buffer;
}

function isSame(a: readonly Buffer[], b: readonly Buffer[]): boolean {
  if (a.length !== b.length) return false;
  // From the end: two sockets that differ mostly differ in what came last.
  for (let index = a.length - 1; index >= 0; index -= 1) if (a[index] !== b[index]) return false;
  return true;
}
