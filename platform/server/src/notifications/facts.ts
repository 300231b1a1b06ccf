// Says what became of pushes: makes the facts, of which the reason is given, and records them. Decides nothing.
import type { PushReason } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Facts, PushAttempt, PushFact } from '../ports/facts.ts';
import type { Device } from '../ports/stores/index.ts';

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
  attempt?: PushAttempt;
}

export interface PushFacts {
  make(about: About, reason: PushReason, detail?: FactDetail): PushFact;
  record(app: AppId, facts: readonly PushFact[]): void;
}

const typeOf = {
  waiting_for_ack: 'push.deferred',
  quiet_hours_deferred: 'push.deferred',
  queued: 'push.queued',
  retrying: 'push.retrying',
  accepted_by_provider: 'push.accepted',
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
  };
}
