import { expect, test } from 'vitest';
import { staleKeys } from './change-keys.ts';

test('a change of something in an app is read anew there and in the audit, and nowhere else', () => {
  expect(staleKeys({ type: 'page', app: 'demo' }, 'clinic')).toEqual([
    ['tenant', 'clinic', 'audit'],
    ['app', 'demo', 'pages'],
  ]);
});

test('a change of an app may show on all of its screens', () => {
  expect(staleKeys({ type: 'app', app: 'demo' }, 'clinic')).toEqual([
    ['tenant', 'clinic'],
    ['app', 'demo'],
  ]);
});

test('a change of no app is one of its tenant', () => {
  expect(staleKeys({ type: 'member' }, 'clinic')).toEqual([['tenant', 'clinic']]);
});
