// What the filter of what passes can be given: types and reasons that there are, and of the rest what has passed.
import type { KnownFilter } from '#lib/lists/completion.ts';
import { valuesOf } from '#lib/lists/known-values.ts';
import { withOtherReasons } from '#lib/texts/reasons.ts';
import { m } from '#texts';
import { typeWord, types, type LiveRow } from './words.ts';

export function knownFilters(rows: readonly LiveRow[]): KnownFilter[] {
  const seen = valuesOf(
    rows.filter(({ type }) => type !== 'push'),
    ({ reason }) => reason,
  );
  return [
    { name: 'type', title: m.filter_type(), values: types.map((value) => ({ value, text: typeWord(value) })) },
    {
      ...{ name: 'action', title: m.filter_action() },
      values: valuesOf(rows, ({ type, what }) => (type === 'command' || type === 'event' ? what : undefined)),
    },
    { name: 'user', title: m.see_user(), values: valuesOf(rows, ({ user }) => user) },
    { name: 'page', title: m.see_page(), values: valuesOf(rows, ({ page }) => page) },
    { name: 'reason', title: m.msg_reason(), values: withOtherReasons(seen) },
    { name: 'kind', title: m.kind(), values: valuesOf(rows, ({ kind }) => kind) },
    {
      ...{ name: 'conversation', title: m.filter_conversation() },
      values: valuesOf(rows, ({ conversation }) => conversation),
    },
  ];
}
