// What happens between a call of the console and its answer.
import { expect, test, vi } from 'vitest';
import { guardedFetch, type Guard } from './guarded-fetch.ts';

function answer(status: number, code?: string): Response {
  return new Response(JSON.stringify(code === undefined ? {} : { code }), { status });
}

function setUp(answers: Response[], guard: Partial<Guard> = {}) {
  const sent: { csrf: string | null; key: string | null; body: string }[] = [];
  let csrf: string | undefined = 'first';
  const call = guardedFetch({
    csrf: () => csrf,
    renewCsrf: async () => void (csrf = 'second'),
    isOver: async () => true,
    signInAgain: async () => true,
    confirm: async () => true,
    fetch: async (request) => {
      const { headers } = request;
      sent.push({
        csrf: headers.get('X-Belfry-CSRF'),
        key: headers.get('Idempotency-Key'),
        body: await request.text(),
      });
      return answers.shift() ?? answer(200);
    },
    ...guard,
  });
  const write = () =>
    call(new Request('http://x/', { method: 'POST', body: '{"a":1}', headers: { 'Idempotency-Key': 'k' } }));
  return { sent, call, write };
}

test('a write carries the mark, a read does not', async () => {
  const { sent, call, write } = setUp([]);
  await write();
  await call(new Request('http://x/'));
  expect(sent.map(({ csrf }) => csrf)).toEqual(['first', null]);
});

test('a mark that is no longer good is renewed once, and the same request goes again', async () => {
  const { sent, write } = setUp([answer(403, 'csrf')]);
  expect((await write()).status).toBe(200);
  expect(sent).toEqual([
    { csrf: 'first', key: 'k', body: '{"a":1}' },
    { csrf: 'second', key: 'k', body: '{"a":1}' },
  ]);
});

test('a session that ended is asked for, and the write goes through with its key', async () => {
  const signInAgain = vi.fn(async () => true);
  const { sent, write } = setUp([answer(401, 'unauthorized')], { signInAgain });
  expect((await write()).status).toBe(200);
  expect(signInAgain).toHaveBeenCalledOnce();
  expect(sent.map(({ key }) => key)).toEqual(['k', 'k']);
});

test('a password that is not given again leaves the refusal as it is', async () => {
  const { write } = setUp([answer(403, 'confirm_needed')], { confirm: async () => false });
  const refused = await write();
  expect(refused.status).toBe(403);
  expect(await refused.json()).toEqual({ code: 'confirm_needed' });
});

test('a password that is wrong is no session that ended', async () => {
  const signInAgain = vi.fn(async () => true);
  const { write } = setUp([answer(401, 'unauthorized')], { isOver: async () => false, signInAgain });
  expect((await write()).status).toBe(401);
  expect(signInAgain).not.toHaveBeenCalled();
});

test('where nobody is signed in, a 401 is an answer like any other', async () => {
  const signInAgain = vi.fn(async () => true);
  const { write } = setUp([answer(401, 'unauthorized')], { csrf: () => undefined, signInAgain });
  expect((await write()).status).toBe(401);
  expect(signInAgain).not.toHaveBeenCalled();
});

test('a server that always asks for more does not get asked for ever', async () => {
  const { sent, write } = setUp(Array.from({ length: 20 }, () => answer(403, 'csrf')));
  expect((await write()).status).toBe(403);
  expect(sent.length).toBeLessThan(6);
});
