// What Getui reports of pushes: lines of JSON to the address that the tenant gave it, each signed with the master
// secret. Sending is index.ts.
import { createHash, timingSafeEqual } from 'node:crypto';
import { z, type Receipt, type ReceiptRequest, type Receipts } from '@belfry/plugin-kit';

const reportSchema = z.object({
  appid: z.string(),
  cid: z.string(),
  /** As the answer to the push named it. */
  taskid: z.string().min(1).max(200),
  msgid: z.string(),
  code: z.coerce.string(),
  desc: z.string().default(''),
  sign: z.string().regex(/^[0-9a-f]{32}$/i),
});
type Report = z.output<typeof reportSchema>;

const mostLines = 1000;
const delivered = '200';

export function receiptsOf(
  { body }: ReceiptRequest,
  { appId, masterSecret }: { appId: string; masterSecret: string },
): Receipts {
  const lines = new TextDecoder()
    .decode(body)
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.length === 0 || lines.length > mostLines) return { refused: 'has no lines, or too many' };
  const receipts: Receipt[] = [];
  for (const line of lines) {
    const report = reportSchema.safeParse(parsed(line));
    if (!report.success) return { refused: 'is no receipt of Getui' };
    const { appid, taskid, code, desc } = report.data;
    if (appid !== appId || !isSigned(report.data, masterSecret)) return { refused: 'the signature is wrong' };
    const said = code === delivered ? {} : { detail: `code ${code}: ${desc}` };
    receipts.push({ providerMessageId: taskid, event: code === delivered ? 'delivered' : 'failed', ...said });
  }
  return { receipts, answer: { status: 200, body: 'ok' } };
}

function isSigned({ appid, cid, taskid, msgid, sign }: Report, masterSecret: string): boolean {
  const right = createHash('md5')
    .update(appid + cid + taskid + msgid + masterSecret)
    .digest();
  return timingSafeEqual(Buffer.from(sign, 'hex'), right);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
