// Reads anew what somebody else has changed: news of a tenant's configuration make the answers stale that show
// it. Where no news get through, everything that is shown is read every few seconds.
import type { QueryClient } from '@tanstack/svelte-query';
import { loadSession } from '#lib/session/load.ts';
import { session } from '#lib/session/session.svelte.ts';
import { staleKeys, type ConfigChanged } from './change-keys.ts';
import { live } from './connection.svelte.ts';

/** Where nothing is live. */
const readEveryMs = 10_000;

/** The session says which apps and tenants there are, and as what one is there. */
const ofSession: ReadonlySet<string> = new Set(['app', 'tenant', 'member']);

type Listener = (change: ConfigChanged) => void;
const listeners = new Set<Listener>();

/** For what is shown of a change itself, as who it was of. Until the returned function is called. */
export function onConfigChange(listen: Listener): () => void {
  listeners.add(listen);
  return () => listeners.delete(listen);
}

/** For a component that stays as long as somebody is signed in. */
export function followChanges(queries: QueryClient): void {
  const tenants = $derived((session.current?.tenants ?? []).map(({ id }) => id).join(' '));
  $effect(() => {
    const ends = tenants
      .split(' ')
      .filter((id) => id !== '')
      .map((tenant) => live.topic(`changes.${tenant}`, ({ data }) => take(data as unknown as ConfigChanged, tenant)));
    return () => {
      for (const end of ends) end();
    };
  });
  $effect(() => live.onReturn(() => void queries.invalidateQueries()));
  const isBlocked = $derived(live.state === 'blocked');
  $effect(() => {
    if (!isBlocked) return undefined;
    const timer = setInterval(() => void queries.invalidateQueries(), readEveryMs);
    return () => clearInterval(timer);
  });

  function take(change: ConfigChanged, tenant: string): void {
    for (const queryKey of staleKeys(change, tenant)) void queries.invalidateQueries({ queryKey });
    // What it was before is shown until the next change, or until the page is loaded.
    if (ofSession.has(change.type)) void loadSession().catch(() => undefined);
    for (const listen of listeners) listen(change);
  }
}
