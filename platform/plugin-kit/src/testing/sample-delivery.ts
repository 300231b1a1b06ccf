// Deliveries to try a provider on: an ordinary one, a bare one, one full of odd characters.
import type { Clearing, Delivery, PushNotification } from '../delivery.ts';

export interface SampleParts<Target> {
  readonly target: Target;
  /** In place of the sample's own. */
  readonly notification?: Partial<PushNotification>;
  readonly previous?: Delivery['previous'];
  readonly unsubscribeUrl?: string;
}

/** An ordinary delivery with every optional field, to the device that `target` describes. */
export function sampleDelivery<Target>({
  target,
  notification,
  previous,
  unsubscribeUrl,
}: SampleParts<Target>): Delivery<Target> {
  return {
    id: '01890a5d-ac96-774b-bcce-b302099a8057',
    app: 'demo',
    userId: 'bob',
    device: {
      id: '01890a5d-ac96-774b-bcce-b302099a8058',
      type: 'mobile',
      target,
      locale: 'zh-CN',
      timeZone: 'Asia/Shanghai',
      platform: 'android',
    },
    notification: {
      title: 'Alice',
      body: 'hello',
      count: 1,
      collapseKey: 'c-4f1b2a',
      priority: 'normal',
      ttlSeconds: 86_400,
      data: {
        conversationId: 'c1',
        messageIds: ['01890a5d-ac96-774b-bcce-b302099a8059'],
        action: 'open_conversation',
      },
      sender: 'Alice',
      badge: 3,
      imageUrl: 'https://example.com/alice.png',
      ...notification,
    },
    ...(previous === undefined ? {} : { previous }),
    ...(unsubscribeUrl === undefined ? {} : { unsubscribeUrl }),
  };
}

/** Only what every delivery has. */
export function bareDelivery<Target>(deviceTarget: Target): Delivery<Target> {
  const { id, app, userId, device, notification } = sampleDelivery({ target: deviceTarget });
  const { title, body, count, collapseKey, priority, ttlSeconds } = notification;
  return {
    id,
    app,
    userId,
    device: { id: device.id, type: 'desktop', target: deviceTarget },
    notification: { title, body, count, collapseKey, priority, ttlSeconds, data: {} },
  };
}

/**
 * Line breaks, a NUL, an RTL override, an emoji of four, half a surrogate pair: none may end a header, a line
 * or the process.
 */
export function oddDelivery<Target>(deviceTarget: Target): Delivery<Target> {
  const odd =
    'a\r\nX-Injected: 1\n\u0000\u202E\u{1F468}\u200D\u{1F469}\u200D\u{1F466} 你好 "quoted" <b>&amp;</b> \uD800';
  return sampleDelivery({
    target: deviceTarget,
    notification: {
      title: odd,
      body: odd,
      priority: 'urgent',
      data: { odd, nested: { list: [null, 1, odd] } },
      ttlSeconds: 0,
    },
  });
}

export function sampleClearing<Target>(deviceTarget: Target, providerMessageId?: string): Clearing<Target> {
  const { id, app, userId, device, notification } = sampleDelivery({ target: deviceTarget });
  const { collapseKey, data } = notification;
  return {
    id,
    app,
    userId,
    device,
    collapseKey,
    data,
    ...(providerMessageId === undefined ? {} : { providerMessageId }),
  };
}
