// Picks the stored rows that concern one message, in the order of time. They are folded by fold.ts and
// fold-counts.ts.

import type { PushReason } from '@belfry/protocol';
import type { AckEntry, PushEntry, ReadRow, SentEntry } from './rows.ts';

/** Where the message stands: its seq in each stream that has it. */
export type Positions = ReadonlyMap<string, number>;

export type FactAbout =
  | { about: 'caught_up'; atMs: number; fact: SentEntry }
  | { about: 'ack'; atMs: number; fact: AckEntry }
  | { about: 'push'; atMs: number; fact: PushEntry };

export function factsAbout(messageId: string, positions: Positions, rows: readonly ReadRow[]): FactAbout[] {
  const facts: FactAbout[] = [];
  for (const row of rows) {
    if (row.type === 'plan') {
      for (const fact of row.body.acks) facts.push({ about: 'ack', atMs: fact.atMs, fact });
    }
    if (row.type === 'acks') {
      const seq = positions.get(row.body.stream);
      for (const fact of row.body.acks) {
        if (covers(fact, seq)) facts.push({ about: 'ack', atMs: fact.atMs, fact });
      }
    }
    if (row.type === 'caught_up') {
      const seq = positions.get(row.body.stream);
      for (const fact of row.body.sent) {
        if (covers(fact, seq)) facts.push({ about: 'caught_up', atMs: fact.atMs, fact });
      }
    }
    if (row.type === 'push') {
      const seq = positions.get(row.body.stream);
      for (const given of row.body.facts) {
        const fact = row.body.messageId === messageId ? own(given, seq) : covered(given, { seq, row: row.body });
        if (fact !== undefined) facts.push({ about: 'push', atMs: fact.atMs, fact });
      }
    }
  }
  // Stable: facts of one moment keep the order in which they were recorded.
  return facts.toSorted((a, b) => a.atMs - b.atMs);
}

function covers({ from, to }: { from: number; to: number }, seq: number | undefined): boolean {
  return seq !== undefined && from <= seq && seq <= to;
}

function own(fact: PushEntry, seq: number | undefined): PushEntry | undefined {
  // "Collapsed into itself" is what the wait of the last message of a range finds: the claim's own facts are
  // about its notification.
  return fact.reason === 'collapsed_into' && fact.collapsedInto === seq ? undefined : fact;
}

/**
 * These are about the message that was claimed for alone, not about the others that its notification stands
 * for.
 */
const ofOneMessage: ReadonlySet<PushReason> = new Set([
  'waiting_for_ack',
  'cancelled_acked',
  'cancelled_read',
  'collapsed_into',
]);

/**
 * A notification for another message stands for this one too: the newest of the range shares its fate, those
 * before it are part of that one's.
 */
function covered(
  fact: PushEntry,
  at: { seq: number | undefined; row: { seq: number; through?: number | undefined } },
): PushEntry | undefined {
  const { seq, row } = at;
  if (seq === undefined || row.through === undefined || seq <= row.seq || seq > row.through) return undefined;
  if (ofOneMessage.has(fact.reason)) return undefined;
  if (seq === row.through) return fact;
  const { attempt: _, ...rest } = fact;
  return { ...rest, reason: 'collapsed_into', collapsedInto: row.through };
}
