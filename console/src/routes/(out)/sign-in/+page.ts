// Whoever is signed in has no business here; where nobody can be so far, setup comes first.
import { redirect } from '@sveltejs/kit';
import { addresses } from '#lib/addresses.ts';
import { loadSession } from '#lib/session/load.ts';
import { safeNext } from '#lib/session/next.ts';

export async function load({ url }: { url: URL }): Promise<void> {
  const out = await loadSession();
  if (out === undefined) redirect(307, safeNext(url.searchParams.get('next'), addresses.start(), url.origin));
  if (out.setupNeeded) redirect(307, addresses.setup());
}
