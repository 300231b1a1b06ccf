// The form of what the console's API answers about a broadcast that could be sent. Working it out: broadcasts.ts.

import {
  deliveryPolicySchema,
  explainResultSchema,
  featureSchema,
  jsonObjectSchema,
  timestampSchema,
} from '@belfry/protocol';
import * as z from 'zod';
import { pushPreviewSchema } from './push-preview-answer.ts';

const filters = z.object({ connectionTypes: z.array(z.string()).readonly(), feature: featureSchema }).partial();

export const explanationSchema = z
  .object({
    /** When it was so. */
    at: timestampSchema,
    /** Recipients; of a topic and of everyone those who are connected. */
    total: z.int().min(0),
    /** Recipients whose page would get it, in a page that is looked at or not, and the others. */
    reach: z.object({ visible: z.int(), hidden: z.int(), away: z.int() }),
    /** The first thousand; after the recipients the sender and those who are in no conversation. */
    recipients: explainResultSchema.shape.recipients,
    counts: explainResultSchema.shape.counts,
    /** As clients would get it, without what the server adds. */
    event: z.object({ action: z.string(), data: jsonObjectSchema }),
    /** In which log it would be kept. */
    kept: z.union([z.enum(['conversation', 'inbox', 'audience']), z.literal(false)]),
    /** All of it, with what kind and audience say. */
    policy: deliveryPolicySchema.extend(filters.shape).meta({ id: 'WholePolicy' }),
    /** Left out where it is never pushed. */
    preview: pushPreviewSchema.optional(),
  })
  .meta({ id: 'BroadcastExplanation' });
export type Explanation = z.infer<typeof explanationSchema>;
