// Whoever is signed in joins with the account that they have.
import { loadSession } from '#lib/session/load.ts';

export async function load(): Promise<void> {
  await loadSession();
}
