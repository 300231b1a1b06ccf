// Checks a URL by its text alone: scheme, credentials, how its host is written. What a host name stands for
// is resolve-target.ts.

import { isIP } from 'node:net';

export type TextVerdict = { ok: true; url: URL; host: Host } | { ok: false; reason: string };

/** `address`: without the brackets of IPv6. */
export type Host = { kind: 'address'; address: string } | { kind: 'name'; name: string };

/**
 * As people and specifications write one; a host of anything else that turns out to be an address is a
 * disguise.
 */
const dottedDecimal = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

export function checkUrlText(text: string): TextVerdict {
  // The parser leaves out tabs and line ends wherever they stand, so that what people see is not what is
  // called.
  // A backslash is a slash to browsers and a letter to others: two readers, two hosts.
  if (/[\u0000-\u0020\u007f\\]/.test(text)) {
    return { ok: false, reason: 'must not have blanks, backslashes or control characters' };
  }
  if (!URL.canParse(text)) return { ok: false, reason: 'is not a URL' };
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { ok: false, reason: 'must begin with https or http' };
  if (url.username !== '' || url.password !== '' || /^[^:]*:\/*[^/?#]*@/.test(text)) {
    return { ok: false, reason: 'must not have a user or password in it' };
  }
  const host = hostOf(url);
  // The parser makes 127.0.0.1 of 2130706433, 0x7f.1, 0177.0.0.1, full-width digits and percent escapes;
  // whoever writes so hides something.
  if (host.kind === 'address' && isIP(host.address) === 4 && !dottedDecimal.test(writtenHost(text))) {
    return { ok: false, reason: 'must have its address written as four decimal numbers' };
  }
  return { ok: true, url, host };
}

function hostOf({ hostname }: URL): Host {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? { kind: 'name', name: bare } : { kind: 'address', address: bare };
}

/** Of a text that parses and holds no credentials: what stands between the slashes and the port. */
function writtenHost(text: string): string {
  return /^[^:]*:\/*([^/?#:]*)/.exec(text)?.[1] ?? '';
}
