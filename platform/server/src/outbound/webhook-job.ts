// The job of one request of a webhook, or of gathering events into requests: its queue, its form and its id.
// Not what it does: sender.ts.

import * as z from 'zod';
import type { AppId } from '../ports/app-id.ts';
import type { NewJob } from '../ports/queue.ts';

export const webhookQueue = 'webhooks';

export const webhookJobSchema = z.object({
  webhookId: z.string(),
  /** Left out: what waits for others is gathered now. */
  batch: z.string().optional(),
});
export type WebhookJob = z.infer<typeof webhookJobSchema>;

/**
 * A wake-up: whether anything is to be sent, and by whom, the store says. One of the same request and moment
 * is the same job.
 */
export function webhookJob(app: AppId, job: WebhookJob, at: { dueAtMs: number; delayMs?: number }): NewJob {
  const { webhookId, batch } = job;
  return {
    id: `${batch === undefined ? 'gather' : 'send'}:${app}:${webhookId}:${batch ?? ''}:${at.dueAtMs}`,
    app,
    // One that is slow takes its turn like one user of many, and holds up nobody else's.
    user: webhookId,
    payload: job,
    ...(at.delayMs === undefined ? {} : { delayMs: Math.max(0, at.delayMs) }),
  };
}
