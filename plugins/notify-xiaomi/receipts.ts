// What MiPush reports of messages, to the address that went with them: by message id, as JSON or as the field
// `data` of a form. It is not signed; the address is known to nobody else. Sending is index.ts.
import { z, type Receipt, type ReceiptRequest, type Receipts } from '@belfry/plugin-kit';

const [delivered, clicked, invalid] = [1, 2, 16] as const;
/** Sums of these bits are asked for. */
export const wantedReceipts = delivered + clicked + invalid;

const events: ReadonlyMap<number, Receipt['event']> = new Map([
  [delivered, 'delivered'],
  [clicked, 'opened'],
  [invalid, 'target_gone'],
]);

const reportsSchema = z
  .record(
    z.string().max(200),
    z.object({
      /** The id of the delivery, as the request had it. */
      param: z.string().max(100).default(''),
      type: z.coerce.number(),
      timestamp: z.coerce.number().nonnegative().optional().catch(undefined),
    }),
  )
  .refine((reports) => Object.keys(reports).length > 0 && Object.keys(reports).length <= 1000);

export function receiptsOf({ body }: ReceiptRequest): Receipts {
  const text = new TextDecoder().decode(body);
  const reports = reportsSchema.safeParse(parsed(text) ?? parsed(new URLSearchParams(text).get('data') ?? ''));
  if (!reports.success) return { refused: 'is no receipt of MiPush' };
  return Object.entries(reports.data).flatMap(([providerMessageId, { param, type, timestamp }]): Receipt[] => {
    const event = events.get(type);
    if (event === undefined || providerMessageId === '') return [];
    const named = param === '' ? {} : { deliveryId: param };
    return [{ ...named, providerMessageId, event, ...(timestamp === undefined ? {} : { atMs: timestamp }) }];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
