// The bodies of both interfaces of Push Kit for one delivery: version 1 for HMS Core, version 3 for HarmonyOS 5
// and later. Sending them is index.ts.
import { notifyIdOf, type Clearing, type Delivery, type PushNotification } from '@belfry/plugin-kit';

export interface HuaweiStyle {
  category: string;
  badgeClass?: string | undefined;
  channelId?: string | undefined;
  testMessage: boolean;
}

export interface HuaweiRequest {
  body: object;
  /** Of version 3: 0 shows something, 6 wakes the app. */
  pushType?: '0' | '6';
}

type Push = Pick<Delivery<{ token: string }>, 'id' | 'notification'> & { token: string };

/** 15 days. */
const longestTtlSeconds = 1_296_000;
const clearSeconds = 24 * 3600;
const mostBadge = 99;
/** Offline devices keep the newest of each of these groups. */
const groups = 101;

/** HMS Core, on Android and on HarmonyOS up to 4. */
export function messageOfV1({ id, notification, token }: Push, style: HuaweiStyle): HuaweiRequest {
  const { title, body, collapseKey, priority, imageUrl, silent, data } = notification;
  const { conversationId } = data;
  const shown = {
    notification: { title, body, ...(imageUrl === undefined ? {} : { image: imageUrl }) },
    android: {
      ...androidOf(notification, id),
      category: style.category,
      notification: {
        ...{ click_action: { type: 3 }, notify_id: notifyIdOf(collapseKey), tag: collapseKey, foreground_show: false },
        importance: priority === 'low' ? 'LOW' : 'NORMAL',
        ...(style.channelId === undefined ? {} : { channel_id: style.channelId }),
        ...(typeof conversationId === 'string' ? { group: conversationId } : {}),
        ...badgeOf(notification, style),
      },
      ...(style.testMessage ? { target_user_type: 1 } : {}),
    },
  };
  const content = silent === true ? { android: androidOf(notification, id) } : shown;
  return { body: { validate_only: false, message: { data: dataOf(notification), ...content, token: [token] } } };
}

/** The app takes it away itself, by its tag. */
export function clearingOfV1({ collapseKey, id }: Clearing, token: string): HuaweiRequest {
  const data = JSON.stringify({ type: 'clear', collapseKey, notifyId: notifyIdOf(collapseKey) });
  const android = { ttl: `${clearSeconds}s`, bi_tag: id, urgency: 'NORMAL', collapse_key: -1 };
  return { body: { validate_only: false, message: { data, android, token: [token] } } };
}

export function messageOfV3({ id, notification, token }: Push, style: HuaweiStyle): HuaweiRequest {
  const { title, body, collapseKey, imageUrl, silent, badge, data } = notification;
  const target = { token: [token] };
  const pushOptions = {
    ...{ testMessage: style.testMessage, ttl: Math.max(1, secondsOf(notification)), biTag: id },
    collapseKey: notifyIdOf(collapseKey) % groups,
  };
  if (silent === true)
    return { pushType: '6', body: { payload: { extraData: dataOf(notification) }, target, pushOptions } };
  const shown = {
    ...{ category: style.category, title, body, notifyId: notifyIdOf(collapseKey), foregroundShow: true, style: 0 },
    clickAction: { actionType: 0, data: { ...data, collapseKey } },
    ...(imageUrl === undefined ? {} : { image: imageUrl }),
    ...(badge === undefined ? {} : { badge: { setNum: Math.min(badge, mostBadge) } }),
  };
  return { pushType: '0', body: { payload: { notification: shown }, target, pushOptions } };
}

/** Takes back what is shown, and what has not arrived yet. */
export function revocationOf({ collapseKey }: Clearing, token: string): HuaweiRequest {
  return { pushType: '0', body: { notifyId: notifyIdOf(collapseKey), token: [token] } };
}

function androidOf(notification: PushNotification, id: string) {
  return {
    ...{ ttl: `${secondsOf(notification)}s`, urgency: 'NORMAL', bi_tag: id },
    collapse_key: notifyIdOf(notification.collapseKey) % groups,
  };
}

function dataOf({ data, collapseKey, count }: PushNotification): string {
  return JSON.stringify({ ...data, type: 'push', collapseKey, count });
}

/** The launcher needs the class of the activity whose icon has the number. */
function badgeOf({ badge }: PushNotification, { badgeClass }: HuaweiStyle): object {
  if (badge === undefined || badgeClass === undefined) return {};
  return { badge: { class: badgeClass, set_num: Math.min(badge, mostBadge) } };
}

function secondsOf({ ttlSeconds }: PushNotification): number {
  return Math.min(Math.max(0, Math.floor(ttlSeconds)), longestTtlSeconds);
}
