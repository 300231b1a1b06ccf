// Headers and body of a push to Apple: an alert, a silent push, or one by which the app clears another.
import type { Clearing, NotificationPriority, PushNotification } from '@belfry/plugin-kit';

export interface ApplePush {
  headers: Record<string, string>;
  body: string;
}

export interface PushStyle {
  sound: string;
  interruptionLevels: boolean;
}

/** Apple's bound for a push that is no call. */
const mostBytes = 4096;
/** Who switches a phone on after longer than this sees in the app what is new. */
const clearSeconds = 24 * 3600;

const levels: Readonly<Record<NotificationPriority, string>> = {
  low: 'passive',
  normal: 'active',
  high: 'active',
  urgent: 'time-sensitive',
};

/** Undefined where it is too long even without its picture. */
export function pushOf(notification: PushNotification, nowMs: number, style: PushStyle): ApplePush | undefined {
  const { collapseKey, priority, silent, ttlSeconds } = notification;
  const isSilent = silent === true;
  const whole = bodyOf(notification, style);
  const body = fits(whole) ? whole : bodyOf({ ...notification, imageUrl: undefined }, style);
  if (!fits(body)) return undefined;
  const seconds = Math.max(0, Math.floor(ttlSeconds));
  const headers = {
    'apns-push-type': isSilent ? 'background' : 'alert',
    // Apple refuses 10 for a push that shows nothing.
    'apns-priority': isSilent || priority === 'low' ? '5' : '10',
    // 0: tried once and not kept.
    'apns-expiration': String(seconds === 0 ? 0 : Math.floor(nowMs / 1000) + seconds),
    'apns-collapse-id': collapseKey,
  };
  return { headers, body };
}

/** The identifier of a notification on the device is its collapse id, by which the app removes it. */
export function clearingOf({ collapseKey, data = {} }: Clearing, nowMs: number): ApplePush {
  const { conversationId } = data;
  return {
    headers: {
      'apns-push-type': 'background',
      'apns-priority': '5',
      'apns-expiration': String(Math.floor(nowMs / 1000) + clearSeconds),
    },
    body: JSON.stringify({
      aps: { 'content-available': 1 },
      belfry: { type: 'clear', collapseKey, ...(typeof conversationId === 'string' ? { conversationId } : {}) },
    }),
  };
}

function bodyOf({ title, body, data, badge, ...rest }: PushNotification, style: PushStyle): string {
  const { count, collapseKey, priority, imageUrl, silent } = rest;
  const thread = textAt(data['conversationId']) ?? textAt(data['stream']);
  const category = textAt(data['category']);
  const alert = {
    alert: { title, body },
    sound: style.sound,
    ...(badge === undefined ? {} : { badge }),
    ...(thread === undefined ? {} : { 'thread-id': thread }),
    ...(category === undefined ? {} : { category }),
    ...(style.interruptionLevels ? { 'interruption-level': levels[priority] } : {}),
    ...(priority === 'urgent' ? { 'relevance-score': 1 } : {}),
    ...(imageUrl === undefined ? {} : { 'mutable-content': 1 }),
  };
  return JSON.stringify({
    aps: silent === true ? { 'content-available': 1 } : alert,
    belfry: { ...data, type: 'push', collapseKey, count, ...(imageUrl === undefined ? {} : { imageUrl }) },
  });
}

function fits(body: string): boolean {
  return Buffer.byteLength(body) <= mostBytes;
}

function textAt(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
