// Makes and records the facts of what became of pushes, and of devices that a provider does not know any
// more. Decides nothing.
import type { FallbackCause, PushReason } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Facts } from '../ports/facts.ts';
import type { PushAttempt, PushFact } from '../ports/message-facts.ts';
import type { Device } from '../ports/stores/index.ts';
import type { CallCounts } from './sending/breaker.ts';

export interface About {
  messageId: string;
  stream: string;
  seq: number;
  userId: string;
}

export interface FactDetail {
  device?: Pick<Device, 'id' | 'provider' | 'deviceType'>;
  through?: number;
  afterMs?: number;
  collapsedInto?: number;
  from?: FallbackCause | undefined;
  attempt?: PushAttempt;
  /** What the service said of it later. */
  detail?: string;
}

export interface PushFacts {
  make(about: About, reason: PushReason, detail?: FactDetail): PushFact;
  record(app: AppId, facts: readonly PushFact[]): void;
  /** What became of a message for so many people, each of whom is counted once for it. */
  ended(app: AppId, reason: PushReason, count?: number): void;
  /** The configuration used up its error budget. */
  quarantined(app: AppId, provider: string, why: { reason: string; errors: CallCounts }): void;
  recovered(app: AppId, provider: string): void;
  /** The device was removed by whoever had an address to unsubscribe. */
  unsubscribed(app: AppId, device: Pick<Device, 'id' | 'userId' | 'provider'>): void;
  /** The device was removed, because its provider does not know it any more. */
  targetGone(app: AppId, device: Pick<Device, 'id' | 'userId' | 'provider'>): void;
}

const typeOf = {
  waiting_for_ack: 'push.deferred',
  quiet_hours_deferred: 'push.deferred',
  queued: 'push.queued',
  retrying: 'push.retrying',
  accepted_by_provider: 'push.accepted',
  delivered: 'push.delivered',
  delivery_failed: 'push.failed',
  opened: 'push.opened',
  expired_ttl: 'push.failed',
  no_device: 'push.failed',
  no_provider_for_device: 'push.failed',
  target_gone: 'push.failed',
  payload_rejected: 'push.failed',
  credentials_rejected: 'push.failed',
  quota: 'push.failed',
  cancelled_acked: 'push.withheld',
  cancelled_read: 'push.withheld',
  muted: 'push.withheld',
  mentions_only: 'push.withheld',
  preference_off: 'push.withheld',
  not_a_member: 'push.withheld',
  fallback_waiting: 'push.deferred',
  fallback_from: 'push.queued',
  fallback_not_needed: 'push.withheld',
  policy_never: 'push.withheld',
  collapsed_into: 'push.withheld',
} as const satisfies Record<PushReason, PushFact['type']>;

export function createPushFacts(deps: { clock: Pick<Clock, 'now'>; facts: Pick<Facts, 'record'> }): PushFacts {
  return {
    make(about, reason, { device, ...detail } = {}) {
      const { messageId, stream, seq, userId } = about;
      const where =
        device === undefined ? {} : { deviceId: device.id, provider: device.provider, deviceType: device.deviceType };
      const atMs = deps.clock.now();
      return { type: typeOf[reason], atMs, messageId, stream, seq, userId, ...where, reason, ...detail };
    },
    record(app, facts) {
      for (const fact of facts) deps.facts.record(app, fact);
    },
    ended(app, reason, count = 1) {
      if (count > 0) deps.facts.record(app, { type: 'push.ended', atMs: deps.clock.now(), reason, count });
    },
    quarantined(app, provider, { reason, errors }) {
      deps.facts.record(app, { type: 'provider.quarantined', atMs: deps.clock.now(), provider, reason, errors });
    },
    recovered(app, provider) {
      deps.facts.record(app, { type: 'provider.recovered', atMs: deps.clock.now(), provider });
    },
    unsubscribed(app, { id: deviceId, userId, provider }) {
      const gone = { deviceId, userId, provider, because: 'unsubscribed' } as const;
      deps.facts.record(app, { type: 'device.gone', atMs: deps.clock.now(), ...gone });
    },
    targetGone(app, { id: deviceId, userId, provider }) {
      const gone = { deviceId, userId, provider, because: 'target_gone' } as const;
      deps.facts.record(app, { type: 'device.gone', atMs: deps.clock.now(), ...gone });
    },
  };
}
