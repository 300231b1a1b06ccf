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
  /**
   * The last that this device was sent under the same collapse key, as far as it is known. Only where the
   * provider `supports.messageIds`.
   */
  readonly previous?: { readonly providerMessageId: string } | undefined;
  /**
   * Ends the notifications of this device: a POST does so at once (RFC 8058), and whoever opens it is asked
   * first. Only where the provider `supports.unsubscribe`, and where the host knows its own address.
   */
  readonly unsubscribeUrl?: string | undefined;
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
  /** `ios`, `android`, `web`, ...: the field `platform` of the target, where it is a string. */
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
  /** The name of who wrote the newest of the messages. */
  readonly sender?: string | undefined;
  /**
   * The number on the app's icon: all unread messages of this user. Set only where the provider
   * `supports.badge`.
   */
  readonly badge?: number | undefined;
  /**
   * The picture of the message, or of its sender: an https address, which may end after some hours. Set only
   * where the provider `supports.image`.
   */
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
  /**
   * What the service called the last that was sent under this key. Only where the provider
   * `supports.messageIds`.
   */
  readonly providerMessageId?: string | undefined;
  /** As in PushNotification, where the host still knows it. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}
