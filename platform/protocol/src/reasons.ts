// The closed vocabulary of what happened to a message, per recipient and device. Deciding which one applies
// is broadcasting's.
import * as z from 'zod';

/** Why an event was, or was not, sent to a connection. */
export const realtimeReasons = {
  sent: 'Written to the connection; not acknowledged so far.',
  acked: 'Acknowledged by a mobile connection or by one that somebody attends (visible, where the app says so).',
  acked_hidden:
    'Acknowledged by a connection that nobody was sitting at, or looking at. Unless the app says otherwise this does not hold a push back.',
  no_connection: 'The user had no connection.',
  device_type_excluded: 'The policy or the audience leaves out devices, or connections, of this type.',
  feature_off_on_page: "The connection's page does not have the feature that the event needs.",
  slow_consumer: 'The connection was too far behind; it gets the event from the log when it has caught up.',
  excluded_sender: 'The recipient is the sender, or the request excluded them.',
  not_a_member: 'The user was named, but is not in the conversation.',
} as const;

/** The outcome of the push to a device. */
export const pushReasons = {
  waiting_for_ack: 'The user is online: waiting up to `waitMs` for an acknowledgement before pushing.',
  cancelled_acked: 'Not pushed, because the message was acknowledged in time.',
  cancelled_read: 'Not pushed, because the user has read the message.',
  queued: 'Decided; waiting to be handed to the provider.',
  accepted_by_provider: 'The provider took it. Whether it was shown, only the device knows.',
  delivered: 'The provider says that it reached the device.',
  delivery_failed: 'The provider took it, and said later that it could not be delivered.',
  opened: 'The user opened the notification.',
  retrying: 'An attempt failed in a way that may pass; it will be tried again.',
  expired_ttl: 'The time to live ran out before the provider took it.',
  no_device: 'The user has no push target of a type that the policy names, or none registered since a sign-out.',
  no_provider_for_device: 'The provider that the device was registered with is not configured, or is off.',
  target_gone: 'The provider says that the target no longer exists. The device was removed.',
  payload_rejected: 'The provider refused the notification as such.',
  credentials_rejected: 'The provider refused the credentials. It is paused, and the tenant was informed.',
  quota: 'A limit of the provider or of the app was reached.',
  muted: 'The user had muted the conversation when the message came.',
  mentions_only: 'The user wants pushes only when mentioned, in general or of this conversation.',
  quiet_hours_deferred: "It is within the user's quiet hours; pushed when they end, unless read by then.",
  preference_off: 'The user switched pushes off, altogether or for this conversation.',
  not_a_member: 'The user was no longer in the conversation when the push was to be handed out.',
  policy_never: 'The policy says never to push, or the message was deleted before it was.',
  fallback_waiting: 'Waits for its step of the fall-back chain; `from` says after what that is taken.',
  fallback_from: 'The step of the fall-back chain was taken; `from` says why.',
  fallback_not_needed: 'The step of the fall-back chain was not taken: what came before it was enough.',
  collapsed_into: 'Shown as part of the notification for a later message of the stream, whose position is in `seq`.',
} as const;

export type RealtimeReason = keyof typeof realtimeReasons;
export type PushReason = keyof typeof pushReasons;
export type Reason = RealtimeReason | PushReason;

export const realtimeReasonSchema = z.enum(keysOf(realtimeReasons));
export const pushReasonSchema = z.enum(keysOf(pushReasons));
export const reasonSchema = z.enum([...keysOf(realtimeReasons), ...keysOf(pushReasons)]);

/**
 * How many recipients, or devices of recipients, each reason applies to. Reasons that apply to none are left
 * out.
 */
export const reasonCountsSchema = z.partialRecord(reasonSchema, z.int().min(1)).meta({ id: 'ReasonCounts' });
export type ReasonCounts = z.infer<typeof reasonCountsSchema>;

/** What the app's webhook said that is asked before a message is accepted. */
export const beforeVerdicts = {
  allowed: 'It let the message in as it was.',
  changed: 'It let the message in with other content.',
  unanswered: 'No answer could be had in time, and the app lets messages in without.',
} as const;
export type BeforeVerdict = keyof typeof beforeVerdicts;
export const beforeVerdictSchema = z.enum(keysOf(beforeVerdicts));

/** The steps a message goes through, in the order in which they can happen. */
export const stages = {
  asked: 'The webhook of the app that is asked before messages let it in, or gave no answer.',
  accepted: 'The request was valid and was given an id.',
  stored: 'The message is in the log; from here on it cannot be lost.',
  resolved: 'The audience was turned into recipients.',
  sent: 'The event was written to a connection.',
  acked: 'A connection acknowledged it.',
  push_waiting: 'A push waits for an acknowledgement.',
  claimed: 'The push was decided, and no acknowledgement can cancel it any more.',
  attempted: 'A provider was called.',
  opened: 'The user opened the notification.',
} as const;
export type Stage = keyof typeof stages;
export const stageSchema = z.enum(keysOf(stages));

function keysOf<T extends Record<string, string>>(table: T): (keyof T & string)[] {
  // Object.keys of an object literal that nobody can add to: the type is as exact as the table.
  return Object.keys(table);
}
