// Reports of a provider about deliveries that it had accepted, and the request they come in. Not the outcome
// of sending.
import { z } from 'zod';

/**
 * A request of the provider to the host, as it came in. The plugin checks that it is genuine, over `body` as
 * it is.
 */
export interface ReceiptRequest {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export const receiptSchema = z.object({
  /** At least one of the two names the delivery. */
  deliveryId: z.string().min(1).optional(),
  providerMessageId: z.string().min(1).optional(),
  event: z.enum(['delivered', 'opened', 'failed', 'target_gone']),
  /** Milliseconds since 1970. */
  atMs: z.number().nonnegative().optional(),
  detail: z.string().optional(),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** Reads what `parseReceipt` returned: the receipts of one request, or why the request is refused. */
export const receiptsSchema = z.union([z.array(receiptSchema).max(1000), z.object({ refused: z.string() })]);
export type Receipts = z.infer<typeof receiptsSchema>;
