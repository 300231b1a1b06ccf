// What Alibaba Cloud reports of messages: a list to the address that the tenant entered in its console. It is not
// signed; the address is known to nobody else. Sending is index.ts.
import { z, type Receipt, type ReceiptRequest, type Receipts } from '@belfry/plugin-kit';

const reportSchema = z.object({
  success: z.boolean(),
  err_code: z.string().default(''),
  biz_id: z.string().min(1).max(100),
  /** Of the request: the id of the delivery. */
  out_id: z.string().max(100).nullish(),
});
const reportsSchema = z.array(reportSchema).min(1).max(1000);

export function receiptsOf({ body }: ReceiptRequest): Receipts {
  const reports = reportsSchema.safeParse(parsed(body));
  if (!reports.success) return { refused: 'is no list of delivery reports' };
  const receipts = reports.data.map(({ success, err_code: code, biz_id, out_id }): Receipt => {
    const named = out_id ? { deliveryId: out_id } : {};
    const ids = { ...named, providerMessageId: biz_id };
    return success
      ? { ...ids, event: 'delivered' }
      : { ...ids, event: 'failed', ...(code === '' ? {} : { detail: code }) };
  });
  return { receipts, answer: { status: 200, body: '{"code":0,"msg":"ok"}' } };
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
