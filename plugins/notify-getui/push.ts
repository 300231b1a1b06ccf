// The body of a push by Getui: what it shows while the app is connected, and what the channels of the makers,
// Apple and HarmonyOS show otherwise. Sending it is index.ts.
import { notifyIdOf, type Delivery, type PushNotification } from '@belfry/plugin-kit';

export interface GetuiStyle {
  strategy: Readonly<Record<string, number>>;
  intent?: string | undefined;
  channelId?: string | undefined;
  options?: Readonly<Record<string, unknown>> | undefined;
}

/** Three days, as Getui counts in milliseconds. */
const longestTtlMs = 3 * 24 * 3_600_000;

export function pushOf(
  { id, notification, device }: Pick<Delivery<{ cid: string }>, 'id' | 'notification' | 'device'>,
  style: GetuiStyle,
): object {
  const ttl = Math.min(Math.max(0, Math.floor(notification.ttlSeconds)) * 1000, longestTtlMs);
  return {
    // 32 characters. One that came before is dropped without a word.
    request_id: id.replaceAll('-', '').slice(0, 32),
    settings: { ttl, strategy: style.strategy },
    audience: { cid: [device.target.cid] },
    ...(notification.silent === true ? silent(notification) : shown(notification, style)),
  };
}

/** A push that takes another back. */
export function revocationOf(id: string, cid: string, taskId: string): object {
  return {
    request_id: id.replaceAll('-', '').slice(0, 32),
    audience: { cid: [cid] },
    push_message: { revoke: { old_task_id: taskId, force: false } },
    push_channel: { android: { ups: { revoke: { old_task_id: taskId } } } },
  };
}

function silent(notification: PushNotification): object {
  const payload = payloadOf(notification);
  return {
    push_message: { transmission: payload },
    push_channel: { ios: { type: 'notify', payload, aps: { 'content-available': 1 } } },
  };
}

function shown(notification: PushNotification, style: GetuiStyle): object {
  const { title, body, collapseKey, data, badge, imageUrl } = notification;
  const payload = payloadOf(notification);
  // The same number on both ways, as each shows by itself.
  const notify_id = notifyIdOf(collapseKey);
  const click =
    style.intent === undefined ? { click_type: 'startapp' } : { click_type: 'intent', intent: style.intent };
  const text = { title, body, notify_id };
  const { conversationId } = data;
  return {
    push_message: {
      notification: {
        ...{ ...text, ...click, payload, channel_level: 4, category: 'CATEGORY_MESSAGE' },
        ...(style.channelId === undefined ? {} : { channel_id: style.channelId }),
        ...(imageUrl === undefined ? {} : { logo_url: imageUrl }),
      },
    },
    push_channel: {
      android: {
        ups: {
          notification: { ...text, ...click, payload },
          ...(style.options === undefined ? {} : { options: style.options }),
        },
      },
      ios: {
        ...{ type: 'notify', payload, 'apns-collapse-id': collapseKey },
        ...(badge === undefined ? {} : { auto_badge: String(badge) }),
        aps: {
          ...{ alert: { title, body }, 'content-available': 0, sound: 'default' },
          ...(typeof conversationId === 'string' ? { 'thread-id': conversationId } : {}),
        },
        ...(imageUrl === undefined ? {} : { multimedia: [{ url: imageUrl, type: 1 }] }),
      },
      harmony: { notification: { ...text, category: 'IM', click_type: 'startapp' } },
    },
  };
}

function payloadOf({ data, collapseKey, count }: PushNotification): string {
  return JSON.stringify({ ...data, type: 'push', collapseKey, count });
}
