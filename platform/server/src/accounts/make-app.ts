// A new app of a tenant, from a template: its record, pages, kinds and first key. What a template holds:
// templates.ts.

import { appKeySchema, BelfryError } from '@belfry/protocol';

/** Keys that begin so are Belfry's own. */
const reservedPrefix = 'belfry-';

export interface AppMaker {
  make: (request: { tenantId: string; template: string; key: string; name: string; by: string }) => Promise<{
    apiKey: string;
    kid: string;
  }>;
}

/** Throws `invalid_body` for a key that an app cannot have. */
export function checkNewAppKey(key: string): void {
  const path = ['key'];
  if (!appKeySchema.safeParse(key).success)
    throw new BelfryError('invalid_body', { message: 'No key of an app.', path });
  if (key.startsWith(reservedPrefix)) {
    throw new BelfryError('invalid_body', { message: `Keys that begin with ${reservedPrefix} are taken.`, path });
  }
}
