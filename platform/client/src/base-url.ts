// Where the server is, for a page that may be on the same origin.

/**
 * The server's address without a slash at its end; one without an origin is on the page's. Throws where there
 * is neither.
 */
export function baseUrlOf(url: string | undefined, origin: string | undefined): string {
  if (url === undefined && origin === undefined)
    throw new Error('createBelfry needs `url` where there is no page: the address of the Belfry server.');
  return new URL(url ?? '/', origin).href.replace(/\/+$/, '');
}
