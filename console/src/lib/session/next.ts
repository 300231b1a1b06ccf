// Where a person goes after signing in: only to a screen of this console, whatever the address says.

/** `base`: the console's own path, with its slash. */
export function safeNext(next: string | null, base: string, origin: string): string {
  if (next === null) return base;
  try {
    const url = new URL(next, origin);
    const isOwn = url.origin === origin && url.pathname.startsWith(base) && !url.pathname.startsWith(`${base}sign-in`);
    return isOwn ? url.pathname + url.search + url.hash : base;
  } catch {
    return base;
  }
}
