// Whether a caller may use a route at all. Whether it may touch a certain object is the handler's and the services' business.

import { BelfryError, type ApiScope } from '@belfry/protocol';
import { hasScope } from '../../tenancy/scopes.ts';
import type { Caller } from '../caller.ts';

/** Throws `forbidden` for a key without the scope. Users have none: what they may do depends on what it is done to. */
export function requireScope(caller: Caller, scope: ApiScope): void {
  if (caller.type === 'key' && !hasScope(caller.scopes, scope)) {
    throw new BelfryError('forbidden', { message: `The API key needs the scope ${scope}.` });
  }
}
