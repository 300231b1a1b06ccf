// The push targets that may still be notified: those registered after their user was last signed out.
// A device store like the one behind it, which keeps the others until they are registered again.

import type { DeviceStore, UserStore } from '../../ports/stores/index.ts';

export function createSignedInDevices(deps: { devices: DeviceStore; users: Pick<UserStore, 'get'> }): DeviceStore {
  const { devices: all, users } = deps;
  return {
    register: (app, device, options) => all.register(app, device, options),
    retarget: (app, deviceId, change) => all.retarget(app, deviceId, change),
    remember: (app, deviceId, shown) => all.remember(app, deviceId, shown),
    get: (app, deviceId) => all.get(app, deviceId),
    remove: (app, deviceId) => all.remove(app, deviceId),
    async ofUsers(app, userIds) {
      const devices = await all.ofUsers(app, userIds);
      // Most users have none, and then nothing more is asked.
      if (devices.size === 0) return devices;
      const profiles = await users.get(app, [...devices.keys()]);
      const isSignedOut = (userId: string): boolean => profiles.get(userId)?.signedOutAt !== undefined;
      // Nearly always: nobody of them was ever signed out by a back end.
      if (![...devices.keys()].some(isSignedOut)) return devices;
      const kept = [...devices].map(([userId, own]) => {
        const { signedOutAt = -Infinity } = profiles.get(userId) ?? {};
        // Registering it again moves `updatedAt`, and nothing else does but a renewal, which a sign-out ends.
        return [userId, own.filter(({ updatedAt }) => updatedAt > signedOutAt)] as const;
      });
      return new Map(kept.filter(([, own]) => own.length > 0));
    },
  };
}
