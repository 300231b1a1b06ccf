// The body of a push by JPush, with the part for the platform of its one device. Sending it is index.ts.
import type { Delivery, NotificationPriority, PushNotification } from '@belfry/plugin-kit';

export type Platform = 'android' | 'ios' | 'hmos';

export interface JpushStyle {
  apnsProduction: boolean;
  classification: number;
  androidChannelId?: string | undefined;
  thirdPartyChannel?: Readonly<Record<string, unknown>> | undefined;
  intentUrl?: string | undefined;
  testMode: boolean;
}

export interface JpushTarget {
  registrationId: string;
  platform: Platform;
}

/** Three days; more is for paying accounts. */
const longestTtlSeconds = 259_200;
const mostBadge = 99;

const androidPriority: Readonly<Record<NotificationPriority, number>> = { low: -1, normal: 0, high: 1, urgent: 2 };
const appleLevel: Readonly<Record<NotificationPriority, string>> = {
  low: 'passive',
  normal: 'active',
  high: 'active',
  urgent: 'time-sensitive',
};

export function pushOf(
  { notification, device, previous }: Pick<Delivery<JpushTarget>, 'notification' | 'device' | 'previous'>,
  style: JpushStyle,
): { audience: object } & Record<string, unknown> {
  const { registrationId, platform } = device.target;
  const { collapseKey, ttlSeconds } = notification;
  const replaced = platform === 'android' ? messageIdOf(previous?.providerMessageId) : undefined;
  return {
    platform: [platform],
    audience: { registration_id: [registrationId] },
    ...contentOf(notification, platform, style),
    options: {
      time_to_live: Math.min(Math.max(0, Math.floor(ttlSeconds)), longestTtlSeconds),
      classification: style.classification,
      ...(platform === 'ios' ? { apns_production: style.apnsProduction, apns_collapse_id: collapseKey } : {}),
      ...(style.thirdPartyChannel === undefined ? {} : { third_party_channel: style.thirdPartyChannel }),
      ...(style.testMode ? { test_model: true } : {}),
      ...(replaced === undefined ? {} : { override_msg_id: replaced }),
    },
  };
}

/** JPush's own ids are digits; anything else is none of it. */
export function messageIdOf(text: string | undefined): string | undefined {
  return text !== undefined && /^\d{1,20}$/.test(text) ? text : undefined;
}

function contentOf(notification: PushNotification, platform: Platform, style: JpushStyle): object {
  const { title, body, silent } = notification;
  const extras = extrasOf(notification);
  // What shows nothing goes through the app's own connection; Apple wakes the app instead.
  if (silent === true && platform !== 'ios') return { message: { msg_content: body || '-', title, extras } };
  if (platform === 'android') return { notification: { android: androidOf(notification, { style, extras }) } };
  if (platform === 'ios') return { notification: { ios: appleOf(notification, extras) } };
  return { notification: { hmos: harmonyOf(notification, extras) } };
}

type Extras = Readonly<Record<string, unknown>>;

function extrasOf({ data, collapseKey, count }: PushNotification): Extras {
  return { ...data, type: 'push', collapseKey, count };
}

function androidOf(it: PushNotification, { style, extras }: { style: JpushStyle; extras: Extras }): object {
  const { title, body, priority, imageUrl } = it;
  return {
    ...{ alert: body, title, priority: androidPriority[priority], category: 'msg', style: 1, big_text: body, extras },
    ...badgeOf(it, 'badge_set_num'),
    ...(style.androidChannelId === undefined ? {} : { channel_id: style.androidChannelId }),
    ...(style.intentUrl === undefined ? {} : { intent: { url: style.intentUrl } }),
    ...(imageUrl === undefined ? {} : { large_icon: imageUrl }),
  };
}

function appleOf(it: PushNotification, extras: Extras): object {
  if (it.silent === true) return { alert: '', 'content-available': true, extras };
  const { title, body, priority, badge, data, imageUrl } = it;
  const { conversationId } = data;
  return {
    ...{ alert: { title, body }, sound: 'default', 'interruption-level': appleLevel[priority], extras },
    ...(badge === undefined ? {} : { badge }),
    ...(typeof conversationId === 'string' ? { 'thread-id': conversationId } : {}),
    ...(imageUrl === undefined ? {} : { 'mutable-content': true }),
  };
}

function harmonyOf(it: PushNotification, extras: Extras): object {
  const { title, body } = it;
  return {
    ...{ alert: body, title, category: 'IM', intent: { url: 'action.system.home' }, extras },
    ...badgeOf(it, 'badge_set_num'),
  };
}

/** From 1 to 99; 0 is refused, and then the number stays as it is. */
function badgeOf({ badge = 0 }: PushNotification, name: string): Record<string, number> {
  return badge < 1 ? {} : { [name]: Math.min(badge, mostBadge) };
}
