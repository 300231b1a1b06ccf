// The journeys whose entries of the index are to be made anew: by message, and by range of a stream. Bounded; not
// how they are made.

import type { AppId } from '../ports/app-id.ts';

export interface StaleRange {
  stream: string;
  from: number;
  to: number;
}

interface OfApp {
  messages: Set<string>;
  /** By stream: the narrowest range that has all of theirs. */
  ranges: Map<string, StaleRange>;
}

/** Of one app; beyond it the oldest is let go, and made anew when somebody looks at it. */
const mostMarks = 10_000;

export class StaleJourneys {
  readonly #apps = new Map<AppId, OfApp>();

  get isEmpty(): boolean {
    return this.#apps.size === 0;
  }

  message(app: AppId, messageId: string): void {
    const { messages } = this.#of(app);
    messages.add(messageId);
    dropOldest(messages);
  }

  range(app: AppId, { stream, from, to }: StaleRange): void {
    const { ranges } = this.#of(app);
    const known = ranges.get(stream) ?? { stream, from, to };
    ranges.set(stream, { stream, from: Math.min(known.from, from), to: Math.max(known.to, to) });
    dropOldest(ranges);
  }

  /** The app that waits longest: up to so many messages, or one range. */
  take(limit: number): { app: AppId | undefined; messageIds: readonly string[]; ranges: readonly StaleRange[] } {
    const [first] = this.#apps;
    if (first === undefined) return { app: undefined, messageIds: [], ranges: [] };
    const [app, { messages, ranges }] = first;
    const messageIds = [...messages].slice(0, limit);
    for (const id of messageIds) messages.delete(id);
    const range = messageIds.length === 0 ? ranges.values().next().value : undefined;
    if (range !== undefined) ranges.delete(range.stream);
    // Apps take turns.
    this.#apps.delete(app);
    if (messages.size + ranges.size > 0) this.#apps.set(app, { messages, ranges });
    return { app, messageIds, ranges: range === undefined ? [] : [range] };
  }

  #of(app: AppId): OfApp {
    const known = this.#apps.get(app);
    if (known !== undefined) return known;
    const made = { messages: new Set<string>(), ranges: new Map<string, StaleRange>() };
    this.#apps.set(app, made);
    return made;
  }
}

function dropOldest(marks: Set<string> | Map<string, StaleRange>): void {
  if (marks.size <= mostMarks) return;
  const [oldest] = marks.keys();
  if (oldest !== undefined) marks.delete(oldest);
}
