// The body of a push by Umeng, in the form of its platform. Signing and sending it is index.ts.
import { asStrings, type Delivery, type PushNotification } from '@belfry/plugin-kit';

export type Platform = 'android' | 'ios' | 'harmony';

export interface UmengStyle {
  productionMode: boolean;
  channelProperties?: Readonly<Record<string, string>> | undefined;
}

export interface UmengTarget {
  deviceToken: string;
  platform: Platform;
}

/** Three days. */
const longestTtlMs = 72 * 3_600_000;
const beijingMs = 8 * 3_600_000;
/** Of the services behind it, the strictest. */
const mostBytes: Readonly<Record<Platform, number>> = { android: 1840, ios: 2012, harmony: 1840 };

interface PushParts {
  appKey: string;
  style: UmengStyle;
  nowMs: number;
}

/** Undefined where it is too long even without further data. */
export function pushOf(
  { id, device, notification }: Pick<Delivery<UmengTarget>, 'id' | 'device' | 'notification'>,
  { appKey, style, nowMs }: PushParts,
): object | undefined {
  const { deviceToken, platform } = device.target;
  const { collapseKey } = notification;
  const payload = fitting(notification, platform);
  if (payload === undefined) return undefined;
  return {
    ...{ appkey: appKey, timestamp: String(Math.floor(nowMs)), type: 'unicast', device_tokens: deviceToken },
    ...{ production_mode: String(style.productionMode), description: 'belfry' },
    policy: {
      ...{ expire_time: beijingTime(nowMs + ttlMs(notification)), out_biz_no: id },
      ...(platform === 'ios' ? { apns_collapse_id: collapseKey } : {}),
    },
    payload,
    ...(style.channelProperties === undefined ? {} : { channel_properties: style.channelProperties }),
  };
}

function fitting(notification: PushNotification, platform: Platform): object | undefined {
  const { data } = notification;
  const { conversationId, openedToken } = data;
  const place = {
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(openedToken === undefined ? {} : { openedToken }),
  };
  const tries = [
    notification,
    { ...notification, data: place, imageUrl: undefined },
    { ...notification, data: {}, imageUrl: undefined },
  ];
  return tries
    .map((each) => payloadOf(each, platform))
    .find((payload) => Buffer.byteLength(JSON.stringify(payload)) <= mostBytes[platform]);
}

function payloadOf(notification: PushNotification, platform: Platform): object {
  const { data, collapseKey, count, silent } = notification;
  const extra = asStrings({ ...data, type: 'push', collapseKey, count });
  // `aps` and two more are Apple's and Umeng's own names.
  if (platform === 'ios') return { ...withoutReserved(extra), aps: appleOf(notification) };
  if (silent === true) return { display_type: 'message', body: { custom: JSON.stringify(extra) }, extra };
  return { display_type: 'notification', body: androidOf(notification), extra };
}

function androidOf({ title, body, badge, imageUrl }: PushNotification): object {
  return {
    ...{ ticker: title || '-', title: title || '-', text: body || '-', after_open: 'go_app', play_sound: 'true' },
    ...(badge === undefined ? {} : { set_badge: badge }),
    ...(imageUrl === undefined ? {} : { img: imageUrl }),
  };
}

function appleOf({ title, body, badge, data, silent, imageUrl, priority }: PushNotification): object {
  if (silent === true) return { 'content-available': 1 };
  const { conversationId } = data;
  return {
    ...{ alert: { title, body }, sound: 'default', 'interruption-level': priority === 'low' ? 'passive' : 'active' },
    ...(badge === undefined ? {} : { badge }),
    ...(typeof conversationId === 'string' ? { 'thread-id': conversationId } : {}),
    ...(imageUrl === undefined ? {} : { 'mutable-content': 1 }),
  };
}

function withoutReserved(extra: Readonly<Record<string, string>>): Record<string, string> {
  const own = new Set(['aps', 'd', 'p']);
  return Object.fromEntries(
    Object.entries(extra).map(([name, value]) => [own.has(name) ? `data.${name}` : name, value]),
  );
}

function ttlMs({ ttlSeconds }: PushNotification): number {
  return Math.min(Math.max(60, Math.floor(ttlSeconds)) * 1000, longestTtlMs);
}

/** `yyyy-MM-dd HH:mm:ss`, in the time of Beijing. */
function beijingTime(atMs: number): string {
  return new Date(atMs + beijingMs).toISOString().slice(0, 19).replace('T', ' ');
}
