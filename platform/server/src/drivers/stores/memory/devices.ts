// Push targets in memory. Not whose they are beyond the id: users.ts.

import type { Device, DeviceStore } from '../../../ports/stores/index.ts';
import { rememberShown } from '../remember-shown.ts';
import type { Synchronous } from '../synchronous.ts';

export function memoryDevices(): Synchronous<DeviceStore> {
  /** By app, then by id. */
  const apps = new Map<string, Map<string, Device>>();
  const of = (app: string): Map<string, Device> => {
    const found = apps.get(app) ?? new Map<string, Device>();
    apps.set(app, found);
    return found;
  };
  return {
    register(app, device, { keepsOwner = false } = {}) {
      const before = [...of(app).values()].find(({ targetHash }) => targetHash === device.targetHash);
      if (before === undefined && of(app).has(device.id)) throw new Error('a device of that id has another target');
      const isAnothers = before !== undefined && before.userId !== device.userId;
      if (isAnothers && keepsOwner) return before;
      const shown = isAnothers ? undefined : before?.shown;
      const stored =
        before === undefined
          ? device
          : { ...device, id: before.id, createdAt: before.createdAt, ...(shown === undefined ? {} : { shown }) };
      of(app).set(stored.id, stored);
      return isAnothers ? { ...stored, formerUserId: before.userId } : stored;
    },
    retarget(app, deviceId, change) {
      const before = of(app).get(deviceId);
      const isTaken = [...of(app).values()].some(
        ({ id, targetHash }) => id !== deviceId && targetHash === change.targetHash,
      );
      if (before === undefined || isTaken) return undefined;
      const { target, targetHash, updatedAt } = change;
      const stored = { ...before, target, targetHash, updatedAt };
      of(app).set(deviceId, stored);
      return stored;
    },
    remember(app, deviceId, shown) {
      const before = of(app).get(deviceId);
      if (before === undefined) return;
      const { shown: known, ...device } = before;
      const now = rememberShown(known, shown);
      of(app).set(deviceId, now.length === 0 ? device : { ...device, shown: now });
    },
    get: (app, deviceId) => of(app).get(deviceId),
    ofUsers(app, userIds) {
      const found = new Map<string, Device[]>();
      const devices = [...of(app).values()];
      devices.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
      for (const device of devices) {
        if (userIds.includes(device.userId)) found.set(device.userId, [...(found.get(device.userId) ?? []), device]);
      }
      return found;
    },
    remove: (app, deviceId) => of(app).delete(deviceId),
  };
}
