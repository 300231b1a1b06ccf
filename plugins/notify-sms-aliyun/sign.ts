// The signature of Alibaba Cloud's RPC interface, version 1.0: HMAC-SHA1 over the sorted parameters.
import { createHmac } from 'node:crypto';

/** The parameters of a POST, with their signature. */
export function signed(parameters: Readonly<Record<string, string>>, accessKeySecret: string): Map<string, string> {
  const signature = createHmac('sha1', `${accessKeySecret}&`).update(stringToSign(parameters)).digest('base64');
  return new Map([...Object.entries(parameters), ['Signature', signature]]);
}

function stringToSign(parameters: Readonly<Record<string, string>>): string {
  // By bytes: a locale would sort some letters otherwise.
  const sorted = Object.entries(parameters).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const canonical = sorted.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
  return `POST&${encoded('/')}&${encoded(canonical)}`;
}

/** RFC 3986: stricter than the language's own. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
