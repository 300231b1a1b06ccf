// From a host name to the addresses that may be dialled for it. Each address is checked by check-address.ts.

import { lookup } from 'node:dns/promises';
import type { CheckAddress } from './check-address.ts';

/** All addresses of a name, as the machine finds them. Rejects as `dns.lookup` does. */
export type Resolve = (name: string) => Promise<readonly string[]>;

export type Dialled = { ok: true; addresses: readonly string[] } | { ok: false; reason: string };

export const resolveBySystem: Resolve = async (name) =>
  (await lookup(name, { all: true, order: 'verbatim' })).map(({ address }) => address);

/**
 * One refused address refuses the name, or an attacker's name would only need a public address beside the one
 * that is meant. Except where the operator allowed some of them: `localhost` is ::1 as well, and who allows
 * 127.0.0.0/8 means 127.0.0.1; then those alone are dialled.
 */
export function chooseAddresses(addresses: readonly string[], checkAddress: CheckAddress): Dialled {
  const checked = addresses.map((address) => ({ address, ...checkAddress(address) }));
  const refusal = checked.find((each) => each.verdict === 'refused');
  if (refusal === undefined || !('reason' in refusal)) {
    return addresses.length > 0 ? { ok: true, addresses } : { ok: false, reason: 'the name has no address' };
  }
  const allowed = checked.filter(({ verdict }) => verdict === 'allowed').map(({ address }) => address);
  return allowed.length > 0 ? { ok: true, addresses: allowed } : { ok: false, reason: refusal.reason };
}
