// `register_device`: a push target of this user. Judged by its provider.

import type { CommandData } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Handler } from './command.ts';

export function createRegisterDevice(deps: {
  devices: {
    register(app: AppId, device: CommandData<'register_device'> & { userId: string }): Promise<{ deviceId: string }>;
  };
}): Handler<'register_device'> {
  return async ({ app, userId }, draft) => {
    const { deviceId } = await deps.devices.register(app, { ...draft, userId });
    return { deviceId };
  };
}
