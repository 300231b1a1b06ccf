// The message of FCM HTTP v1 for one delivery: one body that Android, Apple devices and browsers each take
// their part of. Sending it is index.ts.
import { asStrings, type Clearing, type Delivery, type NotificationPriority } from '@belfry/plugin-kit';

export interface MessageStyle {
  channelId: string;
  sound: string;
  dataOnly: boolean;
}

type Push = Pick<Delivery<{ token: string }>, 'notification'> & { token: string; nowMs: number; style: MessageStyle };

/** Of notification and data together. */
const mostBytes = 4096;
/** 28 days. */
const longestTtlSeconds = 2_419_200;

const androidPriority: Readonly<Record<NotificationPriority, string>> = {
  low: 'PRIORITY_LOW',
  normal: 'PRIORITY_DEFAULT',
  high: 'PRIORITY_HIGH',
  urgent: 'PRIORITY_MAX',
};
const urgency: Readonly<Record<NotificationPriority, string>> = {
  low: 'low',
  normal: 'normal',
  high: 'high',
  urgent: 'high',
};

/** Undefined where it is too long even without its picture. */
export function messageOf(push: Push): object | undefined {
  const message = build(push);
  if (sizeOf(message) <= mostBytes) return message;
  const bare = build({ ...push, notification: { ...push.notification, imageUrl: undefined } });
  return sizeOf(bare) <= mostBytes ? bare : undefined;
}

function build({ token, notification: it, nowMs, style }: Push) {
  const { title, body, count, collapseKey, priority, badge, imageUrl, data } = it;
  const isShown = it.silent !== true && !style.dataOnly;
  const isAppleShown = it.silent !== true;
  const seconds = secondsOf(it.ttlSeconds);
  const texts = style.dataOnly && it.silent !== true ? { title, body } : {};
  const conversation = data['conversationId'];
  return {
    token,
    ...(isShown ? { notification: { title, body, ...(imageUrl === undefined ? {} : { image: imageUrl }) } } : {}),
    data: dataOf({ ...data, ...texts, type: 'push', collapseKey, count }),
    android: {
      collapse_key: collapseKey,
      priority: priority === 'high' || priority === 'urgent' ? 'HIGH' : 'NORMAL',
      ttl: `${seconds}s`,
      ...(isShown
        ? {
            notification: {
              ...{ tag: collapseKey, channel_id: style.channelId, sound: style.sound },
              ...{ notification_priority: androidPriority[priority] },
              ...(badge === undefined ? {} : { notification_count: badge }),
            },
          }
        : {}),
    },
    apns: {
      headers: {
        'apns-priority': !isAppleShown || priority === 'low' ? '5' : '10',
        'apns-expiration': String(seconds === 0 ? 0 : Math.floor(nowMs / 1000) + seconds),
        'apns-collapse-id': collapseKey,
        'apns-push-type': isAppleShown ? 'alert' : 'background',
      },
      payload: {
        aps: isAppleShown
          ? {
              // Apple shows nothing of data alone.
              alert: { title, body },
              sound: style.sound,
              ...(badge === undefined ? {} : { badge }),
              ...(typeof conversation === 'string' ? { 'thread-id': conversation } : {}),
              ...(imageUrl === undefined ? {} : { 'mutable-content': 1 }),
            }
          : { 'content-available': 1 },
      },
      ...(isAppleShown && imageUrl !== undefined ? { fcm_options: { image: imageUrl } } : {}),
    },
    webpush: { headers: { TTL: String(seconds), Urgency: urgency[priority], Topic: collapseKey } },
  };
}

/** A push that shows nothing: the app takes the notification with this tag away. */
export function clearingOf({ collapseKey, data = {} }: Clearing, token: string): object {
  const conversation = data['conversationId'];
  const place = typeof conversation === 'string' ? { conversationId: conversation } : {};
  return {
    token,
    data: dataOf({ ...place, type: 'clear', collapseKey }),
    android: { collapse_key: `clear-${collapseKey}`, priority: 'NORMAL', ttl: `${clearSeconds}s` },
    apns: {
      headers: { 'apns-priority': '5', 'apns-push-type': 'background' },
      payload: { aps: { 'content-available': 1 } },
    },
    webpush: { headers: { TTL: String(clearSeconds), Urgency: 'low', Topic: collapseKey } },
  };
}

/** Who switches a phone on after longer than this sees in the app what is new. */
const clearSeconds = 24 * 3600;

/** FCM keeps some names for itself; data under them get another. */
function dataOf(data: Readonly<Record<string, unknown>>): Record<string, string> {
  const isReserved = (name: string) => /^(from$|message_type$|google\.|gcm\.)/i.test(name);
  const entries = Object.entries(asStrings(data));
  return Object.fromEntries(entries.map(([name, value]) => [isReserved(name) ? `data.${name}` : name, value]));
}

function secondsOf(ttlSeconds: number): number {
  return Math.min(Math.max(0, Math.floor(ttlSeconds)), longestTtlSeconds);
}

function sizeOf({ notification = {}, data }: { notification?: object; data: object }): number {
  return Buffer.byteLength(JSON.stringify(notification)) + Buffer.byteLength(JSON.stringify(data));
}
