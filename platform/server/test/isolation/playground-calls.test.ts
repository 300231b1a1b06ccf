// Every call of the playground against callers that do not have the secret of its address: other sites, other
// names for this machine, whoever writes what the page writes, also through proxies; and with bodies that are
// not right.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { playgroundTable } from '../../src/http/doors/playground/calls.ts';
import { callOnce, type Call } from '../hostile/http-call.ts';
import { startForwarder } from '../support/forwarder.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

const uuid = '018f0000-0000-7000-8000-000000000001';
const request = { kind: 'direct', audience: { users: ['bob'] }, data: { title: 'x', body: 'y' } };

/** A body that each call takes. */
const bodies: Readonly<Record<string, Record<string, unknown>>> = {
  apps: {},
  token: { app: 'demo', userId: 'alice' },
  conversation: { app: 'demo', id: 'playground', userIds: ['alice', 'bob'] },
  broadcast: { app: 'demo', request },
  explain: { app: 'demo', request },
  journey: { app: 'demo', messageId: uuid },
  pushes: { app: 'demo', deviceId: uuid },
};
const names = playgroundTable.map(({ path }) => path.slice(1));

let server: WholeServer;
let secretOfEarlierStart: Record<string, string>;

beforeAll(async () => {
  server = await startWholeServer({
    moreTenants: [
      {
        id: 'elsewhere',
        name: 'Elsewhere',
        apps: [
          {
            key: 'issued',
            name: 'Issued',
            jwksUrl: 'https://issuer.example/keys',
            allowedOrigins: ['https://a.example'],
          },
        ],
      },
    ],
  });
  secretOfEarlierStart = server.playgroundHeaders;
  await server.restart();
});
afterAll(() => server.stop());

function ask(name: string, { headers = {}, ...call }: Call = {}, at = server) {
  return callOnce(at.url, `/playground/api/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: at.url, ...at.playgroundHeaders, ...headers },
    body: JSON.stringify(bodies[name] ?? {}),
    ...call,
  });
}

test('there is a sample for every call, and for no other', () => {
  expect(Object.keys(bodies)).toEqual(names);
});

describe.each(names)('%s', (name) => {
  test.each<[string, (at: WholeServer) => Record<string, string>]>([
    ['another site', () => ({ origin: 'https://evil.example' })],
    ['another port of this machine', () => ({ origin: 'http://127.0.0.1:1' })],
    ['a document without an origin', () => ({ origin: 'null' })],
    ['a name that was made to point to this machine', () => ({ origin: 'http://evil.example', host: 'evil.example' })],
    ['a proxy', () => ({ 'x-forwarded-for': '203.0.113.9' })],
    ['whoever writes what its page writes', () => ({})],
    ['whoever says to be here', (at) => ({ 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '::1', host: hostOf(at) })],
    ['whoever guesses', () => ({ 'belfry-playground': 'A'.repeat(32) })],
    ['whoever has a part of the secret', (at) => shortened(at.playgroundHeaders)],
    ['whoever puts it where user tokens go', (at) => ({ authorization: `Bearer ${secretOf(at)}` })],
  ])('is refused to %s, which cannot read the refusal either', async (_who, headersFor) => {
    const answer = await ask(name, { headers: { 'belfry-playground': '', ...headersFor(server) } });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('is refused through a proxy that forwards everything and adds nothing', async () => {
    const proxy = await startForwarder(server.url);
    try {
      for (const origin of [server.url, proxy.url, 'http://127.0.0.1:8000', '']) {
        const headers = { 'content-type': 'application/json', host: hostOf(server), ...(origin ? { origin } : {}) };
        const call = { method: 'POST', headers, body: JSON.stringify(bodies[name]) };
        expect(await callOnce(proxy.url, `/playground/api/${name}`, call)).toMatchObject({ status: 403 });
      }
    } finally {
      await proxy.stop();
    }
  });

  test('is refused with the secret of an earlier start', async () => {
    expect(await ask(name, { headers: secretOfEarlierStart })).toMatchObject({ status: 403 });
  });

  test('takes no form and no GET', async () => {
    expect(await ask(name, { headers: { 'content-type': 'text/plain' } })).toMatchObject({ status: 415 });
    expect(await callOnce(server.url, `/playground/api/${name}`)).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    });
  });

  test('refuses unknown fields', async () => {
    const answer = await ask(name, { body: JSON.stringify({ ...bodies[name], more: 1 }) });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_body' } });
  });

  test('gives out no key and no secret', async () => {
    const { text } = await ask(name);
    expect(text).not.toMatch(/bk_|secret|signing|hash/i);
  });
});

test.each(names.filter((name) => name !== 'apps'))('%s of an app that there is not is not found', async (name) => {
  const answer = await ask(name, { body: JSON.stringify({ ...bodies[name], app: 'nobody' }) });
  expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
});

test('a call that there is not is not found', async () => {
  expect(await ask('secrets')).toMatchObject({ status: 404 });
  expect(await ask('toString')).toMatchObject({ status: 404 });
});

test('a conversation that is not the playground’s own is left alone', async () => {
  const body = JSON.stringify({ app: 'demo', id: 'c1', userIds: ['mallory'] });
  expect(await ask('conversation', { body })).toMatchObject({ status: 422, body: { path: ['id'] } });
});

test('the list of apps says what can be tried with each', async () => {
  const { body } = await ask('apps');
  expect(body).toEqual({
    apps: [
      { key: 'demo', name: 'Demo', disabled: false, makesTokens: true, takesThisPage: true, showsPushes: false },
      { key: 'issued', name: 'Issued', disabled: false, makesTokens: false, takesThisPage: false, showsPushes: true },
    ],
  });
});

describe('a server on which the playground is switched off', () => {
  test('knows none of its calls, and does not name it', async () => {
    const off = await startWholeServer({ env: { PLAYGROUND: 'off' } });
    try {
      for (const name of names) expect(await ask(name, {}, off)).toMatchObject({ status: 404 });
      expect(await callOnce(off.url, '/playground/')).toMatchObject({ status: 404 });
      expect((await callOnce(off.url, '/')).body).not.toHaveProperty('playground');
    } finally {
      await off.stop();
    }
  });
});

describe('a server that others reach, on which it is switched on', () => {
  test('takes its page under any name, and nobody without the secret', async () => {
    const open = await startWholeServer({ env: { PLAYGROUND: 'on', TRUST_PROXY: '1' } });
    try {
      const through = { host: 'chat.example', origin: 'http://chat.example', 'x-forwarded-for': '203.0.113.9' };
      expect(await ask('token', { headers: through }, open)).toMatchObject({ status: 200 });
      const without = { ...through, 'belfry-playground': '' };
      expect(await ask('token', { headers: without }, open)).toMatchObject({ status: 403 });
    } finally {
      await open.stop();
    }
  });
});

test('the secret is in no line of the log but the one that prints the address', async () => {
  const debugging = await startWholeServer({ env: { LOG_LEVEL: 'debug' } });
  try {
    await ask('token', {}, debugging);
    await debugging.line(({ msg }) => msg === 'request');
    expect(JSON.stringify(debugging.lines)).not.toContain(secretOf(debugging));
  } finally {
    await debugging.stop();
  }
});

test('nobody finds the secret in what the server serves', async () => {
  for (const path of ['/', '/playground', '/playground/', '/openapi.json', '/metrics']) {
    const { text, headers } = await callOnce(server.url, path);
    expect(text + JSON.stringify(headers)).not.toContain(secretOf(server));
  }
});

function hostOf(at: WholeServer): string {
  return new URL(at.url).host;
}

function secretOf(at: WholeServer): string {
  return Object.values(at.playgroundHeaders).join('');
}

function shortened(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.slice(0, -1)]));
}
