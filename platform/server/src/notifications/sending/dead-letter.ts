// The form in which a push that was given up is kept, as a dead letter. What can be done with it:
// dead-letters.ts.
import type { DeadLetterCause } from '@belfry/protocol';
import type { DeadLetterRecord, Device, StoredMessage } from '../../ports/stores/index.ts';
import type { Claimed } from '../claiming/held-back-by.ts';
import { deliveryIdOf } from '../push-job.ts';
import type { PushPayload } from '../push-job.ts';

/** Why it was given up, and in the provider's words (without secrets). */
export interface Death {
  cause: Exclude<DeadLetterCause, 'failed'>;
  detail: string;
}

interface Dead {
  claimed: Claimed;
  device: Device;
  newest: StoredMessage;
  death: Death;
  /** ms since the epoch. */
  diedAt: number;
}

/**
 * One device's part of a job, to be done from its first attempt when it is replayed: whether it is still to
 * be notified, and of what, is decided then. The id is made of what it is and how often it died: a job that
 * is run again after a kill keeps nothing twice, and one that was replayed and failed again is a new one.
 */
export function deadLetterOf(payload: PushPayload, { claimed, device, newest, death, diedAt }: Dead): DeadLetterRecord {
  const { stream, messageId, seq, claimId } = payload;
  const count = (payload.death?.count ?? 0) + 1;
  const kept: PushPayload = {
    ...{ stream, messageId, seq, claimId },
    recipients: [claimed],
    deliveries: [{ userId: claimed.userId, deviceId: device.id, attempt: 1, waitMs: 0 }],
    death: { count, cause: death.cause, deviceType: device.deviceType, messageId: newest.id, seq: newest.seq },
  };
  const id = deliveryIdOf(`${claimId}#dead ${count}`, device.id);
  return { id, payload: kept, error: death.detail, label: device.provider, diedAt };
}
