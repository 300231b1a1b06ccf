// Setup is done once.
import { redirect } from '@sveltejs/kit';
import { addresses } from '#lib/addresses.ts';
import { loadSession } from '#lib/session/load.ts';

export async function load(): Promise<{ isDone: boolean }> {
  const out = await loadSession();
  if (out === undefined) redirect(307, addresses.start());
  return { isDone: !out.setupNeeded };
}
