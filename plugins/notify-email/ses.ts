// What Amazon SES reports of mails, as a topic of Amazon SNS posts it: who a message is from, the confirmation of
// a subscription, and what an event of SES means. Reports of others: receipts.ts.
import { verify, X509Certificate } from 'node:crypto';
import { z, type ProviderContext, type Receipt, type ReceiptRequest, type Receipts } from '@belfry/plugin-kit';
import { goneCodes } from './outcome.ts';

/** Only SNS sends it; its messages come as `text/plain`. */
const snsHeader = 'x-amz-sns-message-type';
export const topicArnForm = /^arn:(aws|aws-cn|aws-us-gov):sns:([a-z0-9-]{3,40}):\d{12}:[\w-]{1,256}(\.fifo)?$/;

interface SesParts extends Pick<ProviderContext, 'fetch' | 'clock' | 'tokens' | 'signal'> {
  topicArn: string;
  /** Of the delivery that an envelope sender names; undefined where it names none. */
  deliveryOf: (envelopeSender: string) => string | undefined;
}

const text = z.string().max(300_000);
const messageSchema = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  ...{ Message: text, MessageId: text, Timestamp: text, TopicArn: text, Signature: text, SigningCertURL: text },
  ...{ Subject: text.nullish(), SubscribeURL: text.nullish(), Token: text.nullish() },
  SignatureVersion: z.enum(['1', '2']),
});
type SnsMessage = z.output<typeof messageSchema>;

/** What is signed, in this order; what is not there is left out. */
const signedFields = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const satisfies Record<SnsMessage['Type'], readonly (keyof SnsMessage)[]>;

/**
 * A message may be old, as SNS tries for days, and the same one may come again: a receipt counts once.
 * @throws where the certificate, or the confirmation, cannot be had: SNS sends the message again
 */
export async function sesReceiptsOf(body: string, parts: SesParts): Promise<Receipts> {
  const parsed = messageSchema.safeParse(parsedJson(body));
  if (!parsed.success) return { refused: 'is no message of Amazon SNS' };
  const message = parsed.data;
  if (message.TopicArn !== parts.topicArn) return { refused: 'is of another topic' };
  const certificateUrl = addressOf(message.SigningCertURL, parts.topicArn);
  if (certificateUrl?.pathname.endsWith('.pem') !== true)
    return { refused: 'names a certificate that is not of Amazon SNS' };
  const certificate = await certificateAt(certificateUrl, parts);
  if (!isSigned(message, certificate, parts.clock.now())) return { refused: 'the signature is wrong' };
  if (message.Type === 'SubscriptionConfirmation') return await confirm(message, parts);
  return message.Type === 'Notification' ? receiptsIn(message.Message, parts) : [];
}

/** Of SNS in the region of the topic; undefined for any other address. */
function addressOf(address: string, topicArn: string): URL | undefined {
  const [, partition = '', region = ''] = topicArnForm.exec(topicArn) ?? [];
  const host = `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url?.origin === `https://${host}` && url.username === '' ? url : undefined;
}

const dayMs = 24 * 3_600_000;

/** Whoever answers at the address of SNS, over TLS, is SNS: its certificates are believed as they are. */
async function certificateAt(url: URL, { fetch, clock, tokens, signal }: SesParts): Promise<X509Certificate> {
  const load = async () => {
    const response = await fetch(url, { signal });
    if (!response.ok) throw new Error(`Amazon SNS gives no certificate (HTTP ${response.status})`);
    return { value: await response.text(), expiresAtMs: clock.now() + dayMs };
  };
  return new X509Certificate(await tokens.get(`certificate ${url.pathname}`, load, { earlyMs: 0 }));
}

function isSigned(message: SnsMessage, { publicKey, validFrom, validTo }: X509Certificate, nowMs: number): boolean {
  if (publicKey.asymmetricKeyType !== 'rsa') return false;
  if (!(Date.parse(validFrom) <= nowMs && nowMs <= Date.parse(validTo))) return false;
  const signed = signedFields[message.Type]
    .map((name) => [name, message[name] ?? undefined])
    .map(([name, value]) => (value === undefined ? '' : `${name}\n${value}\n`))
    .join('');
  const digest = message.SignatureVersion === '1' ? 'sha1' : 'sha256';
  return verify(digest, Buffer.from(signed), publicKey, Buffer.from(message.Signature, 'base64'));
}

/** Whoever subscribed the address knew it, and the topic is the one that the tenant named. */
async function confirm({ SubscribeURL }: SnsMessage, parts: SesParts): Promise<Receipts> {
  const url = addressOf(SubscribeURL ?? '', parts.topicArn);
  if (url === undefined) return { refused: 'is to be confirmed at an address that is not of Amazon SNS' };
  const response = await parts.fetch(url, { signal: parts.signal });
  if (!response.ok) throw new Error(`Amazon SNS does not confirm (HTTP ${response.status})`);
  return [];
}

const at = z.object({ timestamp: z.string().default('') }).optional();
const eventSchema = z.object({
  /** By the settings of an identity, or by those of a configuration set. */
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  mail: z
    .object({
      source: z.string().default(''),
      headers: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
    })
    .default({ source: '', headers: [] }),
  bounce: z
    .object({
      ...{ timestamp: z.string().default(''), bounceType: z.string(), bounceSubType: z.string().default('') },
      bouncedRecipients: z.array(z.object({ status: z.string().default('') })).default([]),
    })
    .optional(),
  complaint: z.object({ timestamp: z.string().default(''), complaintFeedbackType: z.string().default('') }).optional(),
  reject: z.object({ reason: z.string().default('') }).optional(),
  ...{ delivery: at, open: at },
});
type SesEvent = z.output<typeof eventSchema>;

/** A topic tells of all mails of an account: those of others concern nobody here. */
function receiptsIn(message: string, { deliveryOf }: SesParts): Receipts {
  const parsed = eventSchema.safeParse(parsedJson(message));
  if (!parsed.success) return [];
  const { source, headers } = parsed.data.mail;
  const named = headers.find(({ name }) => name.toLowerCase() === 'x-entity-ref-id')?.value ?? '';
  const deliveryId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(named) ? named : deliveryOf(source);
  const said = deliveryId === undefined ? undefined : meaningOf(parsed.data);
  if (deliveryId === undefined || said === undefined) return [];
  const { timestamp, ...receipt } = said;
  const atMs = Date.parse(timestamp);
  return [{ deliveryId, ...receipt, ...(Number.isNaN(atMs) ? {} : { atMs }) }];
}

type Meaning = Pick<Receipt, 'event' | 'detail'> & { timestamp: string };

/** Each mail has one recipient. Undefined for steps on the way, and for clicks. */
function meaningOf({ notificationType, eventType, bounce, complaint, reject, delivery, open }: SesEvent) {
  switch (eventType ?? notificationType) {
    case 'Delivery':
      return { event: 'delivered', timestamp: delivery?.timestamp ?? '' } satisfies Meaning;
    case 'Open':
      return { event: 'opened', timestamp: open?.timestamp ?? '' } satisfies Meaning;
    case 'Bounce':
      return bounce && ofBounce(bounce);
    case 'Complaint':
      // `not-spam`: somebody says that another's complaint was wrong.
      return complaint === undefined || complaint.complaintFeedbackType === 'not-spam'
        ? undefined
        : ({ event: 'target_gone', detail: 'complaint', timestamp: complaint.timestamp } satisfies Meaning);
    case 'Reject':
    case 'Rendering Failure':
      return { event: 'failed', detail: reject?.reason ?? 'not sent', timestamp: '' } satisfies Meaning;
    default:
      return undefined;
  }
}

/** SES does not try again after any of them. */
function ofBounce({ bounceType, bounceSubType, bouncedRecipients, timestamp }: NonNullable<SesEvent['bounce']>) {
  const status = bouncedRecipients[0]?.status ?? '';
  const isGone = bounceType === 'Permanent' && (bounceSubType === 'NoEmail' || goneCodes.has(status));
  const detail = [bounceType, bounceSubType, status].filter(Boolean).join(' ');
  return { event: isGone ? 'target_gone' : 'failed', detail, timestamp } satisfies Meaning;
}

function parsedJson(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}

/** As the door hands a request over. */
export function isOfSns({ headers }: Pick<ReceiptRequest, 'headers'>): boolean {
  return Object.hasOwn(headers, snsHeader);
}
