// `register_device`: a push target of this user. Its provider checks it.

import type { Devices } from '../notifications/devices/devices.ts';
import type { Handler } from './command.ts';

export function createRegisterDevice(deps: { devices: Pick<Devices, 'register'> }): Handler<'register_device'> {
  return async ({ app, userId }, draft) => {
    const { deviceId, renewal } = await deps.devices.register(app, { ...draft, userId }, 'user');
    return { answer: { deviceId, renewal } };
  };
}
