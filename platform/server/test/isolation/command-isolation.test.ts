// Every command against a victim's ids: as a user of another tenant's app, and as a stranger in the same app.

import { commands, type CommandAction } from '@belfry/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RawWebSocket } from '../hostile/raw-web-socket.ts';
import { SocketClient } from '../support/socket-client.ts';
import { commandSamples } from './command-samples.ts';
import { otherKey, startIsolatedApps, type IsolatedApps } from './victim.ts';

let apps: IsolatedApps;
let namesake: RawWebSocket;
let eve: RawWebSocket;
let tokens: Record<'namesake' | 'eve' | 'victor', string>;
let before: string;
let received: number;

beforeAll(async () => {
  apps = await startIsolatedApps();
  const { server } = apps;
  const made = await server.api('POST', '/tokens', { userId: 'victor' }, otherKey);
  tokens = {
    namesake: String(made.body['token']),
    eve: await server.tokenOf('eve'),
    victor: await server.tokenOf('victor'),
  };
  namesake = await RawWebSocket.connected(server.url, { token: tokens.namesake }, { target: '/ws?app=other' });
  eve = await RawWebSocket.connected(server.url, { token: tokens.eve });
  await apps.settled();
  before = await apps.digest();
  received = apps.client.frames.length;
}, 60_000);
afterAll(async () => {
  await Promise.all([namesake.end(), eve.end()]);
  await apps.stop();
});

test('there is a sample for every command', () => {
  expect(Object.keys(commandSamples).toSorted()).toEqual(Object.keys(commands).toSorted());
  const empty = Object.entries(commandSamples).filter(([, samples]) => samples.length === 0);
  // Tried below, with the credentials of the wrong app.
  expect(empty.map(([action]) => action)).toEqual(['connect']);
});

async function expectUntouched(text: string, never?: RegExp): Promise<void> {
  expect(text).not.toContain('top-secret');
  if (never !== undefined) expect(text).not.toMatch(never);
  expect(await apps.digest()).toBe(before);
  await apps.client.barrier();
  expect(apps.client.frames.slice(received).filter(({ action }) => action !== undefined)).toEqual([]);
}

const rows = Object.entries(commandSamples).flatMap(([action, samples]) =>
  samples.map((sample, index) => ({ name: `${action} (${index + 1})`, action: action as CommandAction, sample })),
);

describe.each(['namesake', 'eve'] as const)('%s', (who) => {
  test.each(rows)('$name', async ({ action, sample }) => {
    const client = who === 'eve' ? eve : namesake;
    const data = action === 'auth' ? { token: tokens.victor } : sample.data(apps.victim);
    const answer = await client.ask(action, data);
    expect(sample.codes).toContain(answer.error?.code ?? 'ok');
    await expectUntouched(JSON.stringify(answer), sample.never);
    if (action === 'page') await client.ask('page', { page: '/chat' });
  });
});

describe('connect', () => {
  test("with a token of another app is refused, though the user's name is the same", async () => {
    for (const [target, token] of [
      ['/ws?app=demo', tokens.namesake],
      ['/ws?app=other', tokens.victor],
    ] as const) {
      const client = await RawWebSocket.open(apps.server.url, { target });
      await client.introduce({ token });
      expect(await client.closed()).toBe(4501);
    }
    await expectUntouched('');
  });

  test("with a resume of the victim's streams gets a gap, and hears no more than of streams that never were", async () => {
    const resume = ['c:c-victim', 'c:c-never', 'i:victor', 'i:vera'].map((stream) => ({ stream, epoch: 'e1', seq: 0 }));
    const parts = { target: '/ws?app=other' };
    const client = await RawWebSocket.connected(apps.server.url, { token: tokens.namesake, resume }, parts);
    await client.ask('heartbeat');
    const events = client.frames.filter(({ action }) => action !== undefined);
    expect(events).toEqual(
      ['c-victim', 'c-never'].map((conversationId) =>
        expect.objectContaining({ action: 'conversation_removed', data: { conversationId, reason: 'removed' } }),
      ),
    );
    await expectUntouched(JSON.stringify(client.frames), /"to":[1-9]/);
    await client.end();
  });
});

test('a topic belongs to its app alone, whatever its name', async () => {
  const { server } = apps;
  expect(await namesake.codeOf('subscribe', { topic: 'ward' })).toBe('ok');
  const watcher = await SocketClient.connect(server, { userId: 'vera', page: '/victims-only' });
  expect(await watcher.ask('subscribe', { topic: 'ward' })).toMatchObject({ ok: true });
  const request = {
    kind: 'announcement',
    audience: { topic: 'ward' },
    data: { title: 'top-secret', body: 'x' },
  };
  expect(await server.api('POST', '/broadcasts', request)).toMatchObject({ status: 202 });
  await watcher.event('announcement');
  await namesake.ask('heartbeat');
  expect(namesake.frames.filter(({ action }) => action === 'announcement')).toEqual([]);
  await watcher.end();
});
