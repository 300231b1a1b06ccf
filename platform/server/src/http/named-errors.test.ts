// What an error says beside its code: which thing is not there, what is wrong with a credential, which type is wanted.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHttp, token, uuid, type Asked } from '../../test/support/http-edge.ts';

let world: Awaited<ReturnType<typeof startHttp>>;
beforeEach(async () => {
  world = await startHttp();
});
afterEach(() => world.stop());

const api = '/api/v1';
const back = { as: 'bk_all' };
const detailOf = async (line: string, asked: Asked) => (await world.ask(line, asked)).body;

describe('a thing that is not there', () => {
  it.each([
    [`GET ${api}/conversations/nope`, 'conversation'],
    [`GET ${api}/conversations/n%20o`, 'conversation'],
    [`GET ${api}/messages/1/journey`, 'message'],
    [`GET ${api}/messages/${uuid(1)}/journey`, 'message'],
    [`GET ${api}/devices/1`, 'device'],
    [`DELETE ${api}/connections/1`, 'connection'],
    [`DELETE ${api}/connections/${uuid(77)}`, 'connection'],
    [`GET ${api}/hooks/-`, 'webhook'],
    [`GET ${api}/uploads/1`, 'upload'],
    [`DELETE ${api}/kinds/Nope`, 'kind'],
    [`POST ${api}/push/dead/-/replay`, 'dead letter'],
    [`GET ${api}/pages?app=nope`, 'app', {}],
    [`GET ${api}/nothing`, 'path'],
    ['GET /docs/nothing', 'path'],
  ] as [string, string, Asked?][])('%s: no such %s', async (line, thing, asked = back) => {
    expect(await detailOf(line, asked)).toMatchObject({
      code: 'not_found',
      detail: `There is no such ${thing}, or the caller may not see it.`,
    });
  });
});

describe('a credential', () => {
  it.each([
    ['missing', {}, 'unauthorized', /header is missing/],
    ['of another scheme', { headers: { authorization: 'Basic eDp5' } }, 'unauthorized', /header is malformed/],
    ['that is no key and no token', { as: 'abc' }, 'bad_token', /token is malformed/],
    ['that is an unknown key', { as: 'bk_nope' }, 'unauthorized', /key is unknown/],
    ['that has expired', { as: token('demo', 'late') }, 'token_expired', /has expired/],
    ['that is signed by somebody else', { as: token('demo', 'mallory') }, 'bad_token', /is not valid/],
  ] as [string, Asked, string, RegExp][])('%s is said to be so', async (_name, asked, code, words) => {
    const { status, body } = await world.ask(`GET ${api}/conversations/c1`, asked);
    expect({ status, body }).toMatchObject({ status: 401, body: { code, detail: expect.stringMatching(words) } });
  });
});

it('a body without a type is told the one that is wanted', async () => {
  const untyped = { ...back, text: '{}', headers: { 'content-type': '' } };
  expect(await detailOf(`PUT ${api}/conversations/c1`, untyped)).toMatchObject({
    code: 'unsupported_media_type',
    detail: expect.stringMatching(/header is missing: .*`Content-Type: application\/json`/),
  });
});

it('a field is told in plain words, by its name', async () => {
  const body = { content: {} };
  expect(await detailOf(`POST ${api}/chat/c1/send`, { ...back, body })).toMatchObject({
    detail: '`type` is required.',
    path: ['type'],
  });
});

it.each([
  [
    'an audience that is misspelt, by what it may be',
    ...(['POST', 'broadcasts', { kind: 'direct', audience: { user: 'a' }, data: {} }] as const),
    '`audience` must have one of `conversation`, `users`, `topic`, `everyone`.',
  ],
  ['a cursor', 'GET', 'conversations?cursor=abc', undefined, /^`cursor` is none of this list/],
] as [string, string, string, object | undefined, string | RegExp][])(
  '%s that there is not is named',
  async (_name, method, path, body, detail) => {
    const { detail: told } = await detailOf(`${method} ${api}/${path}`, { ...back, ...(body && { body }) });
    expect(told).toMatch(detail);
  },
);
