// Keeps Belfry and the clinic's session together: signing in connects, and a user whom Belfry refuses is
// signed out.
import type { Belfry } from '@belfry/client';
import { hasSession, onSessionChange, sessionEnded } from './session.ts';

export function followSession(belfry: Belfry): void {
  // Synchronously, before React shows the next page: its connection is to be the new user's.
  onSessionChange(() => {
    if (hasSession()) belfry.signedIn();
    else belfry.signedOut();
  });

  let wasSignedOut = false;
  belfry.subscribe(() => {
    const isSignedOut = belfry.snapshot().status === 'signed_out';
    // An administrator signed this user out, or the back end has no token for them.
    if (isSignedOut && !wasSignedOut && hasSession()) sessionEnded();
    wasSignedOut = isSignedOut;
  });
}
