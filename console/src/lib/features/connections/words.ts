// What stands in lists of connections, in words: fields, values of facets, the policy that a tab goes by.
import type { ConnectionRow } from '#lib/api/shapes.ts';
import type { KnownFilter } from '#lib/lists/completion.ts';
import { valuesOf } from '#lib/lists/known-values.ts';
import { deviceWord } from '#lib/texts/devices.ts';
import { milliseconds } from '#lib/texts/numbers.ts';
import { wholeTime } from '#lib/texts/times.ts';
import { visibleText } from '#lib/ui/foreign-text.ts';
import { m } from '#texts';

const facetTitles = new Map<string, () => string>([
  ['device', () => m.see_device()],
  ['page', () => m.see_page()],
  ['policy', () => m.see_policy()],
  ['visible', () => m.see_attention()],
  ['type', () => m.see_connection_type()],
  ['node', () => m.see_node()],
]);

const values = new Map<string, () => string>([
  ['visible hidden', () => m.see_attention_hidden()],
  ['visible visible', () => m.see_attention_visible()],
  ['visible attended', () => m.see_attention_attended()],
  ['policy current', () => m.see_policy_current()],
  ['policy old', () => m.see_policy_old()],
  ['policy unsaid', () => m.see_policy_unsaid()],
]);

export function facetTitle(facet: string): string {
  return facetTitles.get(facet)?.() ?? facet;
}

export function facetValue(facet: string, value: string): string {
  if (facet === 'device') return deviceWord(value);
  return values.get(`${facet} ${value}`)?.() ?? visibleText(value);
}

/** In the order of the screen. */
export const shownFacets = ['device', 'page', 'policy', 'visible', 'type', 'node'] as const;

const ages = new Map([
  ['10m', 600_000],
  ['1h', 3_600_000],
  ['1d', 86_400_000],
]);
const slowMs = [200, 500, 1000];

/** Filters that are no facets; people as the rows that are here name them. */
export function otherFilters(rows: readonly ConnectionRow[], tag: string): KnownFilter[] {
  return [
    {
      ...{ name: 'user', title: m.see_user() },
      values: valuesOf(
        rows,
        ({ user, visitor }) => (visitor ? undefined : user),
        (_user, row) => userWord(row),
      ),
    },
    {
      ...{ name: 'older', title: m.filter_older() },
      values: [...ages].map(([value, ms]) => ({ value, text: wholeTime(ms, tag) })),
    },
    {
      ...{ name: 'rtt', title: m.filter_rtt() },
      values: slowMs.map((ms) => ({ value: String(ms), text: milliseconds(ms, tag) })),
    },
    { name: 'behind', title: m.filter_behind(), values: [{ value: '1', text: m.filter_behind() }] },
  ];
}

/** `v8`, or that the client does not say. */
export function policyWord({ confirmed, policy, policyState }: ConnectionRow): string {
  if (confirmed === undefined) return policy === undefined ? '–' : `v${policy}`;
  return policyState === 'old' ? m.see_policy_version_old({ version: `v${confirmed}` }) : `v${confirmed}`;
}

export function userWord({ user, name, visitor }: ConnectionRow): string {
  if (visitor) return m.see_visitor({ id: user.slice(-4) });
  return visibleText(name ?? user);
}
