// The address a request really comes from, behind the proxies that are trusted. Deciding what may connect
// from where is not done here.

import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';

export type ClientAddress = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/**
 * `trustProxy` is a number of hops (`"1"`), or addresses and ranges separated by commas; undefined: no proxy
 * is trusted, and `X-Forwarded-For` is text that anybody can write.
 */
export function createClientAddress(trustProxy: string | undefined): ClientAddress {
  // Nothing that a client can write is read then.
  if (trustProxy === undefined) return ({ socket }) => plain(socket.remoteAddress);
  const isTrusted = trustOf(trustProxy);
  return (request) => {
    const headers = { 'x-forwarded-for': bareAddresses(request.headers['x-forwarded-for']) };
    // The peer first, then each hop outwards, up to the first that is not trusted. No more of a request is
    // read than its headers and socket.
    const read = { headers, socket: request.socket } as unknown as IncomingMessage;
    const [peer = '', ...hops] = proxyAddr.all(read, isTrusted).map(plain);
    // With a number of hops any text is followed: what is not an address was not written by a proxy.
    const forged = hops.findIndex((hop) => isIP(hop) === 0);
    return (forged < 0 ? hops : hops.slice(0, forged)).at(-1) ?? peer;
  };
}

function trustOf(trustProxy: string): (address: string, distance: number) => boolean {
  if (/^\d+$/.test(trustProxy)) {
    const trusted = Number(trustProxy);
    return (_address, distance) => distance < trusted;
  }
  return proxyAddr.compile(trustProxy.split(',').flatMap((range) => rangesOf(range.trim())));
}

/** The library takes no range that is everything; its two halves it takes. */
function rangesOf(range: string): string[] {
  const [address = '', prefix] = range.split('/');
  if (address === '') return [];
  if (prefix === undefined || Number(prefix) > 0) return [range];
  return isIP(address) === 4 ? ['0.0.0.0/1', '128.0.0.0/1'] : ['::/1', '8000::/1'];
}

/**
 * Proxies write an address in several ways: with the port of the connection, an IPv6 address in brackets,
 * quoted, with commas and blanks too many. What is no address is left as it stands.
 */
function bareAddresses(header: string | string[] | undefined): string {
  return String(header ?? '')
    .split(',')
    .map((part) => part.replaceAll('"', '').trim())
    .filter((part) => part !== '')
    .map((part) => /^\[([^\]]*)\](?::\d{1,5})?$/.exec(part)?.[1] ?? part)
    .map((part) => /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(part)?.[1] ?? part)
    .join(', ');
}

/** An IPv4 address that came in over an IPv6 socket is the same address. */
function plain(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}

/**
 * The part that counts as one address: of IPv6 the /64, which a provider gives to one customer, and in which
 * everybody has 2^64 addresses to come from.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const before = head.split(':').filter((group) => group !== '');
  const after = tail === undefined ? [] : tail.split(':').filter((group) => group !== '');
  const dotted = after.at(-1)?.includes('.') === true ? 1 : 0;
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length - dotted);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
