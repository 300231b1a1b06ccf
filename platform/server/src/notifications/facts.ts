// Tells the journey and the metrics what became of pushes. Decides nothing.
import type { PushReason } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Device } from '../ports/stores/index.ts';
import type { PushAttempt, PushFact, PushJourney } from './needs.ts';

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

export interface Facts {
  make(about: About, reason: PushReason, detail?: FactDetail): PushFact;
  tell(app: AppId, facts: readonly PushFact[]): void;
}

export function createFacts(deps: { clock: Clock; metrics: Metrics; journey: PushJourney }): Facts {
  return {
    make(about, reason, { device, ...detail } = {}) {
      const { messageId, stream, seq, userId } = about;
      const where =
        device === undefined ? {} : { deviceId: device.id, provider: device.provider, deviceType: device.deviceType };
      return { messageId, stream, seq, userId, ...where, reason, atMs: deps.clock.now(), ...detail };
    },
    tell(app, facts) {
      if (facts.length === 0) return;
      const counts = Map.groupBy(facts, ({ reason }) => reason);
      for (const [reason, of] of counts) deps.metrics.count('deliveries_total', [reason], of.length);
      deps.journey.push(app, facts);
    },
  };
}
