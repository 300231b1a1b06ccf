// The e-mail provider, against a real SMTP server: the rules of every provider, the mails as they arrive, and
// the outcome of each answer.
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { fakeHost, oddDelivery, sampleDelivery, setUpLive, testNotificationProvider } from '@belfry/plugin-kit/testing';
import { signWebhook, type ConnectTarget, type PushNotification } from '@belfry/plugin-kit';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { testCertificate } from '../../platform/server/test/support/test-certificate.ts';
import plugin from './index.ts';
import { outcomeOfSmtp } from './outcome.ts';
import { startMailServer, verifyDkim, type MailServer } from './test/mail-server.ts';

const user = { username: 'belfry', password: 'a-password-of-the-tests' };
const config = { host: 'service.example', ...user, fromAddress: 'notify@example.com', ca: testCertificate.cert };
const target = { address: 'bob@example.org', name: 'Bob' };
const attempt = { signal: new AbortController().signal, attempt: 1 };

/** As the host dials: by the name, to this machine. */
function dial({ port, tls }: ConnectTarget, to: number = port) {
  if (tls === undefined || tls === false) return connectTcp({ host: '127.0.0.1', port: to });
  const ca = tls === true ? undefined : tls.ca;
  return connectTls({
    host: '127.0.0.1',
    port: to,
    servername: 'service.example',
    ...(ca === undefined ? {} : { ca }),
  });
}

let server: MailServer;
beforeAll(async () => (server = await startMailServer({ certificate: testCertificate, user })));
afterAll(() => server.close());

const deliveryId = '01890a5d-ac96-774b-bcce-b302099a8057';
const bounceSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const bouncing = { config: { bounceAddress: 'bounce@example.com', bounceSecret } };
const asMail = { 'content-type': 'message/rfc822' };

/** As a mail server writes it (RFC 3464). */
function report(fields: { action?: string; status?: string; to?: string; type?: string } = {}): string {
  const { action = 'failed', status = '5.1.1', to = `bounce+${deliveryId}@example.com` } = fields;
  const { type = 'multipart/report; report-type=delivery-status;\r\n\tboundary="b"' } = fields;
  return [
    ...['From: MAILER-DAEMON@mx.example.org', `To: <${to}>`, 'Subject: Undelivered', `Content-Type: ${type}`, ''],
    ...['--b', 'Content-Type: text/plain', '', 'Action: delivered, one might think. It was not.', ''],
    ...['--b', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.example.org', ''],
    ...['Final-Recipient: rfc822; bob@example.org', `Action: ${action}`, `Status: ${status}`],
    ...['Diagnostic-Code: smtp; 550 no such user', '', '--b--', ''],
  ].join('\r\n');
}

/** As a tenant's own system reports it. */
function signedReport(said: unknown, secret = bounceSecret) {
  const body = JSON.stringify(said);
  const headers = signWebhook({ id: 'r-1', atMs: fakeHost().clock.now(), body }, [secret]);
  return { headers: { ...headers, 'content-type': 'application/json' }, body };
}

testNotificationProvider(plugin, {
  config: { ...config, ...bouncing.config },
  target,
  receipts: [
    [{ headers: asMail, body: report() }, [{ deliveryId, event: 'target_gone', detail: '5.1.1' }]],
    [{ headers: asMail, body: report({ status: '5.2.2' }) }, [{ deliveryId, event: 'failed', detail: '5.2.2' }]],
    [{ headers: asMail, body: report({ action: 'delivered', status: '2.0.0' }) }, [{ deliveryId, event: 'delivered' }]],
    [{ headers: asMail, body: report({ action: 'delayed', status: '4.4.1' }) }, []],
    [{ headers: asMail, body: report({ status: '4.4.7' }) }, [{ deliveryId, event: 'failed', detail: '4.4.7' }]],
    [{ headers: asMail, body: report({ to: `bounce+${deliveryId}@attacker.example` }) }, 'refused'],
    [{ headers: asMail, body: report({ to: 'bounce@example.com' }) }, 'refused'],
    [{ headers: asMail, body: report({ type: 'text/plain' }) }, 'refused'],
    [{ headers: { 'content-type': 'text/plain' }, body: report() }, 'refused'],
    [{ headers: asMail, body: report() }, 'refused', { config: { bounceAddress: undefined } }],
    [signedReport({ deliveryId, event: 'failed', detail: 'complaint' }), [{ deliveryId, event: 'failed' }]],
    [signedReport([{ deliveryId, event: 'target_gone' }]), [{ deliveryId, event: 'target_gone' }]],
    [signedReport({ deliveryId: 'x', event: 'failed' }), 'refused'],
    [signedReport({ deliveryId, event: 'failed' }, 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'), 'refused'],
    [signedReport({ deliveryId, event: 'failed' }), 'refused', { config: { bounceSecret: undefined } }],
  ],
  connect: (to) => dial(to, server.port),
  patienceMs: 5000,
});

interface Started {
  replies?: Parameters<typeof startMailServer>[0]['replies'];
  security?: 'tls' | 'starttls' | 'none';
  config?: Record<string, unknown>;
}

async function start({ replies, security = 'starttls', config: change = {} }: Started = {}) {
  const own = await startMailServer({
    certificate: testCertificate,
    security,
    ...(security === 'none' ? {} : { user }),
    ...(replies === undefined ? {} : { replies }),
  });
  onTestFinished(() => own.close());
  const host = fakeHost();
  host.connect(async (to) => {
    const socket = dial(to);
    await new Promise((resolve, reject) => {
      socket.once(to.tls ? 'secureConnect' : 'connect', resolve).once('error', reject);
    });
    return socket;
  });
  const open = security === 'none' ? { username: undefined, password: undefined, ca: undefined } : {};
  const { instance } = await setUpLive(plugin, { ...config, ...open, port: own.port, security, ...change }, { host });
  const send = (notification: Partial<PushNotification> = {}, to: object = target) =>
    instance.send(sampleDelivery({ target: to, notification }), attempt);
  return { mails: own.mails, instance, send };
}

describe('a mail', () => {
  test.each(['tls', 'starttls', 'none'] as const)('is sent with %s', async (security) => {
    const { mails, send } = await start({ security });
    expect(await send()).toEqual({
      outcome: 'accepted',
      providerMessageId: '<01890a5d-ac96-774b-bcce-b302099a8057@example.com>',
    });
    expect(mails).toMatchObject([{ envelope: { from: 'notify@example.com', to: ['bob@example.org'] } }]);
  });

  test('comes back to an address that names it, where there is one, and is from the same sender as ever', async () => {
    const { mails, send } = await start(bouncing);
    await send();
    expect(mails[0]?.envelope).toEqual({ from: `bounce+${deliveryId}@example.com`, to: ['bob@example.org'] });
    expect(mails[0]?.parsed.from?.value[0]?.address).toBe('notify@example.com');
  });

  test('has one text twice, names who wrote it, and is grouped with the others of its conversation', async () => {
    const { mails, send } = await start({
      config: {
        fromName: '{sender} (Clinic)',
        openUrl: 'https://app.example.com/chat/{conversationId}?x={unknown}',
        subjects: { en: '{sender} wrote', zh: '{sender} 发来 {count} 条消息' },
      },
    });
    await send({ title: 'Dr. <Chen>', body: '1 < 2\n& more', sender: 'Dr. Chen', priority: 'urgent' });
    await send({ count: 2 });
    const [first, second] = mails.map(({ parsed }) => parsed);
    expect(first).toMatchObject({ subject: 'Dr. Chen 发来 1 条消息' });
    expect(first?.from?.value).toEqual([{ name: 'Dr. Chen (Clinic)', address: 'notify@example.com' }]);
    expect(first?.text).toBe('1 < 2\n& more\n\n打开: https://app.example.com/chat/c1?x=\n');
    expect(first?.html).toContain('Dr. &lt;Chen&gt;');
    expect(first?.html).toContain('1 &lt; 2\n&amp; more');
    expect(first?.references).toBe(second?.references);
    expect(first?.headers.get('priority')).toBe('high');
    expect(first?.headers.get('auto-submitted')).toBe('auto-generated');
  });

  test('takes no header, recipient or tag from odd characters', async () => {
    const { mails, instance } = await start({
      config: { fromName: '{sender}', openUrl: 'https://app.example.com/{odd}' },
    });
    expect(await instance.send(oddDelivery(target), attempt)).toMatchObject({ outcome: 'accepted' });
    const [mail] = mails;
    expect(mail?.envelope.to).toEqual(['bob@example.org']);
    expect(mail?.parsed.headers.has('x-injected')).toBe(false);
    expect(mail?.parsed.html).toContain('&lt;b&gt;');
    expect(mail?.parsed.subject).toContain('你好');
  });

  test('can be unsubscribed from with one click, which its signature covers', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const secret = 'a secret of the tests';
    const { mails, send } = await start({
      config: {
        unsubscribeUrl: 'https://app.example.com/u?u={userId}&d={deviceId}&t={t}',
        unsubscribeMailto: 'unsubscribe@example.com',
        unsubscribeSecret: secret,
        dkimDomain: 'example.com',
        dkimSelector: 's1',
        dkimKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      },
    });
    await send();
    const raw = mails[0]?.raw ?? '';
    const device = '01890a5d-ac96-774b-bcce-b302099a8058';
    const signature = createHmac('sha256', secret).update(`bob\n${device}`).digest('base64url');
    const unfolded = raw.replace(/\r\n[ \t]+/g, ' ');
    expect(unfolded.match(/^list-unsubscribe: .*$/gim)).toEqual([
      `List-Unsubscribe: <https://app.example.com/u?u=bob&d=${device}&t=${signature}>, <mailto:unsubscribe@example.com?subject=unsubscribe>`,
    ]);
    expect(unfolded).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    const { isGenuine, covers } = verifyDkim(raw, publicKey);
    expect(isGenuine).toBe(true);
    expect(covers).toEqual(expect.arrayContaining(['from', 'subject', 'list-unsubscribe', 'list-unsubscribe-post']));
  });
});

const atRcpt = (code: number, message: string) => ({ rcpt: new Map([[target.address, { code, message }]]) });

describe('the answer of a mail server', () => {
  test.each<[string, Started['replies'], object]>([
    ['550 5.1.1 to the recipient', atRcpt(550, '5.1.1 user unknown'), { reason: 'target_gone' }],
    ['550 5.1.6', atRcpt(550, '5.1.6 moved'), { reason: 'target_gone' }],
    ['550 5.1.10', atRcpt(550, '5.1.10 null MX'), { reason: 'target_gone' }],
    ['550 No such user', atRcpt(550, 'No such user here'), { reason: 'target_gone' }],
    ['553 5.1.3', atRcpt(553, '5.1.3 bad syntax'), { reason: 'target_invalid' }],
    ['550 5.1.2', atRcpt(550, '5.1.2 no such domain'), { reason: 'target_invalid' }],
    ['552 5.2.2 mailbox full', atRcpt(552, '5.2.2 mailbox full'), { outcome: 'retry' }],
    ['452', atRcpt(452, '4.5.3 too many'), { outcome: 'retry' }],
    ['450, which is greylisting', atRcpt(450, '4.7.1 come back later'), { outcome: 'retry', afterMs: 300_000 }],
    ['451', atRcpt(451, '4.3.0 later'), { outcome: 'retry', afterMs: 300_000 }],
    ['550 5.7.1 for spam', atRcpt(550, '5.7.1 looks like spam'), { reason: 'payload' }],
    ['554 relay denied', atRcpt(554, '5.7.1 Relay access denied'), { reason: 'credentials' }],
    ['552 5.3.4 too large', { data: { code: 552, message: '5.3.4 too large' } }, { reason: 'payload' }],
    [
      '554 to the content',
      { data: { code: 554, message: 'no thanks' } },
      { reason: 'payload', detail: expect.stringContaining('no thanks') },
    ],
    ['550 to the sender', { mail: { code: 550, message: '5.7.1 not yours' } }, { reason: 'credentials' }],
    ['535 to the password', { auth: { code: 535, message: '5.7.8 wrong' } }, { reason: 'credentials' }],
    [
      '454 to the password',
      { auth: { code: 454, message: '4.7.0 Temporary authentication failure' } },
      { outcome: 'retry' },
    ],
  ])('%s', async (_, replies, expected) => {
    const { send } = await start(replies === undefined ? {} : { replies });
    expect(await send()).toMatchObject(expected);
  });

  test('a wrong password pauses the account, and does not show', async () => {
    const { send } = await start({ config: { password: 'another-password' } });
    const outcome = await send();
    expect(outcome).toMatchObject({ outcome: 'rejected', reason: 'credentials' });
    expect(JSON.stringify(outcome)).not.toContain('another-password');
  });

  test.each(['tls', 'starttls'] as const)(
    'a certificate that nobody vouches for is refused with %s',
    async (security) => {
      const { mails, send } = await start({ security, config: { ca: undefined } });
      expect(await send()).toMatchObject({ outcome: 'rejected', reason: 'credentials' });
      expect(mails).toEqual([]);
    },
  );

  test('a server that does not encrypt gets no password', async () => {
    const own = await startMailServer({ certificate: testCertificate, security: 'none' });
    onTestFinished(() => own.close());
    const host = fakeHost();
    host.connect(() => dial({ host: 'x', port: own.port }));
    const { instance } = await setUpLive(plugin, { ...config, port: own.port }, { host });
    expect(await instance.send(sampleDelivery({ target }), attempt)).toMatchObject({
      outcome: 'rejected',
      reason: 'credentials',
    });
  });

  test.each<[object, object]>([
    [{ code: 'ECONNECTION' }, { outcome: 'retry' }],
    [{ code: 'ETIMEDOUT' }, { outcome: 'retry' }],
    [{ code: 'ESOCKET' }, { outcome: 'retry' }],
    [{ code: 'EDNS' }, { outcome: 'retry' }],
    [{ code: 'EPROTOCOL' }, { outcome: 'retry' }],
    [{ code: 'EMESSAGE' }, { reason: 'payload' }],
    [{ code: 'ENOAUTH' }, { reason: 'credentials' }],
    [{ code: 'ECONFIG' }, { reason: 'credentials' }],
    [{ code: 'EOAUTH2' }, { reason: 'credentials' }],
    [{ code: 'CERT_HAS_EXPIRED' }, { reason: 'credentials' }],
    [{ code: 'EENVELOPE', responseCode: 421, response: '421 closing' }, { outcome: 'retry' }],
    [{ code: 'EAUTH', responseCode: 535, response: '535 4.7.8 try again' }, { outcome: 'retry' }],
  ])('a failure of the library (%j) has its outcome', (failure, expected) => {
    expect(outcomeOfSmtp(Object.assign(new Error('x'), failure))).toMatchObject(expected);
  });
});

test('a check signs in and sends nothing', async () => {
  const good = await start();
  expect(await good.instance.check?.(attempt)).toEqual({ ok: true });
  expect(good.mails).toEqual([]);
  const bad = await start({ config: { password: 'another-password' } });
  expect(await bad.instance.check?.(attempt)).toMatchObject({ ok: false, detail: expect.stringContaining('535') });
});

test.each<[string, object, string]>([
  ['a password that anybody could read', { security: 'none' }, 'security'],
  ['a user without a password', { password: undefined }, 'password'],
  ['half a DKIM key', { dkimDomain: 'example.com' }, 'dkimKey'],
  ['a name of two lines', { fromName: 'a\r\nBcc: x@example.com' }, 'fromName'],
  ['a sender that is no address', { fromAddress: 'a@b\r\n' }, 'fromAddress'],
])('refuses %s', (_, change, path) => {
  expect(plugin.config.safeParse({ ...config, ...change }).error?.issues[0]?.path).toEqual([path]);
});

test.each([
  '',
  'bob',
  'bob@',
  'bob@example.org, carol@example.org',
  'bob@example.org\r\nBcc: x@y.org',
  `${'x'.repeat(250)}@example.org`,
])('refuses the address %j', (address) => {
  expect(plugin.target.safeParse({ address }).success).toBe(false);
});
