// The shape of a notification provider. Not how it is discovered, configured or retried: the host does that.
import type { z } from 'zod';
import type { CheckResult } from './check-result.ts';
import type { Clearing, Delivery } from './delivery.ts';
import type { Outcome } from './outcome.ts';
import type { ProviderContext } from './provider-context.ts';
import type { AwaitedReceipt, Receipt, ReceiptRequest, Receipts } from './receipt.ts';

export const channels = ['push', 'email', 'sms', 'chat', 'webhook'] as const;
export type Channel = (typeof channels)[number];

/** The most that a service takes. The host cuts and waits accordingly, so a provider need not. */
export interface ProviderLimits {
  readonly titleChars?: number | undefined;
  readonly bodyChars?: number | undefined;
  /** Size of title, body and data together as JSON in UTF-8. */
  readonly payloadBytes?: number | undefined;
  /** Calls per second and configuration. */
  readonly perSecond?: number | undefined;
  /** The most deliveries of one call of `sendMany`; needed where `setup` may return it. */
  readonly batch?: number | undefined;
}

/** The abilities of a service. One that is not named here is missing. */
export interface ProviderSupports {
  readonly collapse?: boolean | undefined;
  readonly ttl?: boolean | undefined;
  readonly silent?: boolean | undefined;
  readonly priority?: boolean | undefined;
  /** True if and only if `setup` returns `clear`. */
  readonly clear?: boolean | undefined;
  /** `setup` may return `parseReceipt`, `pollReceipts` or both; it need not, where a tenant wants no receipts. */
  readonly receipts?: boolean | undefined;
  /** Shows a number on the app's icon. The host counts only for those who say so. */
  readonly badge?: boolean | undefined;
  /** Shows a picture, which it loads from an address. */
  readonly image?: boolean | undefined;
  /**
   * Changes or takes away by the id that `accepted` gave. The host then remembers the last id of each collapse
   * key and device, and hands it over as `previous` to `send` and as `providerMessageId` to `clear`.
   */
  readonly messageIds?: boolean | undefined;
  /** Shows the user where to end this kind of message. The host hands over `unsubscribeUrl` with each delivery. */
  readonly unsubscribe?: boolean | undefined;
}

/** Name and description in another language than English. */
export interface ProviderTexts {
  readonly displayName: string;
  readonly description: string;
}

/** As an author writes it. */
export interface NotificationProviderDefinition<
  Config extends z.ZodType = z.ZodType,
  Target extends z.ZodType = z.ZodType,
> {
  /** As in the manifest. */
  readonly id: string;
  readonly channel: Channel;
  readonly displayName: string;
  readonly description: string;
  /** By language: `{ zh: { displayName, description } }`. */
  readonly texts?: Readonly<Record<string, ProviderTexts>> | undefined;
  /** Where a tenant reads how to get what `config` asks for. http or https. */
  readonly docsUrl?: string | undefined;
  /**
   * Filled in by a tenant; an object. `labelled` and `secret` feed the console's form.
   */
  readonly config: Config;
  /** Carried by each device registration; an object. */
  readonly target: Target;
  /**
   * Whether only who has the device can know its target, as with the token of a push service. A target that
   * another user registers then moves to them: the phone changed hands. Where anybody can name a target, as a
   * phone number, left out: then another user is refused, unless the app's back end registers it for them.
   */
  readonly targetsAreSecret?: boolean | undefined;
  readonly limits?: ProviderLimits | undefined;
  readonly supports?: ProviderSupports | undefined;
  /**
   * The part of a configuration that the app's own clients need, such as the key that browsers subscribe
   * with. Every user of the app may read it: it must hold no secret. A plain object that JSON can carry.
   */
  publicConfig?(config: z.output<Config>): Readonly<Record<string, unknown>>;
  /**
   * Called once per configuration, under a time-out. May throw: the configuration is then off, with the
   * error's message as the reason.
   */
  setup(
    ctx: ProviderContext<z.output<Config>>,
  ): ProviderInstance<z.output<Target>> | Promise<ProviderInstance<z.output<Target>>>;
}

/** One configuration at work. Its methods may run side by side. */
export interface ProviderInstance<Target = unknown> {
  /** Translates one delivery into one call, and the answer into an outcome. A throw counts as `retry`. */
  send(delivery: Delivery<Target>, attempt: SendAttempt): Promise<Outcome> | Outcome;
  /**
   * For a service that takes many deliveries in one call, each with a content of its own. Gives one outcome for
   * each, in their order: the host acts on each by itself, and tries again only what is to be. Never called with
   * more than `limits.batch`; what has no company is sent by `send`. A throw counts as `retry` of all.
   */
  sendMany?(
    deliveries: readonly Delivery<Target>[],
    attempt: SendAttempt,
  ): Promise<readonly Outcome[]> | readonly Outcome[];
  /** Whether the configuration works; sends nothing to any user. The console's "check" button. */
  check?(call: { readonly signal: AbortSignal }): Promise<CheckResult> | CheckResult;
  clear?(clearing: Clearing<Target>, attempt: SendAttempt): Promise<Outcome> | Outcome;
  /**
   * Reads what the service sent to `ctx.receiptUrl`, or to where a tenant told it to. What nobody but the service
   * can have sent is a receipt; anything else is `{ refused }`.
   */
  parseReceipt?(request: ReceiptRequest): Promise<Receipts> | Receipts;
  /**
   * Asks the service what became of these deliveries, where it does not say so by itself. The host calls it every
   * 15 min with what was accepted within a day and nothing final is known of. Says nothing of those of which the
   * service knows nothing new. A throw is no receipt: it is asked again.
   */
  pollReceipts?(
    awaited: readonly AwaitedReceipt[],
    call: { readonly signal: AbortSignal },
  ): Promise<readonly Receipt[]> | readonly Receipt[];
  /** Frees what `setup` took. May be called again; must not throw. */
  close?(): Promise<void> | void;
}

export interface SendAttempt {
  /** Aborted when the host's time-out is over or the host stops. Pass it on to `ctx.fetch`. */
  readonly signal: AbortSignal;
  /** 1 the first time. */
  readonly attempt: number;
  /**
   * The trace that this call is a part of, as the header `traceparent` of W3C; absent where traces are off. For a
   * service of the tenant's own. Services of others need not know of it.
   */
  readonly traceparent?: string;
}

/**
 * The checked form that the host works with: made by `defineNotificationProvider`, or by `checkPlugin` from a
 * foreign object.
 */
export interface NotificationProvider<
  Config extends z.ZodType = z.ZodType,
  Target extends z.ZodType = z.ZodType,
> extends NotificationProviderDefinition<Config, Target> {
  readonly kind: 'notification-provider';
  /** The version of the contract it was defined under. */
  readonly api: string;
  readonly limits: ProviderLimits;
  readonly supports: ProviderSupports;
}
