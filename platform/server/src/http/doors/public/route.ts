// A row of the public API: which keys and users it takes. What every row has: http/route.ts; which rows there
// are: route-table.ts.

import { BelfryError, type ApiScope } from '@belfry/protocol';
import { hasScope } from '../../../tenancy/scopes.ts';
import { createRoute, type Access, type Described, type Handle, type Route, type Schemas } from '../../route.ts';
import type { Caller, KeyCaller } from './caller.ts';
import { missingCredential } from '../../middleware/credential.ts';
import type { PublicServices } from './services.ts';

export interface PublicRoute extends Route<PublicServices, Caller> {
  auth: 'key' | 'any' | 'public';
  scope?: ApiScope | undefined;
}

/**
 * `key`: API keys alone. `any`: user tokens too, which need no scope. `public`: requests without a credential
 * too.
 */
type Guarded<P, Q, B> =
  | { auth: 'key'; scope: ApiScope; handle: Handle<PublicServices, P, Q, B, KeyCaller> }
  | { auth: 'any'; scope: ApiScope; handle: Handle<PublicServices, P, Q, B, Caller> }
  | { auth: 'public'; scope?: undefined; handle: Handle<PublicServices, P, Q, B, Caller | undefined> };

export function defineRoute<P = unknown, Q = unknown, B = unknown>(
  spec: Described & Schemas<P, Q, B> & Guarded<P, Q, B>,
): PublicRoute {
  const { auth } = spec;
  const access = accessOf(spec);
  switch (spec.auth) {
    case 'public':
      return { auth, ...createRoute({ ...spec, access, admit: (caller: Caller | undefined) => caller }) };
    case 'any': {
      const { scope } = spec;
      return { auth, scope, ...createRoute({ ...spec, access, admit: (caller) => withScope(caller, scope) }) };
    }
    case 'key': {
      const { scope } = spec;
      return { auth, scope, ...createRoute({ ...spec, access, admit: (caller) => keyOf(withScope(caller, scope)) }) };
    }
  }
}

function accessOf({ auth, scope }: Pick<PublicRoute, 'auth' | 'scope'>): Access {
  return {
    isOpen: auth === 'public',
    schemes: auth === 'key' ? ['apiKey'] : ['apiKey', 'userToken'],
    ...(scope === undefined ? {} : { note: `An API key needs the scope \`${scope}\`.` }),
  };
}

/**
 * Throws `forbidden` for a key without the scope. Users have none: what they may do depends on what it is
 * done to.
 */
function withScope(caller: Caller | undefined, scope: ApiScope): Caller {
  if (caller === undefined) throw missingCredential();
  if (caller.type === 'key' && !hasScope(caller.scopes, scope)) {
    throw new BelfryError('forbidden', { message: `The API key needs the scope ${scope}.` });
  }
  return caller;
}

function keyOf(caller: Caller): KeyCaller {
  if (caller.type === 'key') return caller;
  throw new BelfryError('forbidden', { message: 'This is for API keys, not for user tokens.' });
}
