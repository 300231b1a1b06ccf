import { resolvePage } from '@belfry/protocol';
import { expect, test } from 'vitest';
import type { Page } from '#lib/api/shapes.ts';
import { tryPath } from './why-lost.ts';

const page = (pattern: string): Page => ({
  ...{ pattern, enabled: true, requireAuth: true, autoConnect: true, connectionType: 'x', features: [] },
  ...{ version: 1, changedBy: '', changedAt: '', managed: false },
});
const pages = [
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
])('of %s it is said why all but %s lost', (path, won, lost) => {
  const tried = tryPath(pages.map(page), path);
  expect(tried.won).toBe(won);
  expect(Object.fromEntries(tried.lost)).toMatchObject(lost);
});

test('without a match and a default nothing won', () => {
  expect(tryPath([page('/a')], '/b')).toMatchObject({ won: undefined, lost: new Map([['/a', 'no_match']]) });
});

/** A small generator of numbers, so that a failure is one again. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

test('the winner is that of the server on 200 sets of patterns, and everybody else has a reason', () => {
  const next = random(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  for (let round = 0; round < 200; round += 1) {
    const segment = () => pick(['a', 'b', 'c', ':x', ':y']);
    const made = Array.from({ length: 8 }, () => {
      const parts = Array.from({ length: 1 + Math.floor(next() * 3) }, segment);
      return `/${parts.join('/')}${pick(['', '', '/*'])}`;
    });
    const all = [...new Set([...made, ...(next() < 0.5 ? ['default'] : [])])].map(page);
    const path = `/${Array.from({ length: 1 + Math.floor(next() * 3) }, () => pick(['a', 'b', 'c', 'd'])).join('/')}`;
    const { policy } = resolvePage(all, path);
    const tried = tryPath(all, path);
    expect(tried.won ?? 'default', `${path} of ${all.map(({ pattern }) => pattern).join(' ')}`).toBe(policy.pattern);
    expect(tried.lost.size).toBe(all.length - (tried.won === undefined ? 0 : 1));
  }
});
