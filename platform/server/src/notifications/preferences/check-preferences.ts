// Decides what a user's preferences say to the push of one message: the same for explain, for the plan of a
// broadcast and for the worker. Reads and changes nothing.
import type { Preferences, PushReason } from '@belfry/protocol';
import type { StoredMessage } from '../../ports/stores/index.ts';
import type { QuietUntil } from './quiet-hours.ts';

export type Wish =
  | { push: 'yes' }
  | { push: 'no'; reason: Extract<PushReason, 'muted' | 'mentions_only' | 'preference_off'>; decidedBy: WishSource }
  /** `untilMs`: the end of the quiet hours, since the epoch. */
  | { push: 'later'; untilMs: number };

/** Where among the preferences it says so. */
export interface WishSource {
  by: 'mute' | 'level' | 'quiet_hours';
  /** Of this conversation; else in general. */
  ofConversation: boolean;
  untilMs?: number;
}

export function sourceOfWish(wish: Wish | undefined): WishSource | undefined {
  if (wish?.push === 'no') return wish.decidedBy;
  return wish?.push === 'later' ? { by: 'quiet_hours', ofConversation: false, untilMs: wish.untilMs } : undefined;
}

export interface WishQuestion {
  /** Undefined for a user who never set any. */
  preferences: Preferences | undefined;
  userId: string;
  message: Pick<StoredMessage, 'conversationId' | 'data' | 'storedAt'> & {
    policy: Pick<StoredMessage['policy'], 'respectPreferences' | 'priority'>;
  };
  nowMs: number;
  quietUntil: QuietUntil;
}

const yes: Wish = { push: 'yes' };

/**
 * Mutes first, then levels, then quiet hours: the last only put off what the others let pass. A mute counts
 * from the moment the message came, so that a message that came during it is never notified when it is over.
 * Urgent passes quiet hours, and nothing else.
 */
export function checkPreferences({ preferences, userId, message, nowMs, quietUntil }: WishQuestion): Wish {
  const { conversationId, policy, storedAt } = message;
  if (preferences === undefined || !policy.respectPreferences) return yes;
  const own = ownOf(preferences, conversationId);
  const mutedUntilMs = own?.muteUntil === undefined ? 0 : Date.parse(own.muteUntil);
  if (mutedUntilMs > storedAt) {
    return { push: 'no', reason: 'muted', decidedBy: { by: 'mute', ofConversation: true, untilMs: mutedUntilMs } };
  }
  const level = own?.level ?? preferences.level;
  const decidedBy = { by: 'level', ofConversation: own?.level !== undefined } as const;
  if (level === 'none') return { push: 'no', reason: 'preference_off', decidedBy };
  if (level === 'mentions' && !isMentioned(userId, message)) return { push: 'no', reason: 'mentions_only', decidedBy };
  if (preferences.quietHours === undefined || policy.priority === 'urgent') return yes;
  const untilMs = quietUntil(preferences.quietHours, nowMs);
  return untilMs === undefined ? yes : { push: 'later', untilMs };
}

/** An app may call a conversation what every object has, such as `toString`. */
function ownOf({ conversations }: Preferences, conversationId: string | undefined) {
  return conversationId !== undefined && Object.hasOwn(conversations, conversationId)
    ? conversations[conversationId]
    : undefined;
}

/** Outside of conversations a message is addressed to the user by name: nobody need mention them in it. */
function isMentioned(
  userId: string,
  { conversationId, data }: Pick<StoredMessage, 'conversationId' | 'data'>,
): boolean {
  if (conversationId === undefined) return true;
  const { mentions } = data;
  return Array.isArray(mentions) && mentions.includes(userId);
}
