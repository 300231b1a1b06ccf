// The preferences of users, over a whole server: set over HTTP, obeyed by pushes, shown by explain and
// journey alike, and put-off pushes that outlive a restart.

import type { Reason } from '@belfry/protocol';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openEngine } from '../../src/compose/open-engine.ts';
import { createSystemClock } from '../../src/drivers/clock.ts';
import {
  broadcast,
  putCouple,
  readJourney,
  recipientIn,
  registerDevice,
  say,
  succeed,
  untilPush,
} from '../support/clinic.ts';
import { startPushReceiver, type PushReceiver, type ReceivedPush } from '../support/push-receiver.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

// Of quiet hours the end is waited for.
vi.setConfig({ testTimeout: 120_000 });

const minuteMs = 60_000;
const quietForMs = 10_000;
const system = createSystemClock();
/** How far the server's wall clock is ahead. */
let aheadMs = 0;
const now = (): number => system.now() + aheadMs;

let hook: PushReceiver;
let server: WholeServer;
beforeAll(async () => {
  hook = await startPushReceiver();
  server = await startWholeServer({
    pushUrl: hook.url,
    settings: { waitMs: 300 },
    foundation: { openEngine: (config, deps) => openEngine(config, { ...deps, clock: { ...system, now } }) },
  });
});
afterAll(async () => {
  await server.stop();
  await hook.close();
});

const pushesTo = (userId: string): ReceivedPush[] =>
  hook.pushes.filter(({ body }) => body.userId === userId && body.type === 'push');
const prefer = (userId: string, preferences: unknown): Promise<Record<string, unknown>> =>
  succeed(server.api('PUT', `/users/${userId}/preferences`, preferences), 'preferences');

/** From an hour ago until `endMs`, in UTC. */
function quietUntil(endMs: number) {
  const at = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
  return { from: at(now() - 3_600_000), to: at(endMs), timeZone: 'UTC' };
}
/** No test lasts so long. */
const allDay = () => quietUntil(now() + 3 * 3_600_000);

async function couple(name: string) {
  const names = await putCouple(server, name);
  return { ...names, deviceId: await registerDevice(server, names.other) };
}

describe('preferences over HTTP', () => {
  const given = {
    level: 'all',
    quietHours: { from: '22:00', to: '07:00', timeZone: 'Asia/Shanghai' },
    conversations: { c1: { level: 'mentions', muteUntil: '2030-01-01T00:00:00.000Z' } },
  };

  test('are answered whole and merged, as the transcript says', async () => {
    expect(await server.api('PUT', '/users/bob/preferences', given)).toMatchObject({ status: 200, body: given });
    const { body } = await server.api('PUT', '/users/bob/preferences', { conversations: { c2: { level: 'none' } } });
    expect(body).toEqual({ ...given, conversations: { ...given.conversations, c2: { level: 'none' } } });
    expect((await server.api('GET', '/users/bob/preferences')).body).toEqual(body);
  });

  test('are the user’s own to change with a token, and nobody else’s', async () => {
    const token = await server.tokenOf('own');
    const own = { level: 'mentions', conversations: {} };
    expect(await server.api('PUT', '/preferences', { level: 'mentions' }, token)).toMatchObject({
      status: 200,
      body: own,
    });
    expect((await server.api('GET', '/preferences', undefined, token)).body).toEqual(own);
    expect((await server.api('GET', '/users/own/preferences')).body).toEqual(own);
    expect((await server.api('GET', '/users/bob/preferences', undefined, token)).status).toBe(403);
    expect((await server.api('PUT', '/users/bob/preferences', { level: 'none' }, token)).status).toBe(403);
    expect((await server.api('PUT', '/preferences', { level: 'none' })).status).toBe(403);
  });

  test.each([
    [{ level: 'some' }, ['level']],
    [{ levels: 'all' }, ['levels']],
    [{ quietHours: { from: '24:00', to: '07:00', timeZone: 'UTC' } }, ['quietHours', 'from']],
    [{ quietHours: { from: '22:00', to: '7:00', timeZone: 'UTC' } }, ['quietHours', 'to']],
    [{ quietHours: { from: '22:00', to: '22:00', timeZone: 'UTC' } }, ['quietHours', 'to']],
    [{ quietHours: { from: '22:00', to: '07:00' } }, ['quietHours', 'timeZone']],
    [{ quietHours: { from: '22:00', to: '07:00', timeZone: 'Europe/Atlantis' } }, ['quietHours', 'timeZone']],
    [{ conversations: { c1: { muteUntil: 'tomorrow' } } }, ['conversations', 'c1', 'muteUntil']],
    [{ conversations: { 'not an id': { level: 'all' } } }, ['conversations', 'not an id']],
  ])('%j is refused, with the path', async (body, path) => {
    const answer = await server.api('PUT', '/users/careless/preferences', body);
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_body', path } });
    expect((await server.api('GET', '/users/careless/preferences')).body).toEqual({ level: 'all', conversations: {} });
  });
});

describe('a push', () => {
  test.each<[Reason, (conversation: string) => Record<string, unknown>]>([
    ['preference_off', () => ({ level: 'none' })],
    ['preference_off', (conversation) => ({ conversations: { [conversation]: { level: 'none' } } })],
    ['mentions_only', () => ({ level: 'mentions' })],
    ['muted', (conversation) => ({ conversations: { [conversation]: { muteUntil: '2030-01-01T00:00:00.000Z' } } })],
    ['quiet_hours_deferred', () => ({ quietHours: allDay() })],
  ])('is %s by what the user prefers, and explain had said so', async (reason, preferences) => {
    const { conversation, sender, other, deviceId } = await couple(`${reason}-${hook.pushes.length}-${Math.random()}`);
    await prefer(other, preferences(conversation));
    const request = {
      kind: 'message',
      sender,
      audience: { conversation },
      data: { type: 'text', content: { text: 'hello' } },
    };
    const explained = await succeed(server.api('POST', '/broadcasts/explain', request), 'explain');
    const device = { deviceId, provider: 'hook', deviceType: 'mobile', reason };
    expect(explained['recipients']).toMatchObject([{ userId: other, push: [device] }]);
    const { id, decisions } = await broadcast(server, request);
    expect(decisions).toEqual(explained['counts']);
    // It stays so, whatever happens to it on the way: nothing is sent.
    await pause(600);
    const recipient = recipientIn(await readJourney(server, String(id)), other);
    expect(recipient?.push).toMatchObject([device]);
    expect(recipient?.push[0]?.steps.map((step) => step.reason)).toEqual([reason]);
    expect(pushesTo(other)).toEqual([]);
  });

  test('to somebody who is mentioned is sent, and counts nothing else', async () => {
    const { conversation, sender, other } = await couple('mentioned');
    await prefer(other, { level: 'mentions' });
    await say(server, conversation, { from: sender });
    const message = { senderId: sender, type: 'text', content: { text: 'you there?' }, mentions: [other] };
    await succeed(server.api('POST', `/chat/${conversation}/send`, message), 'send');
    const [push] = await hook.received(1, ({ body }) => body.userId === other);
    expect(push?.body.notification).toMatchObject({ body: 'you there?', count: 1 });
  });

  test('passes quiet hours when it is urgent or asks nobody; only the latter passes a level', async () => {
    const policy = { push: 'undelivered' };
    const to = (userId: string, more: Record<string, unknown>) =>
      broadcast(server, {
        action: 'alarm',
        policy: { ...policy, ...more },
        audience: { users: [userId] },
        data: { title: 'Alarm' },
      });
    await registerDevice(server, 'sleeper');
    await registerDevice(server, 'hermit');
    await prefer('sleeper', { quietHours: allDay() });
    await prefer('hermit', { level: 'none' });
    const decisions = async (sent: Promise<Record<string, unknown>>) => (await sent)['decisions'];
    expect(await decisions(to('sleeper', { priority: 'high' }))).toMatchObject({ quiet_hours_deferred: 1 });
    expect(await decisions(to('sleeper', { priority: 'urgent' }))).toMatchObject({ queued: 1 });
    expect(await decisions(to('hermit', { priority: 'urgent' }))).toMatchObject({ preference_off: 1 });
    expect(await decisions(to('hermit', { respectPreferences: false }))).toMatchObject({ queued: 1 });
    await hook.received(1, ({ body }) => body.userId === 'sleeper');
    await hook.received(1, ({ body }) => body.userId === 'hermit');
  });

  test('survives a restart when it is put off, and leaves when quiet hours end: one a stream, with the count, and none of what was read', async () => {
    const asleep = await couple('asleep');
    const reader = await couple('reader');
    // Quiet hours end with a minute. Until this one does, there are seconds enough for all that comes before it.
    aheadMs = (2 * minuteMs - quietForMs - (system.now() % minuteMs)) % minuteMs;
    const endMs = Math.ceil(now() / minuteMs) * minuteMs;
    for (const { other } of [asleep, reader]) await prefer(other, { quietHours: quietUntil(endMs) });
    const ids: string[] = [];
    for (const text of ['one', 'two', 'three']) {
      const { messageId } = await say(server, asleep.conversation, { from: asleep.sender, text });
      ids.push(messageId);
    }
    const { messageId: read, seq } = await say(server, reader.conversation, { from: reader.sender });
    await untilPush(server, ids[2] ?? '', { userId: asleep.other, reason: 'quiet_hours_deferred' });
    await succeed(
      server.api('POST', `/conversations/${reader.conversation}/read`, { userId: reader.other, seq }),
      'read',
    );
    await server.restart();
    expect(now()).toBeLessThan(endMs);
    expect(pushesTo(asleep.other)).toEqual([]);

    await untilPush(server, ids[2] ?? '', { userId: asleep.other, reason: 'accepted_by_provider' });
    expect(now()).toBeGreaterThanOrEqual(endMs);
    await untilPush(server, ids[0] ?? '', { userId: asleep.other, reason: 'collapsed_into' });
    await untilPush(server, read, { userId: reader.other, reason: 'cancelled_read' });
    expect(pushesTo(asleep.other).map(({ body }) => body.notification)).toMatchObject([
      { body: 'three', count: 3, data: { messageIds: ids } },
    ]);
    expect(pushesTo(reader.other)).toEqual([]);
  });
});
