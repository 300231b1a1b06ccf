// Every error and close code has a page at the server, and every problem links to its own.
import { closeCodes, errorTable } from '@belfry/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHttp } from '../../test/support/http-edge.ts';

let world: Awaited<ReturnType<typeof startHttp>>;
beforeAll(async () => {
  world = await startHttp();
});
afterAll(() => world.stop());

const codes = [...Object.keys(errorTable), ...Object.values(closeCodes).map(({ code }) => String(code))];

it.each(codes)('%s has a page of its own', async (code) => {
  const { status, headers, body: text } = await world.ask(`GET /docs/errors/${code}`, {});
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(text).toContain(code);
  expect(text).not.toMatch(/`|undefined/);
});

it('the list of them links to each', async () => {
  const { body: text } = await world.ask('GET /docs/errors/', {});
  for (const code of codes) expect(text).toContain(`<a href="${code}">`);
});

it.each(['nope', 'toString', '9999', '%3Cscript%3E'])('there is no page about %s', async (code) => {
  expect(await world.ask(`GET /docs/errors/${code}`, {})).toMatchObject({ status: 404, body: { code: 'not_found' } });
});

it('a problem links to its page', async () => {
  const { body } = await world.ask('GET /api/v1/conversations/c1', {});
  const { pathname, host } = new URL(String(body.type));
  expect(host).toMatch(/^127\.0\.0\.1:\d+$/);
  expect((await world.ask(`GET ${pathname}`, {})).body).toContain('<h1>unauthorized</h1>');
});
