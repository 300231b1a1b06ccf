// Checks how addresses, ranges and URLs of variables are written. Who may connect or be called is decided by
// the edges.
import { isIP, isIPv4 } from 'node:net';

/** `10.0.0.0/8`, `::1/128`, or one address. */
export function isAddressRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

/** A number of hops, or the addresses and ranges of the proxies that are believed. */
export function isTrustProxy(text: string): boolean {
  return /^(?:[1-9]|[1-9]\d)$/.test(text) || (text !== '' && splitList(text).every(isAddressRange));
}

/** A name or address that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** Where this machine reaches what listens on `host`, as a URL names it. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** Comma-separated, blanks around the parts ignored, empty parts left out. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export function hasProtocol(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}

/**
 * As `hasProtocol`, of addresses that may name several hosts, separated by commas: `mongodb://a:27017,b:27017/db`.
 * Such a text is no URL.
 */
export function namesHosts(text: string, protocols: readonly string[]): boolean {
  const [, protocol = '', hosts = ''] = /^([a-z+]+:)\/\/(?:[^@/\s]*@)?([^@/?\s]+)(?:[/?]\S*)?$/.exec(text) ?? [];
  return protocols.includes(protocol) && hosts.split(',').every((host) => host !== '' && URL.canParse(`tcp://${host}`));
}
