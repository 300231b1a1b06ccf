// Says which acknowledgement keeps a push back, and whether one user is still owed one message. Reads no
// store.
import type { DeliveryPolicy } from '@belfry/protocol';
import { isAddressedTo } from '../../ports/stores/addressing.ts';
import type { ClaimRequest, Cursor, StoredMessage } from '../../ports/stores/index.ts';
import type { PushSettings } from '../push-settings.ts';

export type Holder = ClaimRequest['heldBackBy'];

/** A message for mobile connections only is not delivered by a desktop that read it: nobody sent it there. */
export function holderOf(policy: DeliveryPolicy, { deliveredMeans }: Pick<PushSettings, 'deliveredMeans'>): Holder {
  if (policy.push === 'always') return 'none';
  const { realtime } = policy;
  if (Array.isArray(realtime) && realtime.every((type) => type === 'mobile')) return 'seenMobile';
  return deliveredMeans === 'any' ? 'delivered' : 'seen';
}

/** How far one user's claim reaches: the seqs of `from + 1` to `through`. */
export interface Claimed {
  userId: string;
  from: number;
  through: number;
}

/** Whether the message may be pushed to the user at all, whatever happened since. */
export function mayBePushed(message: StoredMessage, userId: string): boolean {
  const { policy, deletedAt, senderId } = message;
  if (policy.push === 'never' || deletedAt !== undefined || senderId === userId) return false;
  return isAddressedTo(message, userId);
}

/**
 * Whether a notification made now has to count the message: meant for the user, and neither read nor
 * acknowledged in the way that its own policy (not that of the message which was claimed) asks for. One that
 * is pushed always counts until it was seen, and in any case in its own claim.
 */
export function isOwed(message: StoredMessage, cursor: Cursor, { claimed, settings }: OwedTerms): boolean {
  if (!mayBePushed(message, claimed.userId) || message.seq > claimed.through || message.seq <= cursor.read)
    return false;
  const holder = holderOf(message.policy, settings);
  return holder === 'none' ? message.seq > Math.min(cursor.seen, claimed.from) : message.seq > cursor[holder];
}

export interface OwedTerms {
  claimed: Claimed;
  settings: PushSettings;
}
