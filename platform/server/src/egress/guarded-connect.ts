// Opens the sockets of outgoing HTTP calls, to addresses that were checked and to no other. What is sent over
// them is egress.ts's business.

import { buildConnector } from 'undici';
import { createGuardedLookup, refusalOfAddress, type GuardDeps } from './guarded-lookup.ts';

export function createGuardedConnect(deps: GuardDeps): buildConnector.connector {
  const connect = buildConnector({ lookup: createGuardedLookup(deps), allowH2: true });
  return (options, callback) => {
    const refusal = refusalOfAddress(options.hostname.replace(/^\[(.*)\]$/, '$1'), deps.checkAddress);
    if (refusal === undefined) connect(options, callback);
    else callback(refusal, null);
  };
}
