// Whether a call changes something. Some ask with a body: how many that concerns, what would happen, whether
// something is good; and the lists that are followed are opened with one.

/** Paths of such calls. */
export const asks = /\/(?:check|explain|impact|inspect|preview)$|\/views(?:\/|$)/;

/** `path`: of the route, with its names in braces. */
export function isWrite(method: string, path: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && !asks.test(path);
}
