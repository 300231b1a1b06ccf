// One configuration of a provider at work: set up, called under a time limit, closed when the last call is
// done. Never throws because of the plugin.
import {
  checkProviderInstance,
  checkResultSchema,
  outcomesSchema,
  polledReceiptsSchema,
  receiptsSchema,
  rejected,
  retry,
  secretValues,
  TokenCache,
} from '@belfry/plugin-kit';
import type {
  AwaitedReceipt,
  CheckResult,
  Clearing,
  ConnectTarget,
  Delivery,
  NotificationProvider,
  Outcome,
  PluginRequest,
  ProviderInstance,
  Receipt,
  ReceiptRequest,
} from '@belfry/plugin-kit';
import { inWords } from '@belfry/protocol';
import * as z from 'zod';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { createPluginLog } from './plugin-log.ts';
import type { Egress } from '../egress/egress.ts';
import { PluginNetwork } from './plugin-network.ts';
import type { Inhabitant, Realm } from './realm.ts';
import { createRedactor } from './redactor.ts';
import { sayThrown } from './say-thrown.ts';
import { TimeLimitError, withinLimit } from '../concurrency/time-limit.ts';

/** The outcome of a call, and the fields that the provider logged of it under the name `push`. */
export type SentOutcome = Outcome & { readonly said?: Readonly<Record<string, unknown>> };

export interface CallOptions {
  signal: AbortSignal;
  /** 1 the first time. */
  attempt: number;
  /** Where traces are on. */
  traceparent?: string;
}

export interface RunningProvider {
  send(delivery: Delivery, call: CallOptions): Promise<SentOutcome>;
  /** Undefined where the provider sends one at a time. One outcome for each, in their order. */
  sendMany: ((deliveries: readonly Delivery[], call: CallOptions) => Promise<readonly SentOutcome[]>) | undefined;
  /** Undefined where the provider cannot. */
  clear: ((clearing: Clearing, call: CallOptions) => Promise<SentOutcome>) | undefined;
  check(signal: AbortSignal): Promise<CheckResult>;
  /** Undefined where the service reports nothing. */
  parseReceipt: ((request: ReceiptRequest) => Promise<ReadReceipts>) | undefined;
  /** Undefined where nothing is asked for. A list that cannot be had is empty. */
  pollReceipts: ((awaited: readonly AwaitedReceipt[], signal: AbortSignal) => Promise<readonly Receipt[]>) | undefined;
  /** The part of the configuration that the app's clients may know; undefined where there is none. */
  publicConfig: Readonly<Record<string, unknown>> | undefined;
  /**
   * Takes it out of service: calls under way are finished, then it is closed. Resolves when it is.
   * Idempotent.
   */
  retire(): Promise<void>;
}

/** The receipts of a request and what is answered, or why nothing is made of it. */
export type ReadReceipts =
  | { receipts: readonly Receipt[]; answer?: { status: number; body?: string | undefined } }
  /** `isFailure`: it threw, and says nothing about the request. */
  | { refused: string; isFailure?: true };

export type SetUp = { ok: true; running: RunningProvider } | { ok: false; reason: string };

export interface SetUpOptions {
  plugin: NotificationProvider;
  at: Inhabitant;
  /** The fields that the tenant gave, opened. */
  config: unknown;
  log: Log;
  clock: Clock;
  realm: Realm;
  egress: Pick<Egress, 'fetch' | 'connect'>;
  setupLimitMs: number;
  /** Where the service reports to; undefined where the server does not know its own address. */
  receiptUrl: string | undefined;
  /** Of one call of send, clear, check or close. */
  callLimitMs: number;
}

export async function setUpProvider(options: SetUpOptions): Promise<SetUp> {
  const { plugin, at, clock, realm, log, egress, setupLimitMs, callLimitMs, receiptUrl } = options;
  let reason = (text: string): string => text;
  const stopped = new AbortController();
  const network = new PluginNetwork({ realm, egress, limitMs: callLimitMs, stopped: stopped.signal });
  try {
    const redactor = createRedactor(secretValues(plugin.config, options.config));
    reason = (text) => redactor.text(text);
    const parsed = plugin.config.safeParse(options.config, inWords);
    if (!parsed.success) {
      const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'config'}: ${message}`);
      return { ok: false, reason: reason(problems.join('; ')) };
    }
    const shown = showPublic(plugin, parsed.data, reason);
    if (!shown.ok) return shown;
    const context = {
      config: parsed.data,
      log: createPluginLog(log, { realm, redactor }),
      fetch: (url: string | URL, request?: PluginRequest) => network.fetch(url, request),
      connect: (target: ConnectTarget) => network.connect(target),
      tokens: new TokenCache(clock),
      clock: { now: () => clock.now() },
      signal: stopped.signal,
      ...(plugin.supports.receipts === true && receiptUrl !== undefined ? { receiptUrl } : {}),
    };
    const made = await withinLimit({ clock, limitMs: setupLimitMs }, () =>
      realm.enter(at, () => plugin.setup(context)),
    );
    const checked = checkProviderInstance(made, plugin);
    const { publicConfig } = shown;
    if (checked.ok)
      return {
        ok: true,
        running: runProvider(checked.instance, { ...options, publicConfig, stopped, network, reason }),
      };
    stopped.abort();
    network.hangUp();
    return { ok: false, reason: reason(checked.problems.join('; ')) };
  } catch (error) {
    stopped.abort();
    network.hangUp();
    return { ok: false, reason: reason(`setup: ${sayThrown(error)}`) };
  }
}

type Shown = { ok: true; publicConfig: RunningProvider['publicConfig'] } | { ok: false; reason: string };

/** Asked once for each setting up. A secret in it turns the configuration off, for every user may read it. */
function showPublic(plugin: NotificationProvider, config: unknown, redacted: (text: string) => string): Shown {
  if (plugin.publicConfig === undefined) return { ok: true, publicConfig: undefined };
  const text = JSON.stringify(plugin.publicConfig(config));
  if (redacted(text) !== text) return { ok: false, reason: 'publicConfig: shows a secret' };
  const parsed = publicConfigSchema.safeParse(JSON.parse(text));
  return parsed.success
    ? { ok: true, publicConfig: parsed.data }
    : { ok: false, reason: 'publicConfig: must give an object' };
}

const publicConfigSchema = z.record(z.string(), z.unknown());

const noOutcome = 'the provider returned something that is no outcome';

interface RunOptions extends SetUpOptions {
  publicConfig: RunningProvider['publicConfig'];
  stopped: AbortController;
  network: PluginNetwork;
  reason: (text: string) => string;
}

function runProvider(instance: ProviderInstance, options: RunOptions): RunningProvider {
  const { at, clock, realm, log, callLimitMs, publicConfig, stopped, network, reason } = options;
  let active = 0;
  let drained: (() => void) | undefined;
  let retiring: Promise<void> | undefined;

  async function call(run: (signal: AbortSignal) => unknown, signal: AbortSignal): Promise<SentOutcome> {
    const outcomes = await callFor(1, async (ended) => [await run(ended)], signal);
    return outcomes[0] ?? retry(noOutcome);
  }

  /** One outcome for each of so many deliveries. */
  async function callFor(
    deliveries: number,
    run: (signal: AbortSignal) => unknown,
    signal: AbortSignal,
  ): Promise<readonly SentOutcome[]> {
    const said: Record<string, unknown> = {};
    const all = (outcome: Outcome): Outcome[] => Array.from({ length: deliveries }, () => outcome);
    active += 1;
    try {
      const raw = await withinLimit({ clock, limitMs: callLimitMs, signal }, (ended) =>
        realm.enter(at, () => run(ended), said),
      );
      const parsed = outcomesSchema(deliveries).safeParse(raw);
      const outcomes = parsed.success ? parsed.data : all(retry(noOutcome));
      const more = Object.keys(said).length === 0 ? {} : { said };
      return outcomes.map((outcome) => ({ ...redactOutcome(outcome, reason), ...more }));
    } catch (error) {
      return all(retry(error instanceof TimeLimitError ? 'no answer in time' : reason(`threw: ${sayThrown(error)}`)));
    } finally {
      active -= 1;
      if (active === 0) drained?.();
    }
  }

  async function asked<T>(run: (signal: AbortSignal) => T, signal?: AbortSignal): Promise<Awaited<T>> {
    const limits = { clock, limitMs: callLimitMs, ...(signal === undefined ? {} : { signal }) };
    return await withinLimit(limits, (ended) => realm.enter(at, () => run(ended)));
  }

  async function close(): Promise<void> {
    if (active > 0) await new Promise<void>((resolve) => void (drained = resolve));
    stopped.abort();
    try {
      await withinLimit({ clock, limitMs: callLimitMs }, () => realm.enter(at, () => instance.close?.()));
    } catch (error) {
      log.warn('plugin did not close', { reason: reason(sayThrown(error)) });
    }
    network.hangUp();
  }

  return {
    publicConfig,
    ...sendingMethods(instance, { call, callFor }),
    async check(signal) {
      try {
        const raw = await asked(
          (ended) => instance.check?.({ signal: ended }) ?? { ok: true, detail: 'has no check of its own' },
          signal,
        );
        const said = checkResultSchema.parse(raw);
        return said.detail === undefined ? said : { ...said, detail: reason(said.detail) };
      } catch (error) {
        return { ok: false, detail: reason(`check: ${sayThrown(error)}`) };
      }
    },
    ...receiptMethods(instance, { ...options, asked }),
    retire: () => (retiring ??= close()),
  };
}

interface Calling {
  call: (run: (signal: AbortSignal) => unknown, signal: AbortSignal) => Promise<SentOutcome>;
  callFor: (
    deliveries: number,
    run: (signal: AbortSignal) => unknown,
    signal: AbortSignal,
  ) => Promise<readonly SentOutcome[]>;
}

function sendingMethods(
  instance: ProviderInstance,
  { call, callFor }: Calling,
): Pick<RunningProvider, 'send' | 'sendMany' | 'clear'> {
  return {
    send: (delivery, { signal, ...attempt }) =>
      call((ended) => instance.send(delivery, { ...attempt, signal: ended }), signal),
    sendMany:
      instance.sendMany === undefined
        ? undefined
        : (deliveries, { signal, ...attempt }) =>
            callFor(
              deliveries.length,
              (ended) => instance.sendMany?.(deliveries, { ...attempt, signal: ended }),
              signal,
            ),
    clear:
      instance.clear === undefined
        ? undefined
        : (clearing, { signal, ...attempt }) =>
            call((ended) => instance.clear?.(clearing, { ...attempt, signal: ended }), signal),
  };
}

interface AskingOptions extends RunOptions {
  asked: <T>(run: (signal: AbortSignal) => T, signal?: AbortSignal) => Promise<Awaited<T>>;
}

function receiptMethods(
  instance: ProviderInstance,
  { asked, log, reason }: AskingOptions,
): Pick<RunningProvider, 'parseReceipt' | 'pollReceipts'> {
  return {
    parseReceipt:
      instance.parseReceipt === undefined
        ? undefined
        : async (request) => {
            try {
              const read = receiptsSchema.parse(await asked(() => instance.parseReceipt?.(request)));
              if ('refused' in read) return { refused: reason(read.refused) };
              return 'receipts' in read ? read : { receipts: read };
            } catch (error) {
              return { refused: reason(`threw: ${sayThrown(error)}`), isFailure: true };
            }
          },
    pollReceipts:
      instance.pollReceipts === undefined
        ? undefined
        : async (awaited, signal) => {
            try {
              const raw = await asked((ended) => instance.pollReceipts?.(awaited, { signal: ended }), signal);
              return polledReceiptsSchema.parse(raw);
            } catch (error) {
              log.debug('receipts not polled', { reason: reason(sayThrown(error)) });
              return [];
            }
          },
  };
}

function redactOutcome(outcome: Outcome, reason: (text: string) => string): Outcome {
  if (outcome.outcome === 'accepted') return outcome;
  return outcome.outcome === 'retry'
    ? { ...outcome, reason: reason(outcome.reason) }
    : rejected(outcome.reason, reason(outcome.detail));
}
