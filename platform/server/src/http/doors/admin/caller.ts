// A caller of the console's API: from where a request comes, and the session it is of, if any. What that
// session may do: enter.ts.

import { BelfryError } from '@belfry/protocol';
import type { AuditSource } from '../../../accounts/audit.ts';
import type { LiveSession, Origin } from '../../../accounts/console-sessions.ts';

export interface AdminCaller {
  session: LiveSession | undefined;
  origin: Origin;
  /** The part of the address that counts as one caller. */
  network: string;
  requestId: string;
  /** The version in `If-Match`; undefined without the header, 0 for one that no version has. */
  ifVersion: number | undefined;
  /** Whether the browser reaches the server by https. */
  isSecure: boolean;
}

export interface SignedIn extends AdminCaller {
  session: LiveSession;
}

export function signedOut(): BelfryError {
  return new BelfryError('unauthorized', { message: 'There is no session, or it is over. Sign in.' });
}

/** Throws `unauthorized`. */
export function needSession(caller: AdminCaller): SignedIn {
  const { session } = caller;
  if (session === undefined) throw signedOut();
  return { ...caller, session };
}

/** As the audit names whoever asks. */
export function sourceOf({ session, origin, requestId }: AdminCaller): AuditSource {
  const account = session?.account;
  return {
    actor:
      account === undefined
        ? { type: 'nobody', id: '', name: '' }
        : { type: 'account', id: account.id, name: account.name },
    ...{ via: 'console', address: origin.address, requestId },
  };
}
