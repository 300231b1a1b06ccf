import { expect, test } from 'vitest';
import type { Refusal } from '#lib/api/shapes.ts';
import { obstaclesOf, pageToTry } from './checklist.ts';

const now = Date.parse('2026-11-29T12:00:00.000Z');
const nothing = { allowedOrigins: [], connection: null, disabled: false };

function refusal(fields: Partial<Refusal>): Refusal {
  const at = new Date(now - 1000).toISOString();
  return { at, firstAt: at, count: 1, stage: 'connect', reason: 'x', code: 'forbidden', ...fields };
}
const evil = refusal({ reason: 'origin_not_allowed', origin: 'http://localhost:5173' });

test('an origin that is refused can be allowed, and is no obstacle once it is', () => {
  const [obstacle] = obstaclesOf([evil], nothing, now);
  expect(obstacle).toMatchObject({ what: 'origin', cure: { kind: 'allow', origin: 'http://localhost:5173' } });
  expect(obstaclesOf([evil], { ...nothing, allowedOrigins: ['http://localhost:5173'] }, now)).toEqual([]);
  expect(obstaclesOf([evil], { ...nothing, allowedOrigins: ['*'] }, now)).toEqual([]);
});

test('what stood in the way before somebody connected, or an hour ago, does so no more', () => {
  const connection = {
    ...{ userId: 'bob', page: '/chat', deviceType: 'desktop' as const },
    connectedAt: new Date(now).toISOString(),
  };
  expect(obstaclesOf([evil], { ...nothing, connection }, now)).toEqual([]);
  const old = new Date(now - 3_600_001).toISOString();
  expect(obstaclesOf([refusal({ ...evil, at: old })], nothing, now)).toEqual([]);
});

test.each([
  [{ reason: 'wrong_audience', code: 'bad_token' }, 'token', { kind: 'inspect' }],
  [{ reason: 'page_without_policy', code: 'page_disabled', page: '/shop' }, 'page', { kind: 'pages', page: '/shop' }],
  [{ reason: 'no_token', code: 'unauthorized' }, 'no_token', undefined],
  [{ reason: 'feature_disabled:typing', code: 'feature_disabled' }, 'feature', { kind: 'pages', page: undefined }],
])('%o has its cure', (fields, what, cure) => {
  expect(obstaclesOf([refusal(fields)], nothing, now)[0]).toMatchObject({ what });
  expect(obstaclesOf([refusal(fields)], nothing, now)[0]?.cure).toEqual(cure);
});

test('a page to try is one that has no parameter, and where people talk', () => {
  const page = (pattern: string, ...features: string[]) => ({ pattern, requireAuth: true, features });
  expect(pageToTry([page('/admin'), page('/doctor/:id', 'messaging'), page('/chat', 'messaging')])).toBe('/chat');
  expect(pageToTry([page('default'), page('/news')])).toBe('/news');
  expect(pageToTry([page('/*'), page('default')])).toBeUndefined();
});
