// Counts what a roll-out cost: messages that were acknowledged and are lost, came twice or out of order, pushes that
// were owed and not made, and how soon clients were back.

import type { ReceivedPush } from '../../../server/test/support/push-receiver.ts';
import { awayOf, membersOf, type CrowdRecord, type Received } from './crowd.ts';

export interface Tally {
  sent: number;
  failed: number;
  acknowledged: number;
  /** Deliveries to applications. */
  delivered: number;
  /** Deliveries that an acknowledged message owed and that did not come. */
  lost: number;
  twice: number;
  outOfOrder: number;
  gaps: number;
  /** People who are away and to whom messages are owed, and those of them whose newest push covers all. */
  pushesOwed: number;
  pushesMade: number;
  absences: number;
  /** 95 of 100 absences were no longer than the first, none than the second. */
  back95Ms: number;
  backAllMs: number;
}

export function tally(record: CrowdRecord, pushes: readonly ReceivedPush[]): Tally {
  const { received, acknowledged, sent, failed, absencesMs } = record;
  const absences = absencesMs.toSorted((a, b) => a - b);
  const rooms = [...acknowledged].filter(([, seqs]) => seqs.length > 0);
  return {
    ...{ sent, failed },
    acknowledged: sum([...acknowledged.values()].map(({ length }) => length)),
    delivered: sum(received.map(({ seqs }) => seqs.length)),
    lost: sum(received.map((one) => missing(one, acknowledged.get(one.conversationId) ?? []))),
    twice: sum(received.map(({ seqs }) => seqs.length - new Set(seqs).size)),
    outOfOrder: sum(received.map(({ seqs }) => seqs.filter((seq, at) => seq < (seqs[at - 1] ?? 0)).length)),
    gaps: sum(received.map(({ gaps }) => gaps)),
    pushesOwed: rooms.length,
    pushesMade: rooms.filter(([room, seqs]) => newestPushed(room, pushes) >= Math.max(...seqs)).length,
    absences: absences.length,
    back95Ms: absences[Math.ceil(absences.length * 0.95) - 1] ?? 0,
    backAllMs: absences.at(-1) ?? 0,
  };
}

/** Whether all of it is what a roll-out may cost: nothing but a short absence. */
export function isAsPromised(of: Tally): boolean {
  const nothing = [of.lost, of.twice, of.outOfOrder, of.gaps, of.failed].every((count) => count === 0);
  return nothing && of.acknowledged === of.sent && of.pushesMade === of.pushesOwed && of.back95Ms <= 30_000;
}

/** What the sender said, the sender has. */
function missing({ userId, conversationId, seqs }: Received, acknowledged: readonly number[]): number {
  if (userId === membersOf(conversationId)[0]) return 0;
  const got = new Set(seqs);
  return acknowledged.filter((seq) => !got.has(seq)).length;
}

/** Who has not got what, for whoever looks for the reason. */
export function missingOf({ received, acknowledged }: CrowdRecord): string[] {
  return received.flatMap((one) => {
    const seqs = acknowledged.get(one.conversationId) ?? [];
    if (missing(one, seqs) === 0) return [];
    const got = new Set(one.seqs);
    const lost = seqs.filter((seq) => !got.has(seq));
    return [`${one.userId} has not got ${lost.join(', ')}; the last of ${got.size} is ${Math.max(0, ...got)}`];
  });
}

/** The seq of the newest message that a push to the person who is away stood for. */
function newestPushed(room: string, pushes: readonly ReceivedPush[]): number {
  const own = pushes.filter(({ body }) => body.type === 'push' && body.userId === awayOf(room));
  return Math.max(0, ...own.map(({ body }) => Number(body.notification.data['seq'])));
}

function sum(all: readonly number[]): number {
  return all.reduce((total, each) => total + each, 0);
}
