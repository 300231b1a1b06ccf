// The address a request really comes from, behind the proxies that are believed. Who may connect from where is not decided here.

import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

export type ClientAddress = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/**
 * `trustProxy` is a number of hops (`"1"`), or addresses and ranges separated by commas; undefined: no proxy is believed, and `X-Forwarded-For` is text
 * that anybody can write.
 */
export function createClientAddress(trustProxy: string | undefined): ClientAddress {
  const isTrusted = trustJudge(trustProxy);
  return ({ headers, socket }) => {
    const forwarded = headers['x-forwarded-for'];
    const hops = (typeof forwarded === 'string' ? forwarded : '').split(',').map((hop) => hop.trim());
    let address = plain(socket.remoteAddress ?? '');
    // From the nearest hop outwards: what stands left of the first address that is not believed was written by whoever is there.
    for (let distance = 0; isTrusted(address, distance); distance += 1) {
      const next = hops.pop();
      if (next === undefined || isIP(plain(next)) === 0) break;
      address = plain(next);
    }
    return address;
  };
}

function trustJudge(trustProxy: string | undefined): (address: string, distance: number) => boolean {
  if (trustProxy === undefined) return () => false;
  if (/^\d+$/.test(trustProxy)) {
    const believed = Number(trustProxy);
    return (_address, distance) => distance < believed;
  }
  const list = new BlockList();
  for (const range of trustProxy.split(',').map((part) => part.trim())) {
    const [address = '', prefix] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0) continue;
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** An IPv4 address that came in over an IPv6 socket is the same address. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
