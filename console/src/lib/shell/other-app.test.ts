import { expect, test } from 'vitest';
import { inOtherApp } from './other-app.ts';

test('another app shows the same screen with what means the same there', () => {
  const params = new URLSearchParams('device=mobile&user=bob&open=1&range=6h&pattern=/chat');
  expect(inOtherApp('/console/a/staging', 'connections', params)).toBe(
    '/console/a/staging/connections?device=mobile&range=6h',
  );
  expect(inOtherApp('/console/a/staging', 'pages', new URLSearchParams('try=/chat/7'))).toBe(
    '/console/a/staging/pages',
  );
});

test('from a screen of no app one begins at its start', () => {
  expect(inOtherApp('/console/a/staging', undefined, new URLSearchParams('q=x'))).toBe('/console/a/staging');
});
