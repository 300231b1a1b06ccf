// For features that have to tell a new connection what the old one knew.
import type { Belfry, Unsubscribe } from '../types.ts';

/** Called now if there is a connection, and again for each further one. */
export function onConnected(belfry: Pick<Belfry, 'snapshot' | 'subscribe'>, run: () => void): Unsubscribe {
  let known: string | undefined;
  const look = (): void => {
    const { status, connectionId } = belfry.snapshot();
    const now = status === 'connected' ? connectionId : undefined;
    if (now === known) return;
    known = now;
    if (now !== undefined) run();
  };
  look();
  return belfry.subscribe(look);
}
