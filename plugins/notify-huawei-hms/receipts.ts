// What Push Kit reports of messages, in both versions, to the address that the tenant entered in AppGallery
// Connect; signed where a user and a key were entered there. Sending is index.ts.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z, type Receipt, type ReceiptRequest, type Receipts } from '@belfry/plugin-kit';

const ms = z.number().nonnegative().optional().catch(undefined);
const reportSchema = z.union([
  z
    .object({ biTag: z.string().max(100), status: z.number(), timestamp: ms })
    .transform(({ biTag, status, timestamp }) => ({ biTag, status, atMs: timestamp })),
  z
    .object({ biTag: z.string().max(100).default(''), deliveryStatus: z.object({ result: z.number(), timestamp: ms }) })
    .transform(({ biTag, deliveryStatus: { result, timestamp } }) => ({ biTag, status: result, atMs: timestamp })),
  // Of a card that was refreshed: not sent by Belfry.
  z.object({ formStatus: z.unknown() }).transform(() => undefined),
]);
const reportsSchema = z.object({ statuses: z.array(reportSchema).max(1000) });

const delivered = 0;
/** The app is not there any more; the token is not valid any more. */
const gone = new Set([2, 5]);

export function receiptsOf(
  { headers, body }: ReceiptRequest,
  { receiptUser, receiptKey }: { receiptUser?: string | undefined; receiptKey?: string | undefined },
): Receipts {
  const signed = new Map(Object.entries(headers)).get('x-huawei-callback-id') ?? '';
  if (receiptKey !== undefined && !isSigned(signed, { user: receiptUser ?? '', key: receiptKey }))
    return { refused: 'the signature is wrong' };
  const reports = reportsSchema.safeParse(parsed(body));
  if (!reports.success) return { refused: 'is no receipt of Push Kit' };
  const receipts = reports.data.statuses.flatMap((report): Receipt[] => {
    if (report === undefined || report.biTag === '') return [];
    const { biTag: deliveryId, status, atMs } = report;
    const at = atMs === undefined ? {} : { atMs };
    if (status === delivered) return [{ deliveryId, event: 'delivered', ...at }];
    const event = gone.has(status) ? 'target_gone' : 'failed';
    return [{ deliveryId, event, detail: `status ${status}`, ...at }];
  });
  return { receipts, answer: { status: 200, body: '{"code":"0","message":"success"}' } };
}

/** `timestamp=...; nonce=...; value=...`: the value is HMAC-SHA256 over the two and the user. */
function isSigned(header: string, { user, key }: { user: string; key: string }): boolean {
  const parts = new Map(
    header.split(';').map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, at).trim(), part.slice(at + 1).trim()] as const;
    }),
  );
  const right = createHmac('sha256', key)
    .update(`${parts.get('timestamp')}${parts.get('nonce')}${user}`)
    .digest();
  const given = Buffer.from(parts.get('value') ?? '', 'base64');
  return given.length === right.length && timingSafeEqual(given, right);
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
