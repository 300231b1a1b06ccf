// One notification for one device, as a provider is given it to deliver or to clear. The host has cut it to
// the provider's limits.
import type { DeviceType } from '@belfry/protocol';

export const priorities = ['low', 'normal', 'high', 'urgent'] as const;
export type NotificationPriority = (typeof priorities)[number];

/** One notification for one device. */
export interface Delivery<Target = unknown> {
  /**
   * The same in every attempt at this delivery: hand it to the service as its idempotency key where it knows
   * one.
   */
  readonly id: string;
  /** The key of the app it belongs to. */
  readonly app: string;
  readonly userId: string;
  readonly device: DeliveryDevice<Target>;
  readonly notification: PushNotification;
}

/** A registered push target. `target` is what the plugin's own `target` schema made of the registration. */
export interface DeliveryDevice<Target = unknown> {
  readonly id: string;
  readonly type: DeviceType;
  readonly target: Target;
  /** BCP 47, such as `zh-CN`. */
  readonly locale?: string | undefined;
  /** IANA name, such as `Asia/Shanghai`. */
  readonly timeZone?: string | undefined;
  /** As the device describes itself: `ios`, `android`, `web`, ... */
  readonly platform?: string | undefined;
}

export interface PushNotification {
  readonly title: string;
  readonly body: string;
  /** How many messages this one notification stands for; at least 1. */
  readonly count: number;
  /** A notification with the same key replaces the one before it on the device. */
  readonly collapseKey: string;
  readonly priority: NotificationPriority;
  /** After this many seconds it is of no use any more. */
  readonly ttlSeconds: number;
  /**
   * For the app on the device. Of messages: `conversationId`, `messageIds`, `action: 'open_conversation'`; of
   * notices: their further fields.
   */
  readonly data: Readonly<Record<string, unknown>>;
  /** The number on the app's icon: all unread messages of this user. */
  readonly badge?: number | undefined;
  readonly imageUrl?: string | undefined;
  /** Wakes the app without showing anything. Set only where the provider `supports.silent`. */
  readonly silent?: boolean | undefined;
}

/** A delivered notification to take off a device again, because its messages were read elsewhere. */
export interface Clearing<Target = unknown> {
  /** The same in every attempt at this clearing. */
  readonly id: string;
  readonly app: string;
  readonly userId: string;
  readonly device: DeliveryDevice<Target>;
  /** The key of the notification to take away. */
  readonly collapseKey: string;
  /** As in PushNotification, where the host still knows it. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}
