import { expect, test, vi } from 'vitest';
import { connectBelfry, startBelfry } from '../test/support/started-belfry.ts';
import { createVirtualSurroundings, sampleToken } from '../test/support/virtual-surroundings.ts';
import { CommandError } from './command-error.ts';

test('the token goes along, the body as JSON, and the answer comes back as it is', async () => {
  const { belfry, virtual } = await connectBelfry();
  virtual.answerHttp = ({ body }) => Response.json({ got: body });
  await expect(belfry.http('/devices', { body: { provider: 'hook' } })).resolves.toEqual({ got: { provider: 'hook' } });
  const { method, url, headers } = virtual.requests.at(-1) ?? {};
  expect([method, url]).toEqual(['POST', 'https://app.example/api/v1/devices']);
  expect(headers?.get('authorization')).toMatch(/^Bearer ey/);
  virtual.answerHttp = () => new Response(null, { status: 204 });
  await expect(belfry.http('/devices/1', { method: 'DELETE' })).resolves.toBeUndefined();
  await belfry.stop();
});

test('a form goes as it is, so that the browser says its boundary', async () => {
  const { belfry, virtual } = await connectBelfry();
  virtual.answerHttp = () => Response.json({});
  await belfry.http('/uploads', { body: new FormData() });
  expect(virtual.requests.at(-1)?.headers.has('content-type')).toBe(false);
  expect(virtual.requests.at(-1)?.body).toBeInstanceOf(FormData);
  await belfry.stop();
});

test('401 is tried once more, with a fresh token', async () => {
  const virtual = createVirtualSurroundings();
  let count = 0;
  const getToken = vi.fn(() => sampleToken({ sub: `alice-${(count += 1)}` }));
  const { belfry } = await startBelfry({ getToken }, virtual);
  const problem = { code: 'token_expired', detail: 'It is over.' };
  virtual.answerHttp = () => Response.json(problem, { status: 401 });
  await expect(belfry.http('/conversations')).rejects.toMatchObject({ code: 'token_expired', retry: 'never' });
  const tokens = virtual.requests.slice(-2).map(({ headers }) => headers.get('authorization'));
  expect(new Set(tokens).size).toBe(2);
  expect(getToken).toHaveBeenCalledTimes(2);
  await belfry.stop();
});

test.each([
  [429, { code: 'rate_limited' }, { 'retry-after': '3' }, { code: 'rate_limited', retry: 'after', afterMs: 3000 }],
  [503, { code: 'unavailable', afterMs: 70 }, {}, { code: 'unavailable', retry: 'after', afterMs: 70 }],
  [500, { code: 'internal' }, {}, { code: 'internal', retry: 'same' }],
  [422, { code: 'invalid_body', path: ['content'] }, {}, { code: 'invalid_body', retry: 'never', path: ['content'] }],
  [502, undefined, {}, { code: 'http_502', retry: 'same' }],
] as const)('%i becomes an error that says whether to try again', async (status, body, headers, error) => {
  const { belfry, virtual } = await connectBelfry();
  virtual.answerHttp = () =>
    body === undefined ? new Response('<html>', { status }) : Response.json(body, { status, headers });
  const refused = belfry.http('/conversations');
  await expect(refused).rejects.toBeInstanceOf(CommandError);
  await expect(refused).rejects.toMatchObject(error);
  await belfry.stop();
});

test('a body that is no JSON is an error, even when its status is a success', async () => {
  const { belfry, virtual } = await connectBelfry();
  virtual.answerHttp = () => new Response('<html>Please sign in to the hotel network</html>');
  await expect(belfry.http('/conversations')).rejects.toMatchObject({ code: 'http_200', retry: 'never' });
  await belfry.stop();
});

test('without a network it is an error that may be tried again; given up by the caller it is their reason', async () => {
  const { belfry, virtual } = await connectBelfry();
  virtual.answerHttp = () => {
    throw new TypeError('fetch failed');
  };
  await expect(belfry.http('/conversations')).rejects.toMatchObject({ code: 'connection_lost', retry: 'same' });
  const reason = new Error('left the page');
  await expect(belfry.http('/conversations', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  await belfry.stop();
});
