// The way on after a sign-in.
import { expect, test } from 'vitest';
import { safeNext } from './next.ts';

test.each([
  [null, '/console/'],
  ['/console/t/clinic/members?role=owner#x', '/console/t/clinic/members?role=owner#x'],
  ['https://evil.example/console/', '/console/'],
  ['//evil.example/console/', '/console/'],
  ['/\\evil.example/console/', '/console/'],
  ['javascript:alert(1)', '/console/'],
  ['/api/v1/pages', '/console/'],
  ['/console/../api/v1', '/console/'],
  ['/console/sign-in?next=/console/', '/console/'],
  ['http://[', '/console/'],
])('%j leads to %s', (next, where) => {
  expect(safeNext(next, '/console/', 'https://belfry.example')).toBe(where);
});
