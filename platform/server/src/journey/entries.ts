// Makes the entry of a broadcast in the journey index: of its plan as it is written, or of its journey as it is
// read back. Not when entries are written: indexer.ts.

import type { Journey, Reason, ReasonCounts } from '@belfry/protocol';
import type { AckedRange, MessageSent } from '../ports/message-facts.ts';
import type { JourneyEntry, JourneySums } from '../ports/stores/index.ts';
import type { Folded } from './folding.ts';
import { mayBeAcked } from './fold.ts';
import { sumsOfCounts, sumsOfPeople } from './sums.ts';

/** From so many recipients on an entry names none of them: it is one small row a message. */
export const namedUsers = 50;

/** Nobody looks for these, and there are many: they carry no message. */
const notListed: ReadonlySet<string> = new Set(['typing', 'read']);

export function isListed(kind: string): boolean {
  return !notListed.has(kind);
}

/** `acks` came before the plan was written, and are of this message alone. */
export function entryOfPlan(plan: MessageSent, acks: readonly AckedRange[]): JourneyEntry {
  const { messageId, acceptedAtMs: at, kind, conversationId, senderId, stream, seq, recipients } = plan;
  return {
    ...{ messageId, at, kind },
    ...(conversationId !== undefined && { conversationId }),
    ...(senderId !== undefined && { senderId }),
    ...(stream !== undefined && seq !== undefined && { stream, seq }),
    ...{ recipients: plan.recipientCount, ...namesOf(recipients) },
    ...{ ...countAcks(plan, acks), facts: 1 },
    ...(plan.resendOf !== undefined && { resendOf: plan.resendOf }),
  };
}

/** Whether the plan does not know all that acknowledged it: a connection came later, from the log. */
export function isIncomplete(plan: MessageSent, acks: readonly AckedRange[]): boolean {
  return acks.length > 0 && (plan.recipients === undefined || acks.some(({ deviceType }) => deviceType !== undefined));
}

export function entryOfJourney({ journey, recipientCount, firstSeenAtMs, facts }: Folded): JourneyEntry {
  const { message, recipients, counts } = journey;
  const { id: messageId, kind, conversationId, senderId, stream, seq, resendOf } = message;
  const at = Date.parse(message.acceptedAt);
  const count = recipientCount ?? recipients.length;
  return {
    ...{ messageId, at, kind },
    ...(conversationId !== undefined && { conversationId }),
    ...(senderId !== undefined && { senderId }),
    ...(stream !== undefined && seq !== undefined && { stream, seq }),
    ...{ recipients: count, ...namesOf(recipients), counts },
    sums: recipients.length === 0 ? sumsOfCounts(counts, count) : sumsOfPeople(recipients),
    ...{ ...(firstSeenAtMs !== undefined && { firstSeenMs: firstSeenAtMs - at }), facts },
    ...(resendOf !== undefined && { resendOf }),
  };
}

function namesOf(recipients: MessageSent['recipients'] | Journey['recipients']): { users?: readonly string[] } {
  if (recipients === undefined || recipients.length === 0 || recipients.length > namedUsers) return {};
  return { users: recipients.map(({ userId }) => userId) };
}

interface Counted {
  counts: ReasonCounts;
  sums: JourneySums;
  firstSeenMs?: number;
}

function countAcks(plan: MessageSent, acks: readonly AckedRange[]): Counted {
  const { recipients, recipientCount, counts: planned, acceptedAtMs } = plan;
  if (recipients === undefined) return { counts: planned, sums: sumsOfCounts(planned, recipientCount) };
  if (acks.length === 0) return { counts: planned, sums: sumsOfPeople(recipients) };
  const counts = new Map(Object.entries(planned) as [Reason, number][]);
  const add = (reason: Reason, by: number): unknown => counts.set(reason, (counts.get(reason) ?? 0) + by);
  const byConnection = Map.groupBy(acks, ({ connectionId }) => connectionId);
  let firstSeenMs = Infinity;
  const people = recipients.map(({ realtime, ...rest }) => ({
    ...rest,
    realtime: realtime.map(({ connectionId, deviceType, reason }) => {
      const own = byConnection.get(connectionId);
      if (own === undefined || !mayBeAcked.has(reason)) return { reason };
      const seen = own.filter(({ visible }) => visible || deviceType === 'mobile').map(({ atMs }) => atMs);
      const now = seen.length > 0 ? 'acked' : 'acked_hidden';
      add(reason, -1);
      add(now, 1);
      firstSeenMs = Math.min(firstSeenMs, ...seen.map((atMs) => atMs - acceptedAtMs));
      return { reason: now } as const;
    }),
  }));
  return {
    counts: Object.fromEntries([...counts].filter(([, count]) => count > 0)),
    sums: sumsOfPeople(people),
    ...(firstSeenMs < Infinity && { firstSeenMs }),
  };
}
