// The messages of a conversation that are known, by seq, each once: pure functions over lists that are never
// changed in place.
import type { ChatMessage } from './message-adapter.ts';
import { newer } from './message-adapter.ts';

export type Log = readonly ChatMessage[];

/** Of a message that is in both the later state is kept. */
export function merge(a: Log, b: Log): Log {
  if (b.length === 0) return a;
  const bySeq = new Map(a.map((message) => [seqOf(message), message]));
  for (const message of b) {
    const known = bySeq.get(seqOf(message));
    bySeq.set(seqOf(message), known ? newer(known, message) : message);
  }
  return [...bySeq.values()].sort((x, y) => seqOf(x) - seqOf(y));
}

export function replace(log: Log, seq: unknown, change: (message: ChatMessage) => ChatMessage): Log {
  return log.some((message) => message.seq === seq)
    ? log.map((message) => (message.seq === seq ? change(message) : message))
    : log;
}

export function from(log: Log, seq: number): Log {
  return log.filter((message) => seqOf(message) >= seq);
}

/** 0 when there is none. */
export function newestSeq(log: Log): number {
  return log.at(-1)?.seq ?? 0;
}

function seqOf(message: ChatMessage): number {
  return message.seq ?? Infinity;
}
