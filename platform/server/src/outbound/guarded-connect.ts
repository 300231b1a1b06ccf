// Opens the sockets of outgoing calls, to addresses that were judged and to no other. What is sent over them is outbound.ts's business.

import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import type { JudgeAddress } from './address-judge.ts';
import { chooseAddresses, type Resolve } from './resolve-target.ts';

/** An outgoing call was not made because of where it would have gone. */
export class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError';
  readonly code = 'REFUSED_ADDRESS';
}

/**
 * A name is resolved once, and what came of it is judged and dialled: a name server that answers differently the next time (DNS rebinding) gains
 * nothing. An address in the URL is never looked up by Node, so it is judged here first.
 */
export function createGuardedConnect(deps: { judge: JudgeAddress; resolve: Resolve }): buildConnector.connector {
  const { judge, resolve } = deps;
  const lookup: LookupFunction = (name, options, callback) => {
    resolve(name).then(
      (addresses) => {
        const chosen = chooseAddresses(addresses, judge);
        if (!chosen.ok) {
          callback(new RefusedAddressError(chosen.reason), '');
          return;
        }
        const found = chosen.addresses.map((address) => ({ address, family: isIP(address) }));
        const [first] = found;
        if (options.all === true || first === undefined) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error('the name could not be resolved'), ''),
    );
  };
  const connect = buildConnector({ lookup, allowH2: true });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[(.*)\]$/, '$1');
    const verdict = isIP(host) === 0 ? undefined : judge(host);
    if (verdict?.verdict === 'refused') {
      callback(new RefusedAddressError(verdict.reason), null);
      return;
    }
    connect(options, callback);
  };
}
