// The frames of one person, newest first, as far as they are kept, and the filter over them. Sends and
// receives nothing.
import type { FrameRecord } from '@belfry/client';
import { untrack } from 'svelte';

export interface ShownFrame {
  number: number;
  direction: FrameRecord['direction'];
  at: number;
  text: string;
  /** The action; of an answer, the action that it answers. */
  action: string;
  kind: 'command' | 'answer' | 'refusal' | 'event';
  /** Of an answer: ms since its command was sent. */
  tookMs: number | undefined;
}

/** Kept per person; older ones go. */
const maxFrames = 500;
/** Commands whose answer may still come. */
const maxOpen = 200;

const quiet: ReadonlySet<string> = new Set(['heartbeat', 'ack']);

export class FrameLog {
  filter = $state('');
  /** Heartbeats and acknowledgements. */
  showsQuiet = $state(false);
  #paused: readonly ShownFrame[] | undefined = $state.raw();
  #all: readonly ShownFrame[] = $state.raw([]);
  #number = 0;
  /** By the id of the command. */
  #open: Record<number, { action: string; at: number }> = {};

  get isPaused(): boolean {
    return this.#paused !== undefined;
  }

  /** Frames since the pause. */
  get missed(): number {
    return this.#paused === undefined ? 0 : (this.#all[0]?.number ?? 0) - (this.#paused[0]?.number ?? 0);
  }

  get shown(): readonly ShownFrame[] {
    const wanted = this.filter.trim().toLowerCase();
    return (this.#paused ?? this.#all).filter(
      ({ action, text }) =>
        (this.showsQuiet || !quiet.has(action)) && (wanted === '' || text.toLowerCase().includes(wanted)),
    );
  }

  get total(): number {
    return this.#all.length;
  }

  togglePause(): void {
    this.#paused = this.#paused === undefined ? this.#all : undefined;
  }

  clear(): void {
    this.#all = [];
    if (this.#paused !== undefined) this.#paused = [];
  }

  take(frame: FrameRecord): void {
    this.#number += 1;
    // An effect may send a command, whose frame is recorded here. If that read `#all` as a dependency, the
    // effect would run again because of its own frame.
    const before = untrack(() => this.#all);
    this.#all = [{ number: this.#number, ...frame, ...this.#read(frame) }, ...before].slice(0, maxFrames);
  }

  #read({ direction, at, text }: FrameRecord): Pick<ShownFrame, 'action' | 'kind' | 'tookMs'> {
    const { id, action = '?', ok } = parse(text);
    if (direction === 'out') {
      if (id !== undefined) this.#remember(id, { action, at });
      return { action, kind: 'command', tookMs: undefined };
    }
    if (ok === undefined) return { action, kind: 'event', tookMs: undefined };
    const asked = id === undefined ? undefined : this.#open[id];
    return {
      action: asked?.action ?? '?',
      kind: ok ? 'answer' : 'refusal',
      tookMs: asked === undefined ? undefined : at - asked.at,
    };
  }

  #remember(id: number, command: { action: string; at: number }): void {
    // Ids are a counter: a command this many ids ago that has no answer will get none.
    const { [id - maxOpen]: _tooOld, ...rest } = this.#open;
    this.#open = { ...rest, [id]: command };
  }
}

interface AnyFrame {
  id?: number;
  action?: string;
  ok?: boolean;
}

function parse(text: string): AnyFrame {
  try {
    return JSON.parse(text) as AnyFrame;
  } catch {
    return {};
  }
}
