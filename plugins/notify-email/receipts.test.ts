// Reports of Amazon SES and SendGrid about mails: signatures as they publish them, and what each event means.
// Reports of mail servers and of the tenant's own systems: index.test.ts.
import { generateKeyPairSync, sign } from 'node:crypto';
import { fakeHost, sampleDelivery } from '@belfry/plugin-kit/testing';
import type { Receipts } from '@belfry/plugin-kit';
import { describe, expect, test } from 'vitest';
import { mailOf } from './mail.ts';
import plugin from './index.ts';
import {
  certificate,
  certificateUrl,
  confirmation,
  notification,
  nowMs,
  snsRequest,
  subscribeUrl,
  topicArn,
  type SnsFields,
} from './test/sns-messages.ts';

const base = { host: 'smtp.example.com', fromAddress: 'notify@example.com' };
const deliveryId = '01890a5d-ac96-774b-bcce-b302099a8057';

interface Reported {
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** `answers`: to what the provider asks, one each. */
async function start(config: object, answers: readonly { http: number; body?: string }[] = []) {
  const host = fakeHost({ nowMs });
  const [first = { http: 404 }, ...more] = answers;
  host.answer(first, ...more);
  const instance = await plugin.setup(host.context(plugin.config.parse({ ...base, ...config })));
  const read = async ({ headers, body }: Reported): Promise<Receipts | undefined> =>
    await instance.parseReceipt?.({ method: 'POST', headers, query: {}, body: new TextEncoder().encode(body) });
  return { host, read };
}

describe('Amazon SES', () => {
  const trusted = [{ http: 200, body: certificate }];
  const named = { source: 'notify@example.com', headers: [{ name: 'X-Entity-Ref-ID', value: deliveryId }] };
  const bounce = (change: object = {}, recipient: object = { status: '5.1.1' }) => ({
    notificationType: 'Bounce',
    mail: named,
    bounce: {
      ...{ bounceType: 'Permanent', bounceSubType: 'General', timestamp: '2029-12-31T23:59:00.000Z' },
      ...{ bouncedRecipients: [{ emailAddress: 'bob@example.org', ...recipient }], ...change },
    },
  });
  const at = { atMs: Date.UTC(2029, 11, 31, 23, 59) };
  const timestamp = '2029-12-31T23:59:00.000Z';

  test.each<[string, object, object | undefined]>([
    ['a mailbox that is not there', bounce(), { event: 'target_gone', detail: 'Permanent General 5.1.1', ...at }],
    [
      'the same without a code',
      bounce({ bounceSubType: 'NoEmail' }, {}),
      { event: 'target_gone', detail: 'Permanent NoEmail', ...at },
    ],
    [
      'an address that SES does not send to',
      bounce({ bounceSubType: 'Suppressed' }, { status: '5.3.0' }),
      { event: 'failed', detail: 'Permanent Suppressed 5.3.0', ...at },
    ],
    [
      'a full mailbox',
      bounce({ bounceType: 'Transient', bounceSubType: 'MailboxFull' }, { status: '5.2.2' }),
      { event: 'failed', detail: 'Transient MailboxFull 5.2.2', ...at },
    ],
    [
      'a code of a mailbox that is not there, for now',
      bounce({ bounceType: 'Undetermined' }),
      { event: 'failed', detail: 'Undetermined General 5.1.1', ...at },
    ],
    [
      'a delivery, by a configuration set',
      { eventType: 'Delivery', mail: named, delivery: { timestamp } },
      { event: 'delivered', ...at },
    ],
    ['an opening', { eventType: 'Open', mail: named, open: { timestamp } }, { event: 'opened', ...at }],
    [
      'a complaint',
      { notificationType: 'Complaint', mail: named, complaint: { timestamp, complaintFeedbackType: 'abuse' } },
      { event: 'target_gone', detail: 'complaint', ...at },
    ],
    [
      'a complaint that is taken back',
      { notificationType: 'Complaint', mail: named, complaint: { timestamp, complaintFeedbackType: 'not-spam' } },
      undefined,
    ],
    [
      'a mail that SES took and did not send',
      { eventType: 'Reject', mail: named, reject: { reason: 'Bad content' } },
      { event: 'failed', detail: 'Bad content' },
    ],
    ['a delay', { eventType: 'DeliveryDelay', mail: named }, undefined],
    ['a click', { eventType: 'Click', mail: named }, undefined],
    ['a mail of somebody else', { ...bounce(), mail: { source: 'shop@example.com', headers: [] } }, undefined],
    ['the first message of a topic', { notificationType: 'AmazonSnsSubscriptionSucceeded' }, undefined],
    ['an event that is none', { mail: 1 }, undefined],
  ])('%s', async (_, event, expected) => {
    const { read } = await start({ sesTopicArn: topicArn }, trusted);
    const receipts = expected === undefined ? [] : [{ deliveryId, ...expected }];
    expect(await read(snsRequest(notification(event)))).toEqual(receipts);
  });

  test('the envelope sender names a mail where its headers are not in the event', async () => {
    const { read } = await start({ sesTopicArn: topicArn, bounceAddress: 'bounce@example.com' }, trusted);
    const mail = { source: `bounce+${deliveryId}@example.com` };
    expect(await read(snsRequest(notification({ ...bounce(), mail })))).toMatchObject([{ deliveryId }]);
  });

  test('the certificate is asked for once, at the address of SNS, for both versions of a signature', async () => {
    const { host, read } = await start({ sesTopicArn: topicArn }, trusted);
    for (const SignatureVersion of ['1', '2'])
      expect(await read(snsRequest(notification(bounce(), { SignatureVersion })))).toHaveLength(1);
    expect(host.requests.map(({ url }) => url)).toEqual([certificateUrl]);
  });

  test('a subscription is confirmed once its message is genuine', async () => {
    const { host, read } = await start({ sesTopicArn: topicArn }, [...trusted, { http: 200, body: '<xml/>' }]);
    expect(await read(snsRequest(confirmation()))).toEqual([]);
    expect(host.requests.map(({ url }) => url)).toEqual([certificateUrl, subscribeUrl]);
    // The end of one is confirmed by nobody.
    expect(await read(snsRequest(confirmation({ Type: 'UnsubscribeConfirmation' })))).toEqual([]);
    expect(host.requests).toHaveLength(2);
  });

  test.each<[string, SnsFields]>([
    ['other words', { ...notification(bounce()), Message: JSON.stringify(bounce({ bounceType: 'Transient' })) }],
    ['another subject', { ...notification(bounce()), Subject: 'x' }],
    ['another signature', { ...notification(bounce()), Signature: notification({})['Signature'] ?? '' }],
    ['the signature of the other version', { ...notification(bounce()), SignatureVersion: '2' }],
    ['a version that is none', { ...notification(bounce()), SignatureVersion: '3' }],
    ['another topic', notification(bounce(), { TopicArn: 'arn:aws:sns:eu-west-1:999999999999:mail-events' })],
    ['no topic', { ...notification(bounce()), TopicArn: '' }],
    ...[
      'https://sns.eu-west-1.amazonaws.com.attacker.example/a.pem',
      'https://attacker.example/sns.eu-west-1.amazonaws.com/a.pem',
      'https://sns.eu-west-1.amazonaws.com@attacker.example/a.pem',
      'https://user@sns.eu-west-1.amazonaws.com/a.pem',
      'https://sns.eu-west-1.amazonaws.com:8443/a.pem',
      'https://sns.us-east-1.amazonaws.com/a.pem',
      'http://sns.eu-west-1.amazonaws.com/a.pem',
      'https://sns.eu-west-1.amazonaws.com/?x=a.pem',
      'no address',
    ].map((SigningCertURL): [string, SnsFields] => [
      `a certificate at ${SigningCertURL}`,
      notification(bounce(), { SigningCertURL }),
    ]),
  ])('a message with %s is refused', async (_, message) => {
    const { read } = await start({ sesTopicArn: topicArn }, trusted);
    expect(await read(snsRequest(message))).toMatchObject({ refused: expect.any(String) });
  });

  test('a subscription at another address is not confirmed, and one that is forged neither', async () => {
    const { host, read } = await start({ sesTopicArn: topicArn }, trusted);
    const elsewhere = confirmation({ SubscribeURL: 'https://attacker.example/?Action=ConfirmSubscription' });
    const forged = { ...confirmation(), Token: 'another' };
    for (const message of [elsewhere, forged])
      expect(await read(snsRequest(message))).toMatchObject({ refused: expect.any(String) });
    expect(host.requests.map(({ url }) => url)).toEqual([certificateUrl]);
  });

  test('a certificate that cannot be had, is none, or is not valid now makes no receipt', async () => {
    const message = snsRequest(notification(bounce()));
    const gone = await start({ sesTopicArn: topicArn }, [{ http: 503 }]);
    await expect(gone.read(message)).rejects.toThrow('503');
    const none = await start({ sesTopicArn: topicArn }, [{ http: 200, body: '<html>' }]);
    await expect(none.read(message)).rejects.toThrow();
    const old = await start({ sesTopicArn: topicArn }, trusted);
    old.host.clock.advance(100 * 365.25 * 24 * 3_600_000);
    expect(await old.read(message)).toEqual({ refused: 'the signature is wrong' });
  });

  test('without a topic in the configuration nothing of SNS is read or asked for', async () => {
    const { host, read } = await start({ bounceAddress: 'bounce@example.com' }, trusted);
    expect(await read(snsRequest(notification(bounce())))).toMatchObject({ refused: expect.any(String) });
    expect(host.requests).toEqual([]);
  });

  test.each(['arn:aws:sqs:eu-west-1:123456789012:x', 'arn:aws:sns:eu-west-1.attacker.example/:123456789012:x', 'x'])(
    'the topic %s is refused',
    (sesTopicArn) => {
      expect(plugin.config.safeParse({ ...base, sesTopicArn }).error?.issues[0]?.path).toEqual(['sesTopicArn']);
    },
  );
});

describe('SendGrid', () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const sendgridKey = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const ours = { belfry_delivery_id: deliveryId, email: 'bob@example.org', timestamp: 1_893_455_940 };

  function posted(events: unknown, { key = pair.privateKey, at = '1893455941' } = {}): Reported {
    const body = JSON.stringify(events);
    const signature = sign('sha256', Buffer.from(at + body), key).toString('base64');
    return {
      headers: {
        ...{ 'content-type': 'application/json', 'x-twilio-email-event-webhook-timestamp': at },
        'x-twilio-email-event-webhook-signature': signature,
      },
      body,
    };
  }

  test.each<[object, object | undefined]>([
    [{ event: 'delivered', response: '250 OK' }, { event: 'delivered' }],
    [{ event: 'open' }, { event: 'opened' }],
    [{ event: 'open', sg_machine_open: true }, undefined],
    [
      { event: 'bounce', type: 'bounce', status: '5.1.1' },
      { event: 'target_gone', detail: 'bounce 5.1.1' },
    ],
    [
      { event: 'bounce', type: 'bounce', status: '550', reason: '550 5.1.1 user unknown' },
      { event: 'target_gone', detail: 'bounce 5.1.1' },
    ],
    [
      { event: 'bounce', type: 'bounce', status: '5.7.1' },
      { event: 'failed', detail: 'bounce 5.7.1' },
    ],
    [
      { event: 'bounce', type: 'blocked', status: '5.1.1' },
      { event: 'failed', detail: 'blocked 5.1.1' },
    ],
    [
      { event: 'bounce', type: 'blocked', reason: 'unable to get mx info' },
      { event: 'failed', detail: 'blocked' },
    ],
    [
      { event: 'dropped', reason: 'Bounced Address' },
      { event: 'failed', detail: 'dropped Bounced Address' },
    ],
    [{ event: 'spamreport' }, { event: 'target_gone', detail: 'spamreport' }],
    [{ event: 'unsubscribe' }, { event: 'target_gone', detail: 'unsubscribe' }],
    [{ event: 'group_unsubscribe' }, { event: 'target_gone', detail: 'group_unsubscribe' }],
    ...['processed', 'deferred', 'click', 'group_resubscribe'].map((event): [object, undefined] => [
      { event },
      undefined,
    ]),
    [{ event: 'delivered', belfry_delivery_id: undefined }, undefined],
    [{ event: 'delivered', belfry_delivery_id: 'x' }, undefined],
  ])('%j', async (event, expected) => {
    const { read } = await start({ sendgridKey });
    const receipts = expected === undefined ? [] : [{ deliveryId, ...expected, atMs: 1_893_455_940_000 }];
    expect(await read(posted([{ ...ours, ...event }, null, 'x']))).toEqual(receipts);
  });

  test('the signature that SendGrid publishes as an example fits its key', async () => {
    const published =
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEDr2LjtURuePQzplybdC+u4CwrqDqBaWjcMMsTbhdbcwHBcepxo7yAQGhHPTnlvFYPAZFceEu/1FwCM/QmGUhA==';
    const signature =
      'MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH2j/0=';
    const headers = {
      'x-twilio-email-event-webhook-timestamp': '1588788367',
      'x-twilio-email-event-webhook-signature': signature,
    };
    const body = JSON.stringify({ category: 'example_payload', event: 'test_event', message_id: 'message_id' });
    const { read } = await start({ sendgridKey: published });
    expect(await read({ headers, body })).toEqual({ refused: 'is no list of events' });
    expect(await read({ headers, body: `${body} ` })).toEqual({ refused: 'the signature is wrong' });
  });

  test('what another key signed, or of another time, is refused', async () => {
    const { read } = await start({ sendgridKey });
    const events = [{ ...ours, event: 'spamreport' }];
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const genuine = posted(events);
    const moved = { ...genuine.headers, 'x-twilio-email-event-webhook-timestamp': '1893455942' };
    for (const request of [posted(events, { key: other }), { ...genuine, headers: moved }])
      expect(await read(request)).toEqual({ refused: 'the signature is wrong' });
    const keyless = await start({ bounceAddress: 'bounce@example.com' });
    expect(await keyless.read(genuine)).toMatchObject({ refused: expect.any(String) });
  });

  test('a mail says what is to come back with its events, where SendGrid is to report', () => {
    const delivery = sampleDelivery({ target: { address: 'bob@example.org' } });
    const headersWith = (config: object) =>
      mailOf(delivery, plugin.config.parse({ ...base, ...config }), nowMs).headers as Record<string, string>;
    expect(JSON.parse(headersWith({ sendgridKey })['X-SMTPAPI'] ?? '')).toEqual({
      unique_args: { belfry_delivery_id: deliveryId },
    });
    expect(headersWith({})).not.toHaveProperty('X-SMTPAPI');
  });

  test.each([
    'x',
    '',
    generateKeyPairSync('rsa', { modulusLength: 2048 })
      .publicKey.export({ type: 'spki', format: 'der' })
      .toString('base64'),
  ])('a key that is none of SendGrid is refused: %.20s', (given) => {
    expect(plugin.config.safeParse({ ...base, sendgridKey: given }).error?.issues[0]?.path).toEqual(['sendgridKey']);
  });
});

test('where nobody is to report, nothing is read', async () => {
  const host = fakeHost();
  const instance = await plugin.setup(host.context(plugin.config.parse(base)));
  expect(instance.parseReceipt).toBeUndefined();
});
