// Codes that came in the address: taken out of it at once, so that neither the history nor a look over the
// shoulder has them.

/** Of the fragment, as `#code=...`; undefined where there is none. */
export function takeSecret(name: string): string | undefined {
  const found = new URLSearchParams(location.hash.slice(1)).get(name) ?? undefined;
  if (location.hash !== '') cleanAddress(location.pathname + location.search);
  return found;
}

/** Replaces what the address bar and this tab's history show. */
export function cleanAddress(path: string): void {
  history.replaceState(history.state, '', path);
}
