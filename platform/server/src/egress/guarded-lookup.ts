// Looks names up for outgoing sockets, and gives out only addresses that were checked. Opening the sockets is
// guarded-connect.ts and guarded-dial.ts.

import { isIP, type LookupFunction } from 'node:net';
import type { CheckAddress } from './check-address.ts';
import { chooseAddresses, type Resolve } from './resolve-target.ts';

/** An outgoing call was not made because of where it would have gone. */
export class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError';
  readonly code = 'REFUSED_ADDRESS';
}

export interface GuardDeps {
  checkAddress: CheckAddress;
  resolve: Resolve;
}

/**
 * A name is resolved once, and what came of it is checked and dialled: a name server that answers differently
 * the next time (DNS rebinding) gains nothing.
 */
export function createGuardedLookup({ checkAddress, resolve }: GuardDeps): LookupFunction {
  return (name, options, callback) => {
    resolve(name).then(
      (addresses) => {
        const chosen = chooseAddresses(addresses, checkAddress);
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
}

/**
 * An address instead of a name is never looked up by Node, so it is checked here first. Undefined when it is
 * a name, or may be reached.
 */
export function refusalOfAddress(host: string, checkAddress: CheckAddress): RefusedAddressError | undefined {
  const verdict = isIP(host) === 0 ? undefined : checkAddress(host);
  return verdict?.verdict === 'refused' ? new RefusedAddressError(verdict.reason) : undefined;
}
