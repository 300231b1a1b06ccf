import { segmentsOf, type PagePolicy } from '@belfry/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Page } from '#lib/api/shapes.ts';
import { createPolicySet, type PolicySet } from '../../../../../platform/server/src/pages/policy-set.ts';
import { applied, changed, removed, toChanges, withEdit, type Edits } from './page-draft.ts';
import { contentOf } from './policy-fields.ts';
import { tryPath, type Lost } from './why-lost.ts';

const page = (pattern: string): Page => ({
  ...{ pattern, enabled: true, requireAuth: true, autoConnect: true, connectionType: 'x', features: [] },
  ...{ version: 1, changedBy: '', changedAt: '', managed: false },
});
const examples = [
  '/doctor/chat/7',
  '/doctor/chat/:id',
  '/doctor/:what/:id',
  '/doctor/*',
  '/:who/chat/:id',
  '/shop',
  'default',
];

test.each([
  ['/doctor/chat/7', '/doctor/chat/7', { '/doctor/chat/:id': 'not_exact', '/shop': 'no_match', default: 'default' }],
  [
    '/doctor/chat/8',
    '/doctor/chat/:id',
    { '/doctor/:what/:id': 'fewer_fixed', '/doctor/*': 'fewer_fixed', '/doctor/chat/7': 'no_match' },
  ],
  ['/doctor/x/8', '/doctor/:what/:id', { '/doctor/*': 'prefix' }],
  ['/doctor/x', '/doctor/*', { default: 'default' }],
  ['/nowhere', 'default', { '/doctor/*': 'no_match' }],
])('of %s it is said why all but %s lost', (of, won, lost) => {
  const tried = tryPath(examples.map(page), of);
  expect(tried.won).toBe(won);
  expect(Object.fromEntries(tried.lost)).toMatchObject(lost);
});

test('without a match and a default nothing won', () => {
  expect(tryPath([page('/a')], '/b')).toMatchObject({ won: undefined, lost: new Map([['/a', 'no_match']]) });
});

test('of two that differ in the names of their parameters alone, the name decides, and that is said', () => {
  const tried = tryPath(['/chat/:who', '/chat/:id'].map(page), '/chat/7');
  expect([tried.won, tried.lost.get('/chat/:who')]).toEqual(['/chat/:id', 'by_name']);
});

const segment = fc.constantFrom('a', 'b', 'c', ':x', ':y');
const pattern = fc.oneof(
  { weight: 1, arbitrary: fc.constant('default') },
  {
    weight: 9,
    arbitrary: fc
      .tuple(fc.array(segment, { maxLength: 3 }), fc.boolean())
      .map(([parts, isPrefix]) => `/${[...parts, ...(isPrefix ? ['*'] : [])].join('/')}`),
  },
);
const patterns = fc.uniqueArray(pattern, { maxLength: 9 });
const path = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 })
  .chain((parts) => fc.constantFrom('', '/', '?q=1').map((end) => `/${parts.join('/')}${end}`));

const setOf = (pages: readonly Page[]): PolicySet =>
  createPolicySet(
    pages.map((each): PagePolicy => ({ ...each, version: Math.max(1, each.version), updatedAt: '', updatedBy: '' })),
  );

/** What the server gives a client on this path. */
function resolvedBy(pages: readonly Page[], of: string): string {
  const { policy } = setOf(pages).resolve(of);
  return policy.version === 0 ? 'none' : policy.pattern;
}

test('the winner is that of the server, for any set of patterns and path', () => {
  fc.assert(
    fc.property(patterns, path, (given, of) => {
      const pages = given.map(page);
      const { won, rank } = tryPath(pages, of);
      expect(won ?? 'none').toBe(resolvedBy(pages, of));
      const { policies } = setOf(pages);
      if (won !== undefined) expect(policies[rank - 1]?.pattern).toBe(won);
    }),
  );
});

test('the losers are all others: those that match the server would take without the ones before them', () => {
  fc.assert(
    fc.property(patterns, path, (given, of) => {
      const { won, lost } = tryPath(given.map(page), of);
      expect([...lost.keys()].toSorted()).toEqual(given.filter((each) => each !== won).toSorted());
      for (const [each, why] of lost) {
        const alone = resolvedBy([page(each)], of);
        expect(alone, `${each} ${why}`).toBe(why === 'no_match' ? 'none' : each);
        // It loses to this very one, in whatever order they are.
        if (why !== 'no_match') expect(resolvedBy([page(each), page(won ?? '')], of)).toBe(won);
      }
    }),
  );
});

test('the reason of each loser is true of it and of the winner', () => {
  const fixedOf = (own: string): number => segmentsOf(own).filter((part) => !/^[:*]/.test(part)).length;
  const placesOf = (own: string): string =>
    segmentsOf(own)
      .map((part) => (part.startsWith(':') ? '1' : '0'))
      .join('');
  const isPrefix = (own: string): boolean => own.endsWith('*');
  const isTrue: Record<Lost, (loser: string, winner: string) => boolean> = {
    no_match: () => true,
    default: (loser) => loser === 'default',
    not_exact: (_loser, winner) => !/[:*]/.test(winner),
    fewer_fixed: (loser, winner) => fixedOf(loser) < fixedOf(winner),
    prefix: (loser, winner) => isPrefix(loser) && !isPrefix(winner) && fixedOf(loser) === fixedOf(winner),
    shorter: (loser, winner) =>
      isPrefix(loser) && isPrefix(winner) && segmentsOf(loser).length < segmentsOf(winner).length,
    later_fixed: (loser, winner) => fixedOf(loser) === fixedOf(winner) && placesOf(loser) > placesOf(winner),
    by_name: (loser, winner) => placesOf(loser) === placesOf(winner) && loser > winner,
  };
  fc.assert(
    fc.property(patterns, path, (given, of) => {
      const { won = '', lost } = tryPath(given.map(page), of);
      for (const [each, why] of lost) expect(isTrue[why](each, won), `${each} lost to ${won}: ${why}`).toBe(true);
    }),
  );
});

test('with a draft it is what the server gives once the draft is published, and differs just where that does', () => {
  const change = fc.tuple(pattern, fc.boolean());
  fc.assert(
    fc.property(patterns, fc.array(change, { maxLength: 4 }), path, (given, changes, of) => {
      const live = given.map(page);
      const edits = changes.reduce<Edits>((all, [own, isRemoved]) => {
        const there = live.find((each) => each.pattern === own);
        if (there === undefined) {
          return withEdit(all, own, { base: undefined, next: isRemoved ? undefined : contentOf(page(own)) });
        }
        return withEdit(all, own, isRemoved ? removed(all, there) : changed(all, there, { enabled: false }));
      }, new Map());
      const drafted = tryPath(applied(live, edits), of);
      const published = publish(live, edits);
      expect(drafted.won ?? 'none').toBe(resolvedBy(published, of));
      const differs = resolvedBy(published, of) !== resolvedBy(live, of);
      expect(drafted.won !== tryPath(live, of).won).toBe(differs);
    }),
  );
});

/** As the server takes the changes. */
function publish(live: readonly Page[], edits: Edits): Page[] {
  const pages = new Map(live.map((each) => [each.pattern, each]));
  for (const change of toChanges(edits)) {
    if (change.op === 'remove') pages.delete(change.pattern);
    else pages.set(change.policy.pattern, { ...page(change.policy.pattern), version: change.ifVersion + 1 });
  }
  return [...pages.values()];
}
