// Hands one notification to one device's provider and concludes what that means. Whom to notify of what was
// decided before.
import type { Accepted, PushNotification } from '@belfry/plugin-kit';
import type { PushQuota, PushReason } from '@belfry/protocol';
import type { AppId } from '../../ports/app-id.ts';
import type { PushAttempt, PushFact } from '../../ports/message-facts.ts';
import type { Log } from '../../ports/log.ts';
import type { DeliveryRecord, Device, DeviceStore, StoredMessage } from '../../ports/stores/index.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import { traced } from '../../ports/tracing.ts';
import type { PluginHost } from '../../plugins/plugin-host.ts';
import type { ProviderHandle } from '../../plugins/provider-handle.ts';
import type { SentOutcome } from '../../plugins/running-provider.ts';
import type { BatchedOutcome, Batches } from './batches.ts';
import type { Breaker, CallClass, CallCounts } from './breaker.ts';
import type { CallRate } from './call-rate.ts';
import type { Death } from './dead-letter.ts';
import { deliveryDeviceOf, shownOn } from './delivery-device.ts';
import type { PushFacts } from '../facts.ts';
import { deliveryIdOf } from '../push-job.ts';
import type { PendingDelivery } from '../push-job.ts';
import type { Quotas } from './quotas.ts';
import { lifeLeftMs, retryVerdict } from './retry-policy.ts';
import { truncate } from './truncate.ts';

export interface DeliverDeps {
  devices: Pick<DeviceStore, 'remove' | 'remember'>;
  plugins: Pick<PluginHost, 'pause'>;
  surroundings: Surroundings;
  facts: PushFacts;
  breaker: Breaker;
  rate: CallRate;
  batches: Pick<Batches, 'send'>;
  /** Loaded for the app. */
  quotas: Pick<Quotas, 'take'>;
  /**
   * Deliveries that were accepted not long ago: a job that is run again after a failure of ours sends them no
   * second time.
   */
  accepted: { has(deliveryId: string): boolean; add(deliveryId: string): void };
  /** Writes down what something may be heard of later. Never rejects. */
  keep: (app: AppId, delivery: DeliveryRecord) => Promise<void>;
  maxAttempts: number;
  random: () => number;
}

export interface OneDelivery {
  app: AppId;
  claimId: string;
  userId: string;
  newest: StoredMessage;
  device: Device;
  provider: ProviderHandle | undefined;
  appQuota: PushQuota | undefined;
  /** Made only when it is needed. */
  notification: () => Promise<PushNotification>;
  attempt: number;
  /** It was counted against the quotas, and not called since. */
  isCounted: boolean;
  /** Others of the same job are sent beside it. */
  hasCompany: boolean;
  /** Something may be heard of it later, or somebody waits for that. */
  isKept: boolean;
  unsubscribeUrl: string | undefined;
  waitMs: number;
  signal: AbortSignal;
}

/**
 * The delivery to try again, if any; the fact, if anything became of it; and why it is to be kept as a dead
 * letter, if it is.
 */
export interface Delivered {
  pending?: PendingDelivery;
  fact?: PushFact;
  death?: Death;
  /** A service has it, now or since a run before. */
  isAccepted?: boolean;
}

export async function deliver(deps: DeliverDeps, one: OneDelivery): Promise<Delivered> {
  const { breaker, accepted } = deps;
  const { clock, metrics, log, tracing } = deps.surroundings;
  const { app, userId, device, provider, newest, attempt } = one;
  const id = deliveryIdOf(one.claimId, device.id);
  if (accepted.has(id)) return { isAccepted: true };
  if (provider === undefined || provider.state === 'off') {
    return failed(deps, one, { reason: 'no_provider_for_device', detail: provider?.reason });
  }
  // Before all that would keep it for later: what is too old now will be no younger then.
  const leftMs = lifeLeftMs(newest, { nowMs: clock.now(), waitMs: one.waitMs, attempt });
  if (leftMs <= 0) return failed(deps, one, { reason: 'expired_ttl', detail: undefined });
  if (provider.state === 'paused') return unauthorized(deps, one, { detail: provider.reason ?? 'is paused' });
  const key = `${app}/${provider.id}`;
  const held = await hold(deps, one, { provider, key });
  if (held !== undefined) return held;

  const isProbe = breaker.isOpen(key);
  const notification = truncate(await one.notification(), provider.limits);
  const remembers = provider.supports.messageIds === true;
  const before = remembers ? shownOn(device, notification.collapseKey) : undefined;
  const { unsubscribeUrl } = one;
  const previous = {
    ...(before === undefined ? {} : { previous: { providerMessageId: before } }),
    ...(unsubscribeUrl === undefined ? {} : { unsubscribeUrl }),
  };
  const startedAt = clock.monotonic();
  const outcome = await traced(tracing, ['push', { kind: 'client' }], async (span) => {
    const traceparent = tracing?.traceparent();
    const sent = await deps.batches.send(
      provider,
      { id, app, userId, device: deliveryDeviceOf(device), notification, ...previous },
      {
        ...{ signal: one.signal, attempt, hasCompany: one.hasCompany && !isProbe },
        ...(traceparent === undefined ? {} : { traceparent }),
      },
    );
    span.set({ provider: provider.plugin, outcome: sent.outcome, attempt });
    return sent;
  });
  const ms = clock.monotonic() - startedAt;
  // A call that failed for many has failed once.
  const change = outcome.isEcho === true ? undefined : breaker.record(key, classOf(outcome), reasonOf(outcome));
  tellOf(deps, one, { outcome, change, errors: breaker.counts(key) });
  metrics.count('push_total', [provider.plugin, outcome.outcome]);
  metrics.observe('push_duration_seconds', [provider.plugin], ms / 1000);
  const tried = attemptOf(outcome, attempt, ms);
  writeLine(log, { one, provider, outcome, notification, tried });
  if (remembers && outcome.outcome === 'accepted') await remember(deps, one, { outcome, notification });
  return conclude(deps, one, { outcome, tried, isProbe });
}

/** A service that wants less for one device is well, and has answered. */
function classOf(outcome: SentOutcome): CallClass {
  if (outcome.outcome === 'accepted') return 'accepted';
  if (outcome.outcome === 'retry') return outcome.scope === undefined ? 'unavailable' : 'target';
  const { reason } = outcome;
  return reason === 'target_gone' || reason === 'target_invalid' ? 'target' : reason;
}

function reasonOf(outcome: SentOutcome): string {
  return outcome.outcome === 'retry' ? outcome.reason : '';
}

/** Once when a provider is quarantined, and once when it is back. */
function tellOf(
  { facts, surroundings: { log } }: DeliverDeps,
  { app, device: { provider } }: OneDelivery,
  { outcome, change, errors }: { outcome: SentOutcome; change: 'opened' | 'closed' | undefined; errors: CallCounts },
): void {
  if (change === 'opened') {
    const reason = reasonOf(outcome);
    log.warn('provider quarantined', { app, provider, reason, errors });
    facts.quarantined(app, provider, { reason, errors });
  } else if (change === 'closed') {
    log.info('provider recovered', { app, provider });
    facts.recovered(app, provider);
  }
}

/**
 * Looks for what keeps it from being called now: a quota that is used up, or a service that wants fewer calls
 * or is down.
 */
async function hold(
  deps: DeliverDeps,
  one: OneDelivery,
  { provider, key }: { provider: ProviderHandle; key: string },
): Promise<Delivered | undefined> {
  const { rate, breaker, quotas, surroundings } = deps;
  const { app, userId, device, attempt, appQuota } = one;
  const later = (waitMs: number, isCounted: boolean): Delivered => ({
    pending: { userId, deviceId: device.id, attempt, waitMs, ...(isCounted ? { isCounted } : {}) },
  });
  const isNew = attempt === 1 && !one.isCounted;
  const heldMs = breaker.heldMs(key) || rate.admitMs(key, provider.limits.perSecond);
  if (heldMs > 0) return later(heldMs, one.isCounted);
  const spent = isNew ? await quotas.take(app, { provider, appQuota }) : undefined;
  if (spent !== undefined) {
    surroundings.metrics.count('push_quota_refused_total', [provider.plugin, spent]);
    return failed(deps, one, { reason: 'quota', detail: `the quota of the ${spent} is used up` });
  }
  // Asked last, since what it lets through as its probe has to make the call. Another may have become the
  // probe while the quotas were asked.
  const probedMs = breaker.admitMs(key);
  return probedMs > 0 ? later(probedMs, attempt === 1) : undefined;
}

/** Without it the notification is only not replaced or taken away later. */
async function remember(
  { devices, surroundings }: DeliverDeps,
  { app, device }: OneDelivery,
  { outcome, notification }: { outcome: Accepted; notification: PushNotification },
): Promise<void> {
  const { providerMessageId: messageId } = outcome;
  if (messageId === undefined || messageId === '') return;
  try {
    await devices.remember(app, device.id, { collapseKey: notification.collapseKey, messageId });
  } catch (error) {
    surroundings.log.warn('message id of a push not kept', { app, provider: device.provider, err: error });
  }
}

interface Tried {
  outcome: BatchedOutcome;
  tried: PushAttempt;
  /**
   * It asked whether a service that was down is back: a delivery that happened to be chosen for that must not
   * run out of attempts by it.
   */
  isProbe: boolean;
}

async function conclude(deps: DeliverDeps, one: OneDelivery, { outcome, tried, isProbe }: Tried): Promise<Delivered> {
  const { app, userId, device, newest, attempt } = one;
  if (outcome.outcome === 'accepted') {
    const id = deliveryIdOf(one.claimId, device.id);
    if (one.isKept) await deps.keep(app, recordOf(deps, one, { id, providerMessageId: outcome.providerMessageId }));
    deps.accepted.add(id);
    return { fact: factOf(deps, one, { reason: 'accepted_by_provider', tried }), isAccepted: true };
  }
  if (outcome.outcome === 'retry') {
    const leftMs = lifeLeftMs(newest, {
      nowMs: deps.surroundings.clock.now(),
      waitMs: one.waitMs,
      attempt: attempt + 1,
    });
    const { maxAttempts } = deps;
    const random = (): number => outcome.random ?? deps.random();
    const counted = isProbe ? 0 : attempt;
    const verdict = retryVerdict({ attempt: counted, maxAttempts, afterMs: outcome.afterMs, leftMs, random });
    if (!verdict.retry) {
      const isOld = verdict.because === 'ttl';
      const because = isOld ? 'too old for another attempt' : `gave up after ${attempt} attempts`;
      const detail = `${because}: ${outcome.reason}`;
      const ended = failed(deps, one, { reason: 'expired_ttl', detail, tried });
      return isOld ? ended : { ...ended, death: { cause: 'attempts_exhausted', detail } };
    }
    const { afterMs } = verdict;
    const fact = factOf(deps, one, { reason: 'retrying', tried, afterMs });
    return {
      fact,
      pending: { userId, deviceId: device.id, attempt: counted === 0 ? attempt : attempt + 1, waitMs: afterMs },
    };
  }
  const { reason, detail } = outcome;
  // The consequence may fail with the store; the outcome stands all the same, and the next push will
  // find the same.
  try {
    if (reason === 'target_gone' && (await deps.devices.remove(app, device.id))) deps.facts.targetGone(app, device);
    if (reason === 'credentials' && outcome.isEcho !== true) await deps.plugins.pause(app, device.provider, detail);
  } catch (error) {
    const { log } = deps.surroundings;
    log.warn('push target or provider could not be changed', { app, provider: device.provider, reason, err: error });
  }
  if (reason === 'credentials') return unauthorized(deps, one, { detail, tried });
  return failed(deps, one, { reason: reasonOfRejection[reason], detail, tried });
}

function recordOf(
  { surroundings }: DeliverDeps,
  { userId, newest, device }: OneDelivery,
  { id, providerMessageId }: { id: string; providerMessageId: string | undefined },
): DeliveryRecord {
  const { id: messageId, stream, seq } = newest;
  return {
    ...{ id, provider: device.provider, userId, about: { messageId, stream, seq } },
    ...(providerMessageId === undefined || providerMessageId === '' ? {} : { providerMessageId }),
    device: { id: device.id, deviceType: device.deviceType },
    acceptedAt: surroundings.clock.now(),
  };
}

/** The tenant who mends the credentials may want what was not sent meanwhile. */
function unauthorized(deps: DeliverDeps, one: OneDelivery, end: { detail: string; tried?: PushAttempt }): Delivered {
  const ended = failed(deps, one, { reason: 'credentials_rejected', ...end });
  return { ...ended, death: { cause: 'credentials_rejected', detail: end.detail } };
}

const reasonOfRejection = {
  target_gone: 'target_gone',
  target_invalid: 'target_gone',
  payload: 'payload_rejected',
  quota: 'quota',
} as const satisfies Record<string, PushReason>;

interface FactParts {
  reason: PushReason;
  tried?: PushAttempt | undefined;
  afterMs?: number;
}

function factOf({ facts }: DeliverDeps, one: OneDelivery, { reason, tried, afterMs }: FactParts): PushFact {
  const { newest, userId, device } = one;
  return facts.make({ messageId: newest.id, stream: newest.stream, seq: newest.seq, userId }, reason, {
    device,
    ...(tried === undefined ? {} : { attempt: tried }),
    ...(afterMs === undefined ? {} : { afterMs }),
  });
}

function failed(deps: DeliverDeps, one: OneDelivery, end: FactParts & { detail: string | undefined }): Delivered {
  const { app, userId, device, newest } = one;
  // Nothing was tried where the provider is off or paused: that is said where it happened, once, and not for
  // each device.
  const level = end.tried === undefined && end.reason !== 'expired_ttl' ? 'debug' : 'warn';
  deps.surroundings.log[level]('push failed', {
    app,
    provider: device.provider,
    userId,
    deviceType: device.deviceType,
    messageId: newest.id,
    reason: end.reason,
    ...(end.detail === undefined ? {} : { detail: end.detail }),
  });
  return { fact: factOf(deps, one, end) };
}

function attemptOf(outcome: SentOutcome, number: number, ms: number): PushAttempt {
  const base = { number, ms, outcome: outcome.outcome };
  if (outcome.outcome === 'retry') return { ...base, detail: outcome.reason };
  if (outcome.outcome === 'rejected') return { ...base, detail: `${outcome.reason}: ${outcome.detail}` };
  const { providerMessageId } = outcome;
  return providerMessageId === undefined ? base : { ...base, providerMessageId };
}

interface LineParts {
  one: OneDelivery;
  provider: ProviderHandle;
  outcome: SentOutcome;
  notification: PushNotification;
  tried: PushAttempt;
}

/** The one line of a call that operators count on. */
function writeLine(log: Log, { one, provider, outcome, notification, tried }: LineParts): void {
  log.info('push', {
    ...outcome.said,
    app: one.app,
    provider: provider.id,
    userId: one.userId,
    deviceId: one.device.id,
    deviceType: one.device.deviceType,
    priority: notification.priority,
    outcome: outcome.outcome,
    attempt: tried.number,
    ms: Math.round(tried.ms),
    ...(tried.detail === undefined ? {} : { detail: tried.detail }),
  });
}
