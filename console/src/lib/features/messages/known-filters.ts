// What the filter of messages can be given: what was counted, the other reasons that there are, and people and
// conversations of the rows that are here.
import type { JourneyRow } from '#lib/api/shapes.ts';
import type { KnownFilter } from '#lib/lists/completion.ts';
import { valuesOf } from '#lib/lists/known-values.ts';
import { withOtherReasons } from '#lib/texts/reasons.ts';
import { m } from '#texts';

export function knownFilters(counted: readonly KnownFilter[], rows: readonly JourneyRow[]): KnownFilter[] {
  const people = rows.flatMap(({ senderId, users = [] }) => [...(senderId === undefined ? [] : [senderId]), ...users]);
  return [
    ...counted.map((filter) =>
      filter.name === 'reason' ? { ...filter, values: withOtherReasons(filter.values) } : filter,
    ),
    { name: 'user', title: m.see_user(), values: valuesOf(people, (id) => id) },
    {
      ...{ name: 'conversation', title: m.filter_conversation() },
      values: valuesOf(rows, ({ conversationId }) => conversationId),
    },
    { name: 'from', title: m.filter_from(), values: [] },
    { name: 'to', title: m.filter_to(), values: [] },
  ];
}
