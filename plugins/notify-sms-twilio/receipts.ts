// What Twilio reports of a message: a form to the address that went with it, signed with the account's token.
// Sending is index.ts.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Receipt, ReceiptRequest, Receipts } from '@belfry/plugin-kit';

interface Place {
  receiptUrl: string | undefined;
  /** Undefined where the account's token is not known. */
  authToken: string | undefined;
}

/** Steps on the way (queued, sent) are no receipts. */
const events: ReadonlyMap<string, Receipt['event']> = new Map([
  ['delivered', 'delivered'],
  ['read', 'opened'],
  ['undelivered', 'failed'],
  ['failed', 'failed'],
]);
/** Twilio's own steps before that. */
const steps = new Set(['accepted', 'scheduled', 'queued', 'sending', 'sent']);
/** The handset does not exist, or its owner sent STOP. */
const gone = new Set(['30005', '21610']);

export function receiptsOf({ headers, body }: ReceiptRequest, { receiptUrl, authToken }: Place): Receipts {
  const form = new URLSearchParams(new TextDecoder().decode(body));
  const signature = new Map(Object.entries(headers)).get('x-twilio-signature') ?? '';
  if (authToken !== undefined && !isSigned(form, signature, { receiptUrl, authToken }))
    return { refused: 'the signature is wrong' };
  const [sid, status] = [form.get('MessageSid') ?? '', form.get('MessageStatus') ?? ''];
  if (!/^[A-Z]{2}[0-9a-f]{32}$/.test(sid)) return { refused: 'names no message' };
  const event = events.get(status);
  if (event === undefined) return steps.has(status) ? [] : { refused: 'has no status of Twilio' };
  const code = form.get('ErrorCode') ?? '';
  const detail = code === '' ? {} : { detail: `code ${code}` };
  return [{ providerMessageId: sid, event: event === 'failed' && gone.has(code) ? 'target_gone' : event, ...detail }];
}

/** Base64 of HMAC-SHA1 over the address and, sorted by name, each name and value. */
function isSigned(form: URLSearchParams, signature: string, { receiptUrl = '', authToken = '' }: Place): boolean {
  const fields = [...form].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([name, value]) => name + value);
  const right = createHmac('sha1', authToken)
    .update(receiptUrl + fields.join(''))
    .digest();
  const given = Buffer.from(signature, 'base64');
  return receiptUrl !== '' && given.length === right.length && timingSafeEqual(given, right);
}
