// Openings that devices report: whoever opened a notification says so with the token that came in it, and the journey
// knows. No user token is needed: a service worker has none.
import { deviceTypeSchema } from '@belfry/protocol';
import { leastUsed } from '../../caching/least-used.ts';
import { z } from 'zod';
import type { AppId } from '../../ports/app-id.ts';
import type { DeliveryStore, Device } from '../../ports/stores/index.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import { Sealer } from '../../sealing/seal.ts';
import type { About, PushFacts } from '../facts.ts';

export interface Openings {
  /**
   * Goes into the notification's data. Good for a week: what lies on a device longer has nobody's attention.
   */
  tokenFor(app: AppId, opened: Opened): string;
  /**
   * Undefined for a token that was not made here or whose time is over. `app` is yet to be found among those
   * that there are.
   */
  read(token: string): (Opened & { app: string }) | undefined;
  /** Once for each token, whoever says it how often. */
  record(app: AppId, opened: Opened): void;
}

export interface Opened {
  about: About;
  /** Of a delivery that is kept. */
  deliveryId?: string | undefined;
  device: Pick<Device, 'id' | 'provider' | 'deviceType'>;
}

const lifeMs = 7 * 24 * 3_600_000;
/** Openings that are remembered against a device that says them again. */
const rememberedOpenings = 50_000;

/** As a list, for it lies in every notification and a push service takes some kilobytes in all. */
const contentSchema = z.tuple(
  [
    z.string(), // message
    z.string(), // stream
    z.number(), // seq
    z.string(), // user
    z.string(), // device
    z.string(), // provider
    deviceTypeSchema,
  ],
  // The delivery, where it is kept. One of an earlier version has none.
  z.string(),
);

/** `secret` is the installation's, the same on every node; what is made here can be used for nothing else. */
export function createOpenings(deps: {
  secret: string;
  facts: PushFacts;
  deliveries: Pick<DeliveryStore, 'addEvent'>;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}): Openings {
  const { facts, deliveries } = deps;
  const { clock, log } = deps.surroundings;
  const sealer = new Sealer(deps.secret, 'openings');
  const recorded = leastUsed<true>(rememberedOpenings);

  return {
    tokenFor(app, { about, device, deliveryId }) {
      const { messageId, stream, seq, userId } = about;
      const { id, provider, deviceType } = device;
      const content: z.infer<typeof contentSchema> = [
        ...([messageId, stream, seq, userId, id, provider, deviceType] as const),
        ...(deliveryId === undefined ? [] : [deliveryId]),
      ];
      return sealer.seal(app, content, { expiresAtMs: clock.now() + lifeMs });
    },
    read(token) {
      const opened = sealer.open(token, { schema: contentSchema, nowMs: clock.now() });
      if (opened === undefined) return undefined;
      const [messageId, stream, seq, userId, id, provider, deviceType, deliveryId] = opened.payload;
      const about = { messageId, stream, seq, userId };
      const named = deliveryId === undefined ? {} : { deliveryId };
      return { app: opened.app, about, device: { id, provider, deviceType }, ...named };
    },
    record(app, { about, device, deliveryId }) {
      const opening = JSON.stringify([app, about.messageId, about.userId, device.id]);
      if (recorded.has(opening)) return;
      recorded.set(opening, true);
      facts.record(app, [facts.make(about, 'opened', { device })]);
      if (deliveryId === undefined) return;
      // Without it a fall-back may tell of what was opened.
      deliveries.addEvent(app, deliveryId, 'opened').catch((error: unknown) => {
        recorded.delete(opening);
        log.warn('opening of a push not kept', { app, provider: device.provider, err: error });
      });
    },
  };
}
