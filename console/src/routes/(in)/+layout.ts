// Nobody sees a screen who is not signed in; the way back to it is kept.
import { redirect } from '@sveltejs/kit';
import { addresses } from '#lib/addresses.ts';
import { loadSession } from '#lib/session/load.ts';
import { session } from '#lib/session/session.svelte.ts';

export async function load({ url, untrack }: { url: URL; untrack: <T>(read: () => T) => T }): Promise<void> {
  if (session.current !== undefined) return;
  const out = await loadSession();
  if (out === undefined) return;
  if (out.setupNeeded) redirect(307, addresses.setup());
  const here = untrack(() => url.pathname + url.search);
  redirect(
    307,
    here === addresses.start() ? addresses.signIn() : `${addresses.signIn()}?next=${encodeURIComponent(here)}`,
  );
}
