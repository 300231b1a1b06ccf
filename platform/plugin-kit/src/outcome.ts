// The three outcomes of one attempt to send: how a plugin makes them, how the host reads them. When a retry
// happens, the host decides.
import { z } from 'zod';
import { cutText } from './cut-text.ts';

export const rejectionReasons = ['target_gone', 'target_invalid', 'payload', 'credentials', 'quota'] as const;
export type RejectionReason = (typeof rejectionReasons)[number];

/** Longest reason, detail or message id that is kept, in characters; longer ones are cut, not refused. */
const textChars = 500;
const keptText = z.string().transform((text) => cutText(text, textChars));

/**
 * Reads the outcome that a plugin returned. Anything else is a defect of the plugin, which the host treats as
 * a retry.
 */
export const outcomeSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('accepted'), providerMessageId: keptText.optional() }),
  z.object({
    outcome: z.literal('retry'),
    reason: keptText,
    afterMs: z.number().nonnegative().optional(),
    scope: z.literal('target').optional(),
  }),
  z.object({ outcome: z.literal('rejected'), reason: z.enum(rejectionReasons), detail: keptText }),
]);

/** Reads what `sendMany` returned for so many deliveries: an outcome too few, and none can be told from another. */
export function outcomesSchema(deliveries: number) {
  return z.array(outcomeSchema).length(deliveries, `must be ${deliveries} outcomes, one for each delivery`);
}

export type Outcome = Accepted | Retry | Rejected;

/** The provider took it. That is not yet "the user saw it". */
export interface Accepted {
  readonly outcome: 'accepted';
  readonly providerMessageId?: string | undefined;
}

/**
 * Not taken now, perhaps later. `afterMs` is the provider's own wish (Retry-After); without it the host backs
 * off by itself.
 */
export interface Retry {
  readonly outcome: 'retry';
  readonly reason: string;
  readonly afterMs?: number | undefined;
  /**
   * `target`: the service is well and answered, and wants less for this one device. Without it, many retries
   * in a row stop the calls of the whole configuration for a while.
   */
  readonly scope?: 'target' | undefined;
}

/**
 * Not to be tried again. `target_gone` removes the device, `credentials` pauses the configuration and informs
 * the tenant, `target_invalid` and `payload` fail this delivery, `quota` fails it and is shown to the tenant.
 * `detail` must hold no secret.
 */
export interface Rejected {
  readonly outcome: 'rejected';
  readonly reason: RejectionReason;
  readonly detail: string;
}

export function accepted(providerMessageId?: string): Accepted {
  return providerMessageId === undefined ? { outcome: 'accepted' } : { outcome: 'accepted', providerMessageId };
}

export function retry(reason: string, afterMs?: number, { scope }: Pick<Retry, 'scope'> = {}): Retry {
  return {
    outcome: 'retry',
    reason,
    ...(afterMs === undefined ? {} : { afterMs }),
    ...(scope === undefined ? {} : { scope }),
  };
}

export function rejected(reason: RejectionReason, detail: string): Rejected {
  return { outcome: 'rejected', reason, detail };
}
