// Folds a plan and what happened since into exactly one current reason per connection and per device. Above
// 1,000 recipients: fold-counts.ts.

import type {
  DecidingPreference,
  DeviceType,
  Journey,
  PushReason,
  RealtimeReason,
  ReasonCounts,
} from '@belfry/protocol';
import type { FactAbout } from './facts-about.ts';
import { readConnectionWhy, type AckEntry, type PlanBody, type PushEntry, type SentEntry } from './rows.ts';

type Recipients = Journey['recipients'];

/** `plannedAtMs` is the time of the first step of each push. */
export function foldRecipients(
  plan: { recipients: PlanBody['recipients']; why?: PlanBody['why']; plannedAtMs: number } | undefined,
  facts: readonly FactAbout[],
): { recipients: Recipients; counts: ReasonCounts } {
  const folded = new Map<string, RecipientState>();
  let connections = 0;
  for (const planned of plan?.recipients ?? []) {
    const given = { planned, why: plan?.why, firstConnection: connections, plannedAtMs: plan?.plannedAtMs ?? 0 };
    folded.set(planned.userId, plannedRecipient(given));
    connections += planned.realtime.length;
  }
  const names = (plan?.recipients ?? []).map(({ userId }) => userId);
  for (const [place, by, ofConversation, untilMs] of plan?.why?.wishes ?? []) {
    const recipient = folded.get(names[place] ?? '');
    if (recipient !== undefined)
      recipient.wish = { by, ofConversation, ...(untilMs !== null && { until: iso(untilMs) }) };
  }
  for (const each of facts) {
    let recipient = folded.get(each.fact.userId);
    if (recipient === undefined) {
      // A user who is not in the plan is no recipient: e.g. a member who joined later and read the log.
      if (plan !== undefined) continue;
      recipient = {
        ...{ reason: undefined, pushReason: undefined, wish: undefined },
        ...{ connections: new Map(), devices: new Map() },
      };
      folded.set(each.fact.userId, recipient);
    }
    if (each.about === 'caught_up') applyCaughtUp(recipient, each.fact);
    else if (each.about === 'ack') applyAck(recipient, each.fact);
    else applyPush(recipient, each.fact);
  }
  const recipients = [...folded].map(([userId, state]) => asRecipient(userId, state));
  return { recipients, counts: countReasons(recipients) };
}

/** How many connections and devices, or recipients without any, each reason applies to. */
function countReasons(recipients: Recipients): ReasonCounts {
  const counts: ReasonCounts = {};
  const add = (reason: RealtimeReason | PushReason | undefined): void => {
    if (reason !== undefined) counts[reason] = (counts[reason] ?? 0) + 1;
  };
  for (const { realtime, reason, push, pushReason } of recipients) {
    if (realtime.length === 0) add(reason);
    for (const connection of realtime) add(connection.reason);
    if (push.length === 0) add(pushReason);
    for (const device of push) add(device.reason);
  }
  return counts;
}

/**
 * An acknowledgement changes these; a connection that did not get the event acknowledges its seq too when it
 * acknowledges a later one.
 */
export const mayBeAcked: ReadonlySet<RealtimeReason> = new Set(['sent', 'slow_consumer', 'acked_hidden']);

/** A push with one of these has not come to its end. */
const openPush: ReadonlySet<PushReason> = new Set([
  ...(['waiting_for_ack', 'queued', 'retrying', 'quiet_hours_deferred'] as const),
  ...(['fallback_waiting', 'fallback_from'] as const),
]);

interface ConnectionState {
  deviceType: DeviceType;
  page: string;
  reason: RealtimeReason;
  sentAtMs: number | undefined;
  ackedAtMs: number | undefined;
  /** What it was decided by. */
  why: ReturnType<typeof readConnectionWhy>;
}

type Step = Recipients[number]['push'][number]['steps'][number];

interface DeviceState {
  provider: string;
  deviceType: DeviceType;
  steps: [Step, ...Step[]];
  attempts: Recipients[number]['push'][number]['attempts'];
}

interface RecipientState {
  reason: RealtimeReason | undefined;
  pushReason: PushReason | undefined;
  wish: DecidingPreference | undefined;
  connections: Map<string, ConnectionState>;
  devices: Map<string, DeviceState>;
}

function plannedRecipient({
  planned,
  why,
  firstConnection,
  plannedAtMs,
}: {
  planned: NonNullable<PlanBody['recipients']>[number];
  why: PlanBody['why'];
  firstConnection: number;
  plannedAtMs: number;
}): RecipientState {
  return {
    reason: planned.reason,
    pushReason: planned.pushReason,
    wish: undefined,
    connections: new Map(
      planned.realtime.map(([connectionId, deviceType, page, reason, sentAtMs], place) => [
        connectionId,
        {
          deviceType,
          page,
          reason,
          sentAtMs: sentAtMs ?? (reason === 'sent' ? plannedAtMs : undefined),
          ackedAtMs: undefined,
          why: why === undefined ? {} : readConnectionWhy(why, firstConnection + place),
        },
      ]),
    ),
    devices: new Map(
      planned.push.map(([deviceId, provider, deviceType, reason, from]) => [
        deviceId,
        {
          ...{ provider, deviceType, attempts: [] },
          steps: [{ at: iso(plannedAtMs), reason, ...(from === undefined ? {} : { from }) }],
        },
      ]),
    ),
  };
}

/**
 * One that was sent the event live and asked for it again was sent it then; one that acknowledged it keeps
 * that.
 */
function applyCaughtUp(recipient: RecipientState, fact: SentEntry): void {
  const connection = connectionOf(recipient, fact, 'sent');
  if (connection === undefined) return;
  connection.sentAtMs ??= fact.atMs;
  if (connection.ackedAtMs === undefined) connection.reason = 'sent';
}

function applyAck(recipient: RecipientState, fact: AckEntry): void {
  const connection = connectionOf(recipient, fact, 'sent');
  if (connection === undefined || !mayBeAcked.has(connection.reason)) return;
  const reason = fact.visible || connection.deviceType === 'mobile' ? 'acked' : 'acked_hidden';
  if (connection.reason === reason) return;
  connection.reason = reason;
  connection.ackedAtMs = fact.atMs;
}

/** The connection; made when it is not in the plan and the fact describes it. */
function connectionOf(
  recipient: RecipientState,
  fact: SentEntry | AckEntry,
  reason: RealtimeReason,
): ConnectionState | undefined {
  const known = recipient.connections.get(fact.connectionId);
  if (known !== undefined || fact.deviceType === undefined) return known;
  const { deviceType, page = '' } = fact;
  const made: ConnectionState = { deviceType, page, reason, sentAtMs: undefined, ackedAtMs: undefined, why: {} };
  recipient.connections.set(fact.connectionId, made);
  recipient.reason = undefined;
  return made;
}

function applyPush(recipient: RecipientState, fact: PushEntry): void {
  const devices = devicesOf(recipient, fact);
  if (devices.length === 0 && recipient.devices.size === 0) recipient.pushReason = fact.reason;
  for (const device of devices) applyToDevice(device, fact);
}

function devicesOf(recipient: RecipientState, fact: PushEntry): DeviceState[] {
  const { deviceId, provider, deviceType } = fact;
  if (deviceId === undefined) return [...recipient.devices.values()].filter((device) => openPush.has(reasonOf(device)));
  const known = recipient.devices.get(deviceId);
  if (known !== undefined) return [known];
  if (provider === undefined || deviceType === undefined) return [];
  const made: DeviceState = { provider, deviceType, steps: [stepOf(fact)], attempts: [] };
  recipient.devices.set(deviceId, made);
  recipient.pushReason = undefined;
  return [made];
}

const saysWhyItWaits: ReadonlySet<PushReason> = new Set(['quiet_hours_deferred', 'fallback_waiting']);

function applyToDevice(device: DeviceState, fact: PushEntry): void {
  const isCancel = fact.reason === 'cancelled_acked' || fact.reason === 'cancelled_read';
  // A push that was handed over is not cancelled any more, e.g. by a read that clears the notification.
  if (isCancel && !openPush.has(reasonOf(device))) return;
  // A push that is put off waits in the queue: the reason why says more than that it is there.
  if (fact.reason === 'queued' && saysWhyItWaits.has(reasonOf(device))) return;
  addStep(device, stepOf(fact));
  const { attempt } = fact;
  if (
    attempt === undefined ||
    device.attempts.some((each) => each.at === iso(fact.atMs) && each.outcome === attempt.outcome)
  ) {
    return;
  }
  const { outcome, ms, detail, providerMessageId } = attempt;
  device.attempts.push({
    at: iso(fact.atMs),
    outcome,
    // Rounded here too: an earlier version kept fractions.
    durationMs: Math.round(ms),
    ...(providerMessageId === undefined ? {} : { providerMessageId }),
    ...(detail === undefined ? {} : { answer: detail }),
  });
}

/** What a service and a device say may overtake each other: of these, the later one in the list stands. */
const heardOf: readonly PushReason[] = ['accepted_by_provider', 'delivered', 'opened'];

/** Whether it was known, by then, that more had become of the push than this says. */
export function isOvertaken(reason: PushReason, by: PushReason): boolean {
  return heardOf.includes(reason) && heardOf.indexOf(by) > heardOf.indexOf(reason);
}

function addStep({ steps }: DeviceState, step: Step): void {
  const last = steps.at(-1);
  if (last?.reason === step.reason && last.seq === step.seq && last.from === step.from) return;
  if (last === undefined || !isOvertaken(step.reason, last.reason)) steps.push(step);
  else if (!steps.some(({ reason }) => reason === step.reason)) steps.splice(-1, 0, step);
}

function stepOf(fact: PushEntry): Step {
  const { reason, atMs, collapsedInto, from } = fact;
  const seq = reason === 'collapsed_into' && collapsedInto !== undefined ? { seq: collapsedInto } : {};
  return { at: iso(atMs), reason, ...seq, ...(from === undefined ? {} : { from }) };
}

function lastStep(device: DeviceState): Step {
  return device.steps.at(-1) ?? device.steps[0];
}

function reasonOf(device: DeviceState): PushReason {
  return lastStep(device).reason;
}

function asRecipient(userId: string, state: RecipientState): Recipients[number] {
  const { reason, pushReason, wish } = state;
  return {
    userId,
    realtime: [...state.connections].map(([connectionId, { sentAtMs, ackedAtMs, ...rest }]) => ({
      connectionId,
      deviceType: rest.deviceType,
      page: rest.page,
      reason: rest.reason,
      ...(sentAtMs === undefined ? {} : { sentAt: iso(sentAtMs) }),
      ...(ackedAtMs === undefined ? {} : { ackedAt: iso(ackedAtMs) }),
      ...rest.why,
    })),
    ...(reason === undefined ? {} : { reason }),
    push: [...state.devices].map(([deviceId, device]) => {
      const { reason: current, seq, from } = lastStep(device);
      const { provider, deviceType, steps, attempts } = device;
      return {
        deviceId,
        provider,
        deviceType,
        reason: current,
        ...(seq === undefined ? {} : { seq }),
        ...(from === undefined ? {} : { from }),
        steps,
        attempts,
      };
    }),
    ...(pushReason === undefined ? {} : { pushReason }),
    ...(wish === undefined ? {} : { preference: wish }),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
