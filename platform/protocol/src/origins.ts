// The pages that an app lets in, by their origin: how a list names them, and whether one is on it. Where they
// are asked for is the server's edges.
import * as z from 'zod';

/** One entry of an app's `allowedOrigins`. What could never match is refused, with the part that is wrong. */
export const allowedOriginSchema = z
  .string()
  .max(300)
  .superRefine((text, context) => {
    const reason = originProblem(text);
    if (reason !== undefined) context.addIssue({ code: 'custom', message: reason });
  });

/**
 * Whether a page of this origin is let in. Entries are compared letter by letter; a star stands for exactly
 * one label. `null`, which any document without an origin sends, has to be named.
 */
export function isAllowedOrigin(allowed: readonly string[], origin: string): boolean {
  return allowed.some((entry) => entry === '*' || entry === origin || isUnderStar(entry, origin));
}

/** Whether it is a page of the server itself, which was asked at `host` (with its port). */
export function isOwnOrigin(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}

function isUnderStar(entry: string, origin: string): boolean {
  const star = entry.indexOf('://*.');
  if (star < 0) return false;
  const [before, after] = [entry.slice(0, star + 3), entry.slice(star + 4)];
  if (!origin.startsWith(before) || !origin.endsWith(after)) return false;
  return /^[a-z0-9_-]+$/.test(origin.slice(before.length, -after.length));
}

/** The host and port of a scheme that is no web scheme: `capacitor://localhost`. */
const plainAuthority = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::\d{1,5})?$/;

/** Why no page could ever send this. */
function originProblem(text: string): string | undefined {
  if (text === '*' || text === 'null' || text === 'file://') return undefined;
  if (/\s/.test(text)) return 'has a blank';
  if (text !== text.toLowerCase()) return `has capitals, and browsers send none: ${text.toLowerCase()}`;
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return 'has no scheme, as in https://example.com';
  if (scheme === 'ws' || scheme === 'wss') return `has the scheme ${scheme}, and a page has http or https`;
  return authorityProblem(scheme, rest);
}

function authorityProblem(scheme: string, rest: string): string | undefined {
  const [authority = ''] = rest.split(/[/?#]/, 1);
  if (rest === `${authority}/`) return 'has a slash at its end, and browsers send none';
  if (rest !== authority) return `has the path ${rest.slice(authority.length)}, and browsers send none`;
  if (authority === '') return 'has no host';
  if (authority.includes('@')) return 'has a user before its host, and browsers send none';
  const stars = authority.split('*').length - 1;
  if (stars > 1) return 'has two stars; one is possible, for the first label: https://*.example.com';
  if (stars === 1 && !authority.startsWith('*.')) {
    return 'has a star that is not the whole first label, as in https://*.example.com';
  }
  const sample = authority.replace('*', 'a');
  if (scheme !== 'http' && scheme !== 'https') {
    return plainAuthority.test(sample) ? undefined : `has a host that cannot be: ${authority}`;
  }
  const given = `${scheme}://${sample}`;
  if (!URL.canParse(given)) return `has a host or port that cannot be: ${authority}`;
  // A host in other letters, a port that goes without saying, an address in another spelling.
  const { origin } = new URL(given);
  if (origin === given) return undefined;
  return `is sent by browsers as ${stars === 1 ? origin.replace('://a.', '://*.') : origin}`;
}
