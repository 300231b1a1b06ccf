// Reads what the page gave the worker in its address, and where a notification leads. Decides nothing about
// showing it.
import type { WorkerOptions } from '../push/worker-messages.ts';

export function readOptions(address: string): WorkerOptions {
  const { searchParams, origin } = new URL(address);
  const given = (name: keyof WorkerOptions): string | undefined => searchParams.get(name) ?? undefined;
  return { server: given('server') ?? origin, open: given('open') ?? '/', icon: given('icon'), badge: given('badge') };
}

/** A path on the page's own origin: a sender's `url` that leads elsewhere is not followed. */
export function urlOf(data: Readonly<Record<string, unknown>>, { open }: WorkerOptions, origin: string): string {
  const { url, conversationId } = data;
  const wanted = typeof url === 'string' ? readUrl(url, origin) : undefined;
  if (wanted?.origin === origin) return wanted.pathname + wanted.search + wanted.hash;
  if (typeof conversationId === 'string') {
    return open.replaceAll('{conversationId}', encodeURIComponent(conversationId));
  }
  return open.includes('{conversationId}') ? '/' : open;
}

/** Safari 16.4, the first with pushes, cannot be asked beforehand (`URL.canParse`). */
function readUrl(text: string, origin: string): URL | undefined {
  try {
    return new URL(text, origin);
  } catch {
    return undefined;
  }
}
