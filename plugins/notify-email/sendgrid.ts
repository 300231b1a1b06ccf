// What SendGrid reports of mails (Event Webhook), signed with the key of the account: ECDSA over P-256, of the time
// and the bytes as they came. Reports of others: receipts.ts.
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { mostReceipts, z, type Receipt, type ReceiptRequest, type Receipts } from '@belfry/plugin-kit';
import { goneCodes } from './outcome.ts';

const signatureHeader = 'x-twilio-email-event-webhook-signature';
const timestampHeader = 'x-twilio-email-event-webhook-timestamp';

/** Comes back with each event, as a field of this name. */
const argument = 'belfry_delivery_id';

/** The header by which SendGrid learns what is to come back. */
export function smtpApiHeader(deliveryId: string): Record<string, string> {
  return { 'X-SMTPAPI': JSON.stringify({ unique_args: { [argument]: deliveryId } }) };
}

export function isOfSendgrid({ headers }: Pick<ReceiptRequest, 'headers'>): boolean {
  return Object.hasOwn(headers, signatureHeader);
}

/** Undefined where the text is no such key. It is shown as base64 of the DER of a SubjectPublicKeyInfo. */
export function readKey(base64: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}

const eventSchema = z.object({
  event: z.string(),
  [argument]: z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  timestamp: z.number().nonnegative().optional().catch(undefined),
  /** Of a bounce: `blocked` where it is for now. */
  type: z.string().default('').catch(''),
  status: z.string().default('').catch(''),
  reason: z.string().default('').catch(''),
  /** A program of the mailbox looked at it, and nobody. */
  sg_machine_open: z.boolean().default(false).catch(false),
});
const eventsSchema = z.array(z.unknown());

/** SendGrid tries for a day, and the same events may come again: a receipt counts once. */
export function sendgridReceiptsOf({ headers, body }: ReceiptRequest, key: KeyObject): Receipts {
  const named = new Map(Object.entries(headers));
  const signed = Buffer.concat([Buffer.from(named.get(timestampHeader) ?? ''), body]);
  const signature = Buffer.from(named.get(signatureHeader) ?? '', 'base64');
  if (!verify('sha256', signed, key, signature)) return { refused: 'the signature is wrong' };
  const events = eventsSchema.safeParse(parsed(body));
  if (!events.success) return { refused: 'is no list of events' };
  // An account sends other mails, too.
  const ours = events.data.flatMap((event) => eventSchema.safeParse(event).data ?? []);
  return ours.flatMap(receiptOf).slice(0, mostReceipts);
}

type SendgridEvent = z.output<typeof eventSchema>;

function receiptOf(said: SendgridEvent): Receipt[] {
  const { timestamp, [argument]: deliveryId } = said;
  const meaning = meaningOf(said);
  if (meaning === undefined) return [];
  return [{ deliveryId, ...meaning, ...(timestamp === undefined ? {} : { atMs: timestamp * 1000 }) }];
}

/** Undefined for steps on the way, and for clicks. */
function meaningOf(said: SendgridEvent): Pick<Receipt, 'event' | 'detail'> | undefined {
  const { event, reason, sg_machine_open: isByMachine } = said;
  switch (event) {
    case 'delivered':
      return { event: 'delivered' };
    case 'open':
      return isByMachine ? undefined : { event: 'opened' };
    case 'bounce':
      return ofBounce(said);
    case 'dropped':
      return { event: 'failed', detail: `dropped ${reason}`.trim() };
    case 'spamreport':
    case 'unsubscribe':
    case 'group_unsubscribe':
      return { event: 'target_gone', detail: event };
    default:
      return undefined;
  }
}

/** The code of RFC 3463 is the status, or stands in what the mail server said. */
function ofBounce({ type, status, reason }: SendgridEvent): Pick<Receipt, 'event' | 'detail'> {
  const code = [status, reason].map((words) => /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(words)?.[0]).find(Boolean) ?? '';
  const isGone = type !== 'blocked' && goneCodes.has(code);
  return { event: isGone ? 'target_gone' : 'failed', detail: [type, code || status].filter(Boolean).join(' ') };
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
