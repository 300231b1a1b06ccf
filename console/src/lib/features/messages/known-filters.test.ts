import { expect, test } from 'vitest';
import { reasonIds } from '#lib/texts/reasons.ts';
import { knownFilters } from './known-filters.ts';

test('reasons that were counted come first with their counts, and all others after them', () => {
  const counted = [{ name: 'reason', title: 'Reason', values: [{ value: 'muted', text: 'muted', count: 7 }] }];
  const [reason] = knownFilters(counted, []);
  expect(reason?.values[0]).toEqual({ value: 'muted', text: 'muted', count: 7 });
  expect(reason?.values.map(({ value }) => value).sort()).toEqual([...reasonIds].sort());
});

test('people are senders and recipients of the rows that are here', () => {
  const row = {
    sums: { seen: 0, pushed: 0, withheld: 0, failed: 0 },
    counts: {},
    state: 'done' as const,
    kind: 'k',
    at: '',
  };
  const rows = [
    { ...row, id: '1', recipients: 1, senderId: 'ann', users: ['bob'], conversationId: 'talk' },
    { ...row, id: '2', recipients: 1, senderId: 'bob' },
  ];
  const known = new Map(knownFilters([], rows).map(({ name, values }) => [name, values.map(({ value }) => value)]));
  expect(known.get('user')).toEqual(['bob', 'ann']);
  expect(known.get('conversation')).toEqual(['talk']);
});
