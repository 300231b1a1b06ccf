// The journey index in memory. Not what is in it.

import type { JourneyEntry, JourneyFilter, JourneyIndexStore, JourneyPlace } from '../../../ports/stores/index.ts';
import { countJourneys } from '../count-values.ts';
import { renameUser } from '../erase-user.ts';
import type { Synchronous } from '../synchronous.ts';

export function memoryJourneyIndex(): Synchronous<JourneyIndexStore> {
  /** By app, then by id of the message. */
  const apps = new Map<string, Map<string, JourneyEntry>>();
  const of = (app: string): Map<string, JourneyEntry> => {
    const found = apps.get(app) ?? new Map<string, JourneyEntry>();
    apps.set(app, found);
    return found;
  };
  return {
    put(app, entries) {
      for (const entry of entries) {
        const kept = of(app).get(entry.messageId);
        if (kept === undefined || kept.facts <= entry.facts) of(app).set(entry.messageId, structuredClone(entry));
      }
    },
    list(app, { after, limit, scan, ...filter }) {
      const { from = -Infinity, to = Infinity } = filter;
      const inTime = [...of(app).values()]
        .filter((entry) => from <= entry.at && entry.at <= to && (after === undefined || compare(after, entry) < 0))
        .toSorted(compare);
      const looked = inTime.slice(0, scan);
      const found = looked.filter((entry) => fits(entry, filter));
      const items = found.slice(0, limit);
      const last = found.length > limit ? items.at(-1) : looked.at(scan - 1);
      return { items, ...(last !== undefined && { next: { at: last.at, messageId: last.messageId } }) };
    },
    count(app, { scan, ...filter }) {
      const { from = -Infinity, to = Infinity } = filter;
      const inTime = [...of(app).values()].filter(({ at }) => from <= at && at <= to).toSorted(compare);
      const found = inTime.slice(0, scan).filter((entry) => fits(entry, filter));
      return countJourneys(
        found.map(({ kind, counts }) => ({ kind, reasons: Object.keys(counts) })),
        inTime.length > scan,
      );
    },
    prune(app, beforeMs, limit) {
      const old = [...of(app).values()].filter(({ at }) => at < beforeMs).toSorted((a, b) => a.at - b.at);
      const gone = old.slice(0, limit);
      for (const { messageId } of gone) of(app).delete(messageId);
      return gone.length;
    },
    erase(app, person) {
      let erased = 0;
      for (const [id, entry] of of(app)) {
        const renamed = renameUser(entry, person) as JourneyEntry;
        if (JSON.stringify(renamed) === JSON.stringify(entry)) continue;
        of(app).set(id, renamed);
        erased += 1;
      }
      return { erased };
    },
  };
}

/** The newest first. */
function compare(a: JourneyPlace, b: JourneyPlace): number {
  return b.at - a.at || (a.messageId < b.messageId ? 1 : a.messageId > b.messageId ? -1 : 0);
}

function fits(entry: JourneyEntry, { kind, conversationId, userId, has = [], hasNone = [] }: JourneyFilter): boolean {
  return (
    (kind === undefined || entry.kind === kind) &&
    (conversationId === undefined || entry.conversationId === conversationId) &&
    (userId === undefined || entry.senderId === userId || entry.users?.includes(userId) === true) &&
    has.every((reasons) => reasons.some((reason) => entry.counts[reason] !== undefined)) &&
    !hasNone.some((reason) => entry.counts[reason] !== undefined)
  );
}
