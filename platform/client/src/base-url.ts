// Where the server is, for a page that may be on the same origin.

/**
 * The server's address without a slash at its end; one without an origin is on the page's. Empty where there
 * is neither, as while a server renders the page: nothing needs it before something is to connect. Throws
 * where it can be no address of a server.
 */
export function baseUrlOf(url: string | undefined, origin: string | undefined): string {
  if ((url ?? origin) === undefined) return '';
  // The address of the socket is as good: its path is ours.
  const address = (url ?? '/').replace(/^ws(?=s?:)/, 'http');
  // A page's origin may be none, as of a file.
  if (!/^https?:/.test(String(address.startsWith('/') ? origin : address))) throw badUrl();
  return new URL(address, origin).href.replace(/\/+$/, '');
}

export function badUrl(): Error {
  return new Error('`url` must be an http(s):// address.');
}
