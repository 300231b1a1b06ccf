// Checks one address: whether an outgoing call may be sent to it. How an address was written or found:
// check-url-text.ts and resolve-target.ts.

import ipaddr from 'ipaddr.js';

/** `allowed`: not a public address, but one that the operator named. */
export type AddressVerdict = { verdict: 'public' | 'allowed' } | { verdict: 'refused'; reason: string };

export type CheckAddress = (address: string) => AddressVerdict;

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * IANA gives this out for the whole world; every other block of IPv6 has a purpose of its own, known today or
 * not yet.
 */
const globalUnicast = ipaddr.parseCIDR('2000::/3');

/**
 * Where a cloud answers its machines alone, although the address looks public: Azure's agent and metadata.
 */
const disguised = new Set(['168.63.129.16']);

const names: Readonly<Record<string, string>> = {
  loopback: 'an address of this machine',
  private: 'a private address',
  uniqueLocal: 'a private address',
  carrierGradeNat: 'a private address',
  linkLocal: 'a link-local address, where clouds keep their metadata',
  multicast: 'a multicast address',
  broadcast: 'a broadcast address',
  unspecified: 'no address of any machine',
  ipv4Mapped: 'an IPv4 address inside of an IPv6 one',
  '6to4': 'an IPv4 address inside of an IPv6 one',
  rfc6052: 'an IPv4 address inside of an IPv6 one',
  rfc6145: 'an IPv4 address inside of an IPv6 one',
  teredo: 'an IPv4 address inside of an IPv6 one',
};

/** `allow`: ranges or single addresses, as OUTBOUND_ALLOW has them; they have been checked. */
export function createCheckAddress(allow: readonly string[]): CheckAddress {
  const ranges = allow.map(rangeOf);
  return (text) => {
    // A zone (`fe80::1%eth0`) names an interface of this machine.
    if (!ipaddr.isValid(text) || text.includes('%')) return refused(text, 'not an address');
    const address = ipaddr.parse(text);
    if (ranges.some((range) => isInside(address, range))) return { verdict: 'allowed' };
    const range = address.range();
    if (range === 'unicast' && !disguised.has(text) && (isIPv4(address) || isInside(address, globalUnicast))) {
      return { verdict: 'public' };
    }
    return refused(text, names[range] ?? 'an address of a reserved range');
  };
}

function refused(text: string, what: string): AddressVerdict {
  return { verdict: 'refused', reason: `${text} is ${what}; OUTBOUND_ALLOW names those that may be reached` };
}

function rangeOf(text: string): [Address, number] {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.parse(text);
  return [address, isIPv4(address) ? 32 : 128];
}

function isInside(address: Address, [base, bits]: [Address, number]): boolean {
  return address.kind() === base.kind() && address.match(base, bits);
}

function isIPv4(address: Address): boolean {
  return address.kind() === 'ipv4';
}
