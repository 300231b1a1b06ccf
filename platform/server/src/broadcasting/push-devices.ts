// The devices that a broadcast may be pushed to, looked up before it is stored: a message to people who have none owes no push, and carries no flag for the relay.

import type { AppId } from '../ports/app-id.ts';
import type { Device } from '../ports/stores/index.ts';
import type { ResolvedAudience } from './audience.ts';
import type { ValidBroadcast } from './validate.ts';

/** By user; those without any are not in it. */
export type PushDevices = ReadonlyMap<string, readonly Device[]>;

export type FindPushDevices = (
  app: AppId,
  prepared: ValidBroadcast,
  audience: ResolvedAudience,
) => Promise<PushDevices>;

const none: PushDevices = new Map();

export function createFindPushDevices(
  devicesOf: (app: AppId, userIds: readonly string[]) => Promise<PushDevices>,
): FindPushDevices {
  return async (app, { policy }, { recipients }) =>
    // What goes to whoever is connected is never pushed.
    policy.push === 'never' || recipients === undefined ? none : await devicesOf(app, recipients);
}
