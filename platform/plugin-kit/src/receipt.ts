// Reports of a provider about deliveries that it had accepted: the request they come in, and what is asked for
// where a service does not report by itself. Not the outcome of sending.
import { z } from 'zod';

/**
 * A request of the provider to the host, as it came in. The plugin checks that it is genuine, over `body` as
 * it is.
 */
export interface ReceiptRequest {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of a name that came several times, the last. */
  readonly query: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export const receiptSchema = z.object({
  /** At least one of the two names the delivery. */
  deliveryId: z.string().min(1).max(500).optional(),
  providerMessageId: z.string().min(1).max(500).optional(),
  event: z.enum(['delivered', 'opened', 'failed', 'target_gone']),
  /** Milliseconds since 1970. */
  atMs: z.number().nonnegative().optional(),
  detail: z.string().optional(),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** Of one request, or of one poll. */
export const mostReceipts = 1000;
const receiptList = z.array(receiptSchema).max(mostReceipts);

/** Reads what `pollReceipts` returned. */
export const polledReceiptsSchema = receiptList;

/**
 * Reads what `parseReceipt` returned: the receipts of one request, with what the service wants to be answered
 * where that is more than that all is well; or why the request is refused.
 */
export const receiptsSchema = z.union([
  receiptList,
  z.object({
    receipts: receiptList,
    answer: z.object({ status: z.int().min(200).max(299), body: z.string().max(1000).optional() }),
  }),
  z.object({ refused: z.string() }),
]);
export type Receipts = z.infer<typeof receiptsSchema>;

/** A delivery that was accepted and that nothing final was heard of. */
export interface AwaitedReceipt {
  readonly deliveryId: string;
  /** As `accepted` gave it. */
  readonly providerMessageId?: string | undefined;
  /** Milliseconds since 1970. */
  readonly acceptedAtMs: number;
}
