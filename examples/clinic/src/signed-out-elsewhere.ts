// Notices that Belfry no longer takes this user (an administrator signed them out) and ends the clinic's session as well.
import { useBelfry } from '@belfry/client/react';
import { useEffect } from 'react';
import { sessionEnded } from './session.ts';

/** Close code of a connection whose user was signed out or whose access was revoked. */
const signedOutCode = 4507;

export function useSignedOutElsewhere(): void {
  const belfry = useBelfry();
  useEffect(
    () =>
      belfry.subscribe(() => {
        const { status, lastClose } = belfry.snapshot();
        if (status !== 'connected' && lastClose?.code === signedOutCode) sessionEnded();
      }),
    [belfry],
  );
}
