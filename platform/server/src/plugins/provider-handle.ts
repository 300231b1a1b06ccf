// One configuration of a provider as the rest of the server sees it. Calls it through its slot, so that
// nobody notices a swap.
import { retry } from '@belfry/plugin-kit';
import type {
  AwaitedReceipt,
  Channel,
  Clearing,
  Delivery,
  NotificationProvider,
  ProviderLimits,
  ProviderSupports,
  Receipt,
  ReceiptRequest,
} from '@belfry/plugin-kit';
import { fromZodError, inWords, type PushQuota } from '@belfry/protocol';
import type { Clock } from '../ports/clock.ts';
import type { ProviderSlot } from './provider-slot.ts';
import type { CallOptions, ReadReceipts, RunningProvider, SentOutcome } from './running-provider.ts';

export type TargetParsed =
  { ok: true; value: Record<string, unknown> } | { ok: false; path: readonly (string | number)[]; detail: string };

export interface ProviderHandle {
  /** The id that devices name. */
  readonly id: string;
  /** The plugin's id. */
  readonly plugin: string;
  /** Undefined when the plugin itself is off. */
  readonly channel: Channel | undefined;
  /** `paused`: it works, but Belfry was refused by the service. */
  readonly state: 'on' | 'off' | 'paused';
  readonly reason?: string;
  /** Of a paused one: since when, ms since the epoch. */
  readonly pausedAt?: number;
  readonly limits: ProviderLimits;
  readonly quota?: PushQuota;
  readonly supports: ProviderSupports;
  /** The part of its configuration that the app's clients may know. */
  readonly publicConfig?: Readonly<Record<string, unknown>>;
  /** Only whoever has the device knows its target. */
  readonly targetsAreSecret: boolean;
  /** Checks what a device registration carries. */
  parseTarget(target: unknown): TargetParsed;
  /** Never throws, and never takes longer than the signal and the time limit of a call allow. */
  send(delivery: Delivery, call: CallOptions): Promise<SentOutcome>;
  /** Only where its service takes many in one call: at most `limits.batch`. One outcome for each. As send. */
  sendMany?(deliveries: readonly Delivery[], call: CallOptions): Promise<readonly SentOutcome[]>;
  /** Where its service reports to; undefined where it does not, or the server does not know its own address. */
  readonly receiptUrl?: string | undefined;
  /** Only where its service reports what became of deliveries. */
  readReceipts?(request: ReceiptRequest): Promise<ReadReceipts>;
  /** Only where its service has to be asked for that. Never throws. */
  pollReceipts?(awaited: readonly AwaitedReceipt[], signal: AbortSignal): Promise<readonly Receipt[]>;
  /** Only where the provider can. As send. */
  clear?(clearing: Clearing, call: CallOptions): Promise<SentOutcome>;
}

/**
 * Lets the calls of providers take turns by app, then by user. Rejects with `overloaded` when too many wait,
 * and with the signal's reason when it is aborted before the call's turn.
 */
export type CallInTurn = <Result>(
  turn: { app: string; user: string; signal: AbortSignal },
  call: () => Promise<Result>,
) => Promise<Result>;

interface HandleOptions {
  slot: Pick<ProviderSlot, 'record' | 'now'> & { health: Pick<ProviderSlot['health'], 'record'> };
  /** Undefined when the plugin is off or missing; then `off` says why. */
  plugin: NotificationProvider | undefined;
  off: string;
  receiptUrl: string | undefined;
  clock: Clock;
  callInTurn: CallInTurn;
}

/** As things stand now; to be asked for anew for each job. */
export function createHandle({ slot, plugin, off, receiptUrl, clock, callInTurn }: HandleOptions): ProviderHandle {
  const { id, plugin: pluginId, enabled, pausedReason, pausedAt, quota } = slot.record();
  const made = slot.now();
  const offReason = !enabled
    ? 'is switched off'
    : plugin === undefined
      ? off
      : made?.ok === false
        ? made.reason
        : undefined;
  const state = offReason !== undefined ? 'off' : pausedReason !== undefined ? 'paused' : 'on';
  const reason = offReason ?? pausedReason;

  const { inTurn, once, unturned } = createTurns({ slot, clock, callInTurn });
  const gone = (): SentOutcome => {
    const now = slot.now();
    return retry(`the provider is off: ${now?.ok === false ? now.reason : off}`);
  };

  return {
    id,
    plugin: pluginId,
    channel: plugin?.channel,
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(state === 'paused' && pausedAt !== undefined ? { pausedAt } : {}),
    ...(quota === undefined ? {} : { quota }),
    limits: plugin?.limits ?? {},
    supports: plugin?.supports ?? {},
    targetsAreSecret: plugin?.targetsAreSecret ?? false,
    ...(made?.ok === true && made.running.publicConfig !== undefined
      ? { publicConfig: made.running.publicConfig }
      : {}),
    parseTarget: (target) => parseTarget(plugin, target),
    send: (delivery, call) =>
      once(delivery, call, async () => {
        const now = slot.now();
        return now?.ok === true ? now.running.send(delivery, call) : gone();
      }),
    ...(made?.ok === true && made.running.sendMany !== undefined
      ? {
          async sendMany(deliveries: readonly Delivery[], call: CallOptions) {
            const [first] = deliveries;
            if (first === undefined) return [];
            const outcomes = await inTurn(first, call, async () => {
              const now = slot.now();
              const isThere = now?.ok === true && now.running.sendMany !== undefined;
              return isThere ? ((await now.running.sendMany?.(deliveries, call)) ?? []) : deliveries.map(gone);
            });
            return deliveries.map((_, at) => outcomes[at] ?? unturned(call));
          },
        }
      : {}),
    ...(made?.ok === true ? receiptsOf(made.running, receiptUrl) : {}),
    ...(made?.ok === true && made.running.clear !== undefined
      ? {
          clear: (clearing: Clearing, call: CallOptions) =>
            once(clearing, call, async () => {
              const now = slot.now();
              return now?.ok === true && now.running.clear !== undefined ? now.running.clear(clearing, call) : gone();
            }),
        }
      : {}),
  };
}

/** Calls in turns; the provider is what it is when the turn comes. */
function createTurns({ slot, clock, callInTurn }: Pick<HandleOptions, 'slot' | 'clock' | 'callInTurn'>) {
  /** Empty where there was no turn. */
  const inTurn = async (
    { app, userId: user }: Delivery | Clearing,
    { signal }: CallOptions,
    call: () => Promise<readonly SentOutcome[]>,
  ): Promise<readonly SentOutcome[]> => {
    const progress: { isCalled: boolean } = { isCalled: false };
    try {
      return await callInTurn({ app, user, signal }, async () => {
        progress.isCalled = true;
        const outcomes = await call();
        for (const outcome of outcomes) slot.health.record(outcome, clock.now());
        return outcomes;
      });
    } catch (error) {
      // A call itself never throws.
      if (progress.isCalled) throw error;
      return [];
    }
  };
  const unturned = ({ signal }: CallOptions): SentOutcome =>
    retry(signal.aborted ? 'the server stops' : 'too many calls of providers wait');
  const once = async (
    what: Delivery | Clearing,
    options: CallOptions,
    call: () => Promise<SentOutcome>,
  ): Promise<SentOutcome> => {
    const [outcome] = await inTurn(what, options, async () => [await call()]);
    return outcome ?? unturned(options);
  };
  return { inTurn, once, unturned };
}

function receiptsOf(
  { parseReceipt, pollReceipts }: Pick<RunningProvider, 'parseReceipt' | 'pollReceipts'>,
  receiptUrl: string | undefined,
): Pick<ProviderHandle, 'receiptUrl' | 'readReceipts' | 'pollReceipts'> {
  const place = receiptUrl === undefined ? {} : { receiptUrl };
  return {
    ...(parseReceipt === undefined ? {} : { ...place, readReceipts: parseReceipt }),
    ...(pollReceipts === undefined ? {} : { pollReceipts }),
  };
}

function parseTarget(plugin: NotificationProvider | undefined, target: unknown): TargetParsed {
  if (plugin === undefined) return { ok: false, path: [], detail: 'The provider is off.' };
  try {
    const parsed = plugin.target.safeParse(target, inWords);
    if (!parsed.success) {
      const { path = [], message } = fromZodError(parsed.error);
      return { ok: false, path, detail: message };
    }
    const value: unknown = parsed.data;
    if (isRecord(value)) return { ok: true, value };
    return { ok: false, path: [], detail: 'The provider makes no object of it.' };
  } catch {
    return { ok: false, path: [], detail: 'The provider could not read it.' };
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
