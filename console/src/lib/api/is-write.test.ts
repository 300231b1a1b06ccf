// Which routes of the admin door are held while the server is away.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isWrite } from './is-write.ts';

/** As the generated types have them: a line of the path, and one of each of its methods. */
function routes(): { method: string; path: string }[] {
  const lines = readFileSync(join(import.meta.dirname, 'schema.d.ts'), 'utf8').split('\n');
  const end = lines.findIndex((line) => line.startsWith('export type webhooks'));
  let path = '';
  return lines.slice(0, end).flatMap((line) => {
    path = /^ {2}'\/admin\/api([^']*)'/.exec(line)?.[1] ?? path;
    const method = /^ {4}(get|put|post|delete|patch): operations\[/.exec(line)?.[1];
    return method === undefined ? [] : [{ method: method.toUpperCase(), path }];
  });
}

test('all that is sent with a body is a write, but for what asks and for lists that are followed', () => {
  const sent = routes().filter(({ method }) => method !== 'GET');
  expect(sent.length).toBeGreaterThan(60);
  expect(
    sent.filter(({ method, path }) => !isWrite(method, path)).map(({ method, path }) => `${method} ${path}`),
  ).toEqual([
    'POST /apps/{app}/impact',
    'POST /apps/{app}/pages/impact',
    'POST /apps/{app}/message-types/{type}/preview',
    'POST /apps/{app}/broadcasts/explain',
    'POST /apps/{app}/signing/jwks/check',
    'POST /apps/{app}/tokens/inspect',
    'POST /apps/{app}/views',
    'DELETE /apps/{app}/views/{id}',
    'PATCH /apps/{app}/views/{id}',
    'POST /apps/{app}/conversations/{id}/notices/explain',
    'POST /apps/{app}/webhooks/{id}/replay/impact',
  ]);
});

test('what is read is no write', () => {
  expect(routes().filter(({ method, path }) => method === 'GET' && isWrite(method, path))).toEqual([]);
});
