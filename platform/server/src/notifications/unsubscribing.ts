// Ends the notifications of one device with one click, for whoever has the address that went with one of them
// (RFC 8058). Not the pages around it: http/doors/unsubscribe.
import { z } from 'zod';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Device, DeviceStore } from '../ports/stores/index.ts';
import { Sealer } from '../sealing/seal.ts';
import type { PushFacts } from './facts.ts';

export interface Unsubscribing {
  /** Undefined where the server does not know its own address. */
  urlOf(app: AppId, device: Pick<Device, 'id' | 'userId' | 'provider'>): string | undefined;
  /** `app` is yet to be found among those that there are. Undefined for what was not made here. */
  read(token: string): { app: string; device: Unsubscribed } | undefined;
  /** Removes the device, if it is still this one. Again, it does nothing. */
  end(app: AppId, device: Unsubscribed): Promise<void>;
}

export type Unsubscribed = Pick<Device, 'id' | 'userId' | 'provider'>;

const contentSchema = z.tuple([z.string(), z.string(), z.string()]);

/** Mails are kept for years: an address is good as long as the installation's secret. */
export function createUnsubscribing(deps: {
  secret: string;
  publicUrl: string | undefined;
  devices: Pick<DeviceStore, 'get' | 'remove'>;
  facts: Pick<PushFacts, 'unsubscribed'>;
  clock: Pick<Clock, 'now'>;
}): Unsubscribing {
  const { publicUrl, devices, facts, clock } = deps;
  const sealer = new Sealer(deps.secret, 'unsubscribing');
  return {
    urlOf: (app, { id, userId, provider }) =>
      publicUrl && `${publicUrl}/unsubscribe/${sealer.seal(app, [id, userId, provider])}`,
    read(token) {
      const opened = sealer.open(token, { schema: contentSchema, nowMs: clock.now() });
      if (opened === undefined) return undefined;
      const [id, userId, provider] = opened.payload;
      return { app: opened.app, device: { id, userId, provider } };
    },
    async end(app, { id, userId, provider }) {
      const device = await devices.get(app, id);
      if (device?.userId !== userId || device.provider !== provider) return;
      if (await devices.remove(app, id)) facts.unsubscribed(app, device);
    },
  };
}
