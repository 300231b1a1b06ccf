// Mails that a server took and could not deliver: the address that they come back to, and what comes from there to
// the server. A mail of RFC 3464, as the mail system hands it over, or a signed report of the tenant's own.
import { signedHeaders, verifyWebhook, z, type Receipt, type ReceiptRequest, type Receipts } from '@belfry/plugin-kit';
import { goneCodes } from './outcome.ts';

export interface BounceParts {
  bounceAddress: string | undefined;
  bounceSecret: string | undefined;
  nowMs: number;
}

/** `bounce+{id}@example.com`: so the report names the delivery, whatever else it says. */
export function envelopeSenderOf(bounceAddress: string, deliveryId: string): string {
  const at = bounceAddress.lastIndexOf('@');
  return `${bounceAddress.slice(0, at)}+${deliveryId}${bounceAddress.slice(at)}`;
}

/** As `envelopeSenderOf` made it, anywhere in the text. */
export function deliveryOfSender(bounceAddress: string, text: string): string | undefined {
  const at = bounceAddress.lastIndexOf('@');
  const [local, domain] = [bounceAddress.slice(0, at), bounceAddress.slice(at + 1)].map(literal);
  return new RegExp(`${local}\\+(${uuid})@${domain}\\b`, 'i').exec(text)?.[1]?.toLowerCase();
}

export function bouncesOf({ headers, body }: ReceiptRequest, parts: BounceParts): Receipts {
  const type = (new Map(Object.entries(headers)).get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  const text = new TextDecoder().decode(body);
  if (type === 'message/rfc822') return readMail(text, parts);
  if (type === 'application/json') return readSigned({ headers, body, text }, parts);
  return { refused: 'is neither a mail nor JSON' };
}

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

function readMail(text: string, { bounceAddress }: BounceParts): Receipts {
  if (bounceAddress === undefined) return { refused: 'there is no address that mails come back to' };
  const mail = text.replaceAll('\r\n', '\n').replace(/\n[ \t]+/g, ' ');
  const header = mail.split('\n\n', 1)[0] ?? '';
  if (!/^content-type:\s*multipart\/report\b.*\breport-type="?delivery-status\b/im.test(header))
    return { refused: 'is no report about a mail' };
  const deliveryId = deliveryOfSender(bounceAddress, header);
  if (deliveryId === undefined) return { refused: 'names no mail' };
  // Words for people come before it, and the mail itself may follow.
  const fields = /^content-type:\s*message\/delivery-status\b[^]*?\n\n([^]*?)(?:\n--|(?![^]))/im.exec(mail)?.[1] ?? '';
  const action = /^action:\s*([a-z]+)/im.exec(fields)?.[1]?.toLowerCase();
  const status = /^status:\s*([245]\.\d{1,3}\.\d{1,3})\b/im.exec(fields)?.[1];
  if (action === 'delivered') return [{ deliveryId, event: 'delivered' }];
  // Delayed, relayed, expanded: nothing final.
  if (action !== 'failed' || status === undefined) return [];
  return [{ deliveryId, event: goneCodes.has(status) ? 'target_gone' : 'failed', detail: status }];
}

const reportSchema = z.strictObject({
  deliveryId: z.string().regex(new RegExp(`^${uuid}$`)),
  event: z.enum(['delivered', 'opened', 'failed', 'target_gone']),
  detail: z.string().max(500).optional(),
  atMs: z.number().nonnegative().optional(),
});
const reportsSchema = z.union([z.array(reportSchema).max(1000), reportSchema.transform((report) => [report])]);

function readSigned(
  { headers, body, text }: Pick<ReceiptRequest, 'headers' | 'body'> & { text: string },
  { bounceSecret, nowMs }: BounceParts,
): Receipts {
  const byName = new Map(Object.entries(headers));
  const signed = { ...signedHeaders((name) => byName.get(name)), body };
  const secrets = bounceSecret === undefined ? [] : [bounceSecret];
  if (verifyWebhook(signed, { secrets, nowMs }) !== 'good') return { refused: 'the signature is wrong or too old' };
  const parsed = reportsSchema.safeParse(parsedJson(text));
  return parsed.success ? (parsed.data satisfies Receipt[]) : { refused: 'is no list of reports' };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
