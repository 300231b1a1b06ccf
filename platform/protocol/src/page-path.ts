// Turns what a browser calls its page into one canonical path. Which policy the path falls under: pages.ts.

/**
 * The canonical form of a page's path: without origin, query, hash, duplicate slashes, trailing slash and dot
 * segments, and percent-decoded, except for the characters that would change how the path is read (`%`, `/`,
 * `\`, `?`, `#`, controls).
 *
 * Never throws, and normalizing twice changes nothing: `/a%2Fb` stays one segment, `%2e%2e` climbs like `..`
 * as it does in browsers, and a percent sign that encodes nothing stands for itself.
 */
export function normalizePath(path: string): string {
  const withoutOrigin = path.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/, '');
  const end = withoutOrigin.search(/[?#]/);
  const segments: string[] = [];
  for (const raw of (end === -1 ? withoutOrigin : withoutOrigin.slice(0, end)).split('/')) {
    const segment = canonicalSegment(raw);
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

/** The parts of a normalized path or of a pattern. */
export function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function canonicalSegment(raw: string): string {
  return decode(raw).replace(/[%/\\?#\u0000-\u001f\u007f]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
