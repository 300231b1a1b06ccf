// Pushes from a message to the service of each provider, over a whole server and stand-ins that verify what
// they are sent: Firebase, Apple over HTTP/2, JPush, a real mail server, Telegram; each with its journey.

import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { startStandIn, type StandIn } from '@belfry/plugin-kit/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startAppleService, type AppleService } from '../../../../plugins/notify-apns/test/apple-service.ts';
import { startMailServer, type MailServer } from '../../../../plugins/notify-email/test/mail-server.ts';
import { fcmService } from '../../../../plugins/notify-fcm/test/fcm-service.ts';
import { jpushService } from '../../../../plugins/notify-jpush/test/jpush-service.ts';
import { botApi } from '../../../../plugins/notify-telegram/test/bot-api.ts';
import { createClients } from '../support/clients.ts';
import { putConversation, say, succeed, untilPush } from '../support/clinic.ts';
import { freePort } from '../support/free-port.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { testCertificate } from '../support/test-certificate.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pemOf = (key: typeof rsa.privateKey) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const jpushKeys = { appKey: 'a0b1c2d3e4f5a0b1c2d3e4f5', masterSecret: '0f1e2d3c4b5a0f1e2d3c4b5a' };
const botToken = '123456789:AAExampleExampleExampleExampleExampl';
const mailUser = { username: 'belfry', password: 'a-password-of-the-tests' };
const nowMs = () => Date.now();

const fcm = fcmService({
  key: rsa.publicKey,
  nowMs,
  answers: new Map([
    [
      'a-token-that-is-gone',
      { http: 404, body: { error: { status: 'NOT_FOUND', details: [{ errorCode: 'UNREGISTERED' }] } } },
    ],
  ]),
});
const jpush = jpushService({ ...jpushKeys, devices: ['170976fa8abcdef0123'] });
const telegram = botApi({ botToken, chatIds: ['4711'] });
const standIns: StandIn[] = [];
let apple: AppleService;
let mail: MailServer;
let server: WholeServer;
const clients = createClients(() => server);
const authorities = getCACertificates('default');

function accountFile(tokenUrl: string): string {
  return JSON.stringify({
    ...{ type: 'service_account', project_id: 'demo-project', private_key_id: 'key-1', token_uri: tokenUrl },
    client_email: 'push@demo-project.iam.gserviceaccount.com',
    private_key: pemOf(rsa.privateKey),
  });
}

beforeAll(async () => {
  setDefaultCACertificates([...authorities, testCertificate.cert]);
  for (const { service } of [fcm, jpush, telegram]) standIns.push(await startStandIn(service));
  const [google, aurora, bots] = standIns.map(({ url }) => url) as [string, string, string];
  apple = await startAppleService({ certificate: testCertificate, publicKey: ec.publicKey, nowMs, reasons: new Map() });
  mail = await startMailServer({ certificate: testCertificate, user: mailUser });
  const { port: applePort } = new URL(apple.url);
  const configs = {
    fcm: { serviceAccount: accountFile(`${google}/token`), baseUrl: google },
    apns: {
      ...{ keyId: 'ABCDE12345', teamId: 'TEAM123456', topic: 'com.example.app', privateKey: pemOf(ec.privateKey) },
      baseUrl: `https://127.0.0.1:${applePort}`,
    },
    jpush: { ...jpushKeys, baseUrl: aurora },
    email: { ...{ host: 'localhost', port: mail.port, fromAddress: 'notify@example.com' }, ...mailUser },
    telegram: { botToken, baseUrl: bots },
  };
  const port = String(await freePort());
  server = await startWholeServer({
    settings: { waitMs: 300 },
    // Mails say where to unsubscribe.
    env: { PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` },
    app: { providers: Object.entries(configs).map(([plugin, config]) => ({ id: plugin, plugin, config })) },
  });
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
  await Promise.all([...standIns.map((each) => each.close()), apple.close(), mail.close()]);
  setDefaultCACertificates(authorities);
});

const targets = {
  fcm: { token: 'a-registration-token', platform: 'android' },
  apns: { token: 'ab'.repeat(32) },
  jpush: { registrationId: '170976fa8abcdef0123', platform: 'android' },
  email: { address: 'bob@example.org' },
  telegram: { chatId: 4711 },
};

async function register(userId: string, provider: keyof typeof targets, target: object = targets[provider]) {
  const device = { userId, provider, target, deviceType: 'mobile', locale: 'en' };
  return await succeed(server.api('POST', '/devices', device), `device of ${userId}`);
}

/** A message to a user who is away, once the provider has taken it. */
async function pushed(provider: keyof typeof targets, text = 'hello'): Promise<{ messageId: string; seq: number }> {
  const userId = `user of ${provider}`;
  await putConversation(server, `c-${provider}`, ['alice', userId]);
  const said = await say(server, `c-${provider}`, { from: 'alice', text });
  const recipient = await untilPush(server, said.messageId, { userId, reason: 'accepted_by_provider' });
  expect(recipient.push[0]?.steps.map(({ reason }) => reason)).toEqual(['queued', 'accepted_by_provider']);
  return said;
}

test('all five work, says the server', async () => {
  const { providers } = (await server.api('GET', '/providers')).body as { providers: { id: string; state: string }[] };
  expect(providers.map(({ id, state }) => [id, state]).toSorted()).toEqual(
    Object.keys(targets)
      .toSorted()
      .map((id) => [id, 'on']),
  );
});

describe('a message to somebody who is away', () => {
  test('reaches Firebase with title, text and unread count, and the opening is in the journey', async () => {
    await register('user of fcm', 'fcm');
    const { messageId } = await pushed('fcm');
    const message = fcm.messages.at(-1) as { notification: object; data: Record<string, string>; android: object };
    expect(message).toMatchObject({
      notification: { title: 'alice', body: 'hello' },
      data: { conversationId: 'c-fcm' },
      android: { notification: { notification_count: 1 } },
    });
    const opened = await fetch(`${server.url}/api/v1/push/opened`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: message.data['openedToken'] }),
    });
    expect(opened.status).toBe(204);
    await untilPush(server, messageId, { userId: 'user of fcm', reason: 'opened' });
  });

  test('reaches Apple over HTTP/2, and all pushes go over one connection with one token', async () => {
    await register('user of apns', 'apns');
    for (const text of ['one', 'two']) await pushed('apns', text);
    expect(apple.taken.map(({ payload }) => payload['aps'])).toMatchObject([
      { alert: { title: 'alice', body: 'one' }, badge: 1, 'thread-id': 'c-apns' },
      { alert: { title: 'alice', body: 'two' }, badge: 2 },
    ]);
    expect(apple.providerTokens.size).toBe(1);
    expect(apple.sessions.size).toBeLessThanOrEqual(2);
  });

  test('reaches JPush, and the next message replaces the notification', async () => {
    await register('user of jpush', 'jpush');
    for (const text of ['one', 'two']) await pushed('jpush', text);
    expect(jpush.pushes).toMatchObject([
      { notification: { android: { title: 'alice', alert: 'one' } } },
      { notification: { android: { alert: 'two' } }, options: { override_msg_id: expect.stringMatching(/^\d+$/) } },
    ]);
  });

  test('reaches a mailbox over an encrypted connection', async () => {
    await register('user of email', 'email');
    await pushed('email');
    expect(mail.mails).toMatchObject([
      {
        envelope: { from: 'notify@example.com', to: ['bob@example.org'] },
        parsed: { subject: 'alice', text: 'hello\n' },
      },
    ]);
  });

  test('is unsubscribed from with one click of a mail program, and not by a program that only looks', async () => {
    const raw = mail.mails.at(-1)?.raw ?? '';
    const unfolded = raw.replaceAll(/\r\n[ \t]+/g, ' ');
    expect(unfolded).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    const url = /^List-Unsubscribe: <([^>]+)>/m.exec(unfolded)?.[1] ?? '';
    const devices = async () => (await server.api('GET', '/devices?userId=user%20of%20email')).body['devices'];
    for (const [language, text] of [
      ['de, en;q=0.5', 'Stop these notifications?'],
      ['zh-CN', '停止接收此类通知？'],
    ] as const) {
      const page = await fetch(url, { headers: { 'accept-language': language } });
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining(text)]);
    }
    expect(await devices()).toHaveLength(1);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const _again of [1, 2]) {
      const answer = await fetch(url, {
        method: 'POST',
        headers: form,
        body: 'List-Unsubscribe=One-Click',
        redirect: 'manual',
      });
      expect(answer.status).toBe(200);
    }
    expect(await devices()).toEqual([]);
    // Registered again, it is another device, which the address of before does not end.
    await register('user of email', 'email');
    await fetch(url, { method: 'POST' });
    expect(await devices()).toHaveLength(1);
    expect((await fetch(`${url.slice(0, -4)}AAAA`, { method: 'POST' })).status).toBe(404);
  });

  test('reaches a chat of Telegram, and goes from there when it is read elsewhere', async () => {
    await register('user of telegram', 'telegram');
    await pushed('telegram', 'one');
    const { seq } = await pushed('telegram', 'two');
    expect([...telegram.messages.values()]).toEqual(['alice\ntwo']);
    const phone = await clients.connect({ userId: 'user of telegram' });
    await phone.ask('read', { conversationId: 'c-telegram', seq });
    await expect.poll(() => telegram.messages.size, { timeout: 10_000 }).toBe(0);
  });
});

test('an app that was uninstalled is no device any more', async () => {
  await register('erin', 'fcm', { token: 'a-token-that-is-gone' });
  await putConversation(server, 'c-gone', ['alice', 'erin']);
  const { messageId } = await say(server, 'c-gone', { from: 'alice' });
  await untilPush(server, messageId, { userId: 'erin', reason: 'target_gone' });
  expect((await server.api('GET', '/devices?userId=erin')).body).toEqual({ devices: [] });
});

test('NOTIFICATION_PROVIDER=firebase serves apps without providers, with the file of FIREBASE_CREDENTIALS_PATH', async () => {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder.remove());
  const path = join(folder.path, 'firebase.json');
  writeFileSync(path, accountFile('https://oauth2.googleapis.com/token'));
  const env = { NOTIFICATION_PROVIDER: 'firebase', FIREBASE_CREDENTIALS_PATH: path };
  const other = await startWholeServer({ env, app: { providers: [] } });
  onTestFinished(() => other.stop());
  expect((await other.api('GET', '/providers')).body).toMatchObject({ providers: [{ plugin: 'fcm', state: 'on' }] });
});
