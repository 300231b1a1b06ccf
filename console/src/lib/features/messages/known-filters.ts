// What the filter of messages can be given: what was counted, the other reasons that there are, and people and
// conversations of the rows that are here.
import type { JourneyRow } from '#lib/api/shapes.ts';
import type { KnownFilter } from '#lib/lists/completion.ts';
import { valuesOf } from '#lib/lists/known-values.ts';
import { reasonIds, reasonWords } from '#lib/texts/reasons.ts';
import { m } from '#texts';

export function knownFilters(counted: readonly KnownFilter[], rows: readonly JourneyRow[]): KnownFilter[] {
  const people = rows.flatMap(({ senderId, users = [] }) => [...(senderId === undefined ? [] : [senderId]), ...users]);
  return [
    ...counted.map((filter) => (filter.name === 'reason' ? withAllReasons(filter) : filter)),
    { name: 'user', title: m.see_user(), values: valuesOf(people, (id) => id) },
    {
      ...{ name: 'conversation', title: m.filter_conversation() },
      values: valuesOf(rows, ({ conversationId }) => conversationId),
    },
    { name: 'from', title: m.filter_from(), values: [] },
    { name: 'to', title: m.filter_to(), values: [] },
  ];
}

function withAllReasons(filter: KnownFilter): KnownFilter {
  const counted = new Set(filter.values.map(({ value }) => value));
  const others = reasonIds.filter((id) => !counted.has(id)).map((id) => ({ value: id, text: reasonWords(id).text }));
  return { ...filter, values: [...filter.values, ...others] };
}
