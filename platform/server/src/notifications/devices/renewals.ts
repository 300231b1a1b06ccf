// Push targets that change by themselves, as a browser's subscription does with no page open: exchanged by a
// credential of the registration, without a user token. Registering is devices.ts.

import { notFound } from '@belfry/protocol';
import * as z from 'zod';
import type { AppId } from '../../ports/app-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Device, DeviceStore, UserStore } from '../../ports/stores/index.ts';
import { Sealer } from '../../sealing/seal.ts';
import { checkTarget, hashTarget, refuseTooLarge, type ProviderOf } from './check-target.ts';

export interface Renewals {
  /** The credential of a registration. Good until the user is signed out or another has the device. */
  credentialOf(app: AppId, device: Pick<Device, 'id' | 'userId' | 'provider' | 'updatedAt'>): string;
  /**
   * The device of the credential has this target from now on. Throws `not_found` alike for a credential that
   * is none, of another device, or no longer good; `invalid_target` with the path.
   */
  renew(deviceId: string, given: { credential: string; target: unknown }): Promise<void>;
}

/** Device, user, provider, and when it was registered. */
const contentSchema = z.tuple([z.string(), z.string(), z.string(), z.number()]);

export function createRenewals(deps: {
  /** The installation's. */
  secret: string;
  store: Pick<DeviceStore, 'get' | 'ofUsers' | 'retarget' | 'remove'>;
  users: Pick<UserStore, 'get'>;
  provider: ProviderOf;
  /** Undefined for an app that is not there. */
  findApp: (key: string) => Promise<AppId | undefined>;
  clock: Pick<Clock, 'now'>;
  limits: { deviceTargetBytes: number };
}): Renewals {
  const { store, users, findApp, clock } = deps;
  const sealer = new Sealer(deps.secret, 'device renewals');

  return {
    credentialOf: (app, { id, userId, provider, updatedAt }) => sealer.seal(app, [id, userId, provider, updatedAt]),
    async renew(deviceId, { credential, target: given }) {
      const { app, device } = await genuine(deviceId, credential);
      const { target } = await checkTarget(deps.provider, app, { provider: device.provider, target: given });
      refuseTooLarge(target, deps.limits.deviceTargetBytes);
      const targetHash = hashTarget(device.provider, target);
      const change = { target, targetHash, updatedAt: Math.max(clock.now(), device.updatedAt) };
      if ((await store.retarget(app, device.id, change)) !== undefined) return;
      // A page of the same user may have been faster: then there are two devices of one browser, and one is old.
      const own = (await store.ofUsers(app, [device.userId])).get(device.userId) ?? [];
      if (!own.some((each) => each.targetHash === targetHash)) throw notFound('device');
      await store.remove(app, device.id);
    },
  };

  async function genuine(deviceId: string, credential: string): Promise<{ app: AppId; device: Device }> {
    const sealed = sealer.open(credential, { schema: contentSchema, nowMs: clock.now() });
    const app = sealed === undefined ? undefined : await findApp(sealed.app);
    if (sealed === undefined || app === undefined) throw notFound('device');
    const [id, userId, provider, registeredAt] = sealed.payload;
    const device = id === deviceId ? await store.get(app, id) : undefined;
    if (device?.userId !== userId || device.provider !== provider) throw notFound('device');
    const { signedOutAt = -Infinity } = (await users.get(app, [userId])).get(userId) ?? {};
    if (registeredAt <= signedOutAt) throw notFound('device');
    return { app, device };
  }
}
