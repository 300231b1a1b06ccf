// The user's token: asked for once at a time, kept until near its end, renewed before it. What is done with it is the caller's.
import { bytesOfBase64url } from './base64url.ts';
import { isObject } from './serializer.ts';
import type { Clock, GetToken, TokenReason } from './types.ts';

export interface Token {
  text: string;
  /** `sub`, read without verifying: the server judges, we only need to know whose messages these are. */
  userId: string | undefined;
}

export interface Auth {
  /**
   * The token to use now, a fresh one when the one at hand is near its end; null when nobody is signed in. Rejects with what
   * the application's `getToken` rejected with, or after 20 s.
   */
  token(reason: TokenReason): Promise<Token | null>;
  /** Who is signed in, as the last token said; undefined until there was one, and while another is asked for after `signedIn`. */
  userId(): string | undefined;
  /** The token is of no use any more: the next is a fresh one. */
  invalidate(): void;
  /** Nobody is signed in, without asking; until `signedIn`. */
  signOut(): void;
  signedIn(): void;
  /** The server says that the token ends after `leftMs`. */
  expiring(leftMs: number): void;
  stop(): void;
}

export interface AuthOptions {
  getToken: GetToken | undefined;
  clock: Clock;
  /** Whether there is a connection that ends with its token. Otherwise the next one is asked for when it is needed. */
  isInUse: () => boolean;
  /** A fresh token took the place of one that was about to end; null: nobody is signed in any more. */
  renewed: (token: Token | null) => void;
  /** A renewal failed; it is tried again. */
  failed: (error: unknown) => void;
}

/** Before its end a token is renewed: the server says `auth_expiring` at 60 s, and a renewal may have to be tried twice. */
const renewBeforeMs = 90_000;
/** After a renewal that failed. */
const retryRenewalMs = 10_000;
const answerWithinMs = 20_000;
/** `setTimeout` takes no more. */
const maxTimerMs = 2 ** 31 - 1;

interface Held {
  token: Token;
  gotAt: number;
  /** By our own clock; Infinity when the token does not say, or a clock is so wrong that it would be over already. */
  endsAt: number;
}

export function createAuth({ getToken, clock, isInUse, renewed, failed }: AuthOptions): Auth {
  let held: Held | undefined;
  /** Stays when the token is of no use any more. */
  let userId: string | undefined;
  let asking: { promise: Promise<Token | null>; abort: AbortController } | undefined;
  let isSignedOut = false;
  /** HTTP calls may ask for a token after the end; nothing is renewed then. */
  let isStopped = false;
  let cancelRenewal = (): void => undefined;

  function ask(reason: TokenReason): Promise<Token | null> {
    if (getToken === undefined || isSignedOut) return Promise.resolve(null);
    if (asking !== undefined) return asking.promise;
    const abort = new AbortController();
    const promise = answerOf(getToken, reason, abort).finally(() => {
      if (asking?.abort === abort) asking = undefined;
    });
    asking = { promise, abort };
    return promise;
  }

  async function answerOf(get: GetToken, reason: TokenReason, abort: AbortController): Promise<Token | null> {
    const { signal } = abort;
    const cancelTimer = clock.setTimer(() => abort.abort(new Error('getToken did not answer in time')), answerWithinMs);
    try {
      const text = await Promise.race([get({ reason, signal }), whenAborted(signal)]);
      // Of who was signed in before; whoever waits for it asks again.
      if (signal.aborted) throw signal.reason;
      held = text === null ? undefined : hold(text);
      userId = held?.token.userId;
      renewAt(held === undefined ? Infinity : lifeOf(held));
      return held?.token ?? null;
    } finally {
      cancelTimer();
    }
  }

  function hold(text: string): Held {
    const { sub, exp } = claimsOf(text);
    const gotAt = clock.now();
    const endsAt = typeof exp === 'number' && exp * 1000 > gotAt ? exp * 1000 : Infinity;
    return { token: { text, userId: typeof sub === 'string' ? sub : undefined }, gotAt, endsAt };
  }

  /** How long a token that was just got may be used: a short one for two thirds of its life, or it would be renewed without end. */
  function lifeOf({ gotAt, endsAt }: Held): number {
    const lifeMs = endsAt - gotAt;
    return Math.max(lifeMs - renewBeforeMs, (lifeMs * 2) / 3);
  }

  function renewAt(afterMs: number): void {
    cancelRenewal();
    cancelRenewal = () => undefined;
    if (!isStopped && afterMs < maxTimerMs) cancelRenewal = clock.setTimer(() => void renew(), afterMs);
  }

  async function renew(): Promise<void> {
    if (!isInUse()) return;
    try {
      renewed(await ask('renew'));
    } catch (error) {
      if (isSignedOut) return;
      failed(error);
      renewAt(retryRenewalMs);
    }
  }

  function drop(): void {
    asking?.abort.abort(new Error('asked for another user'));
    asking = undefined;
    held = undefined;
    userId = undefined;
    renewAt(Infinity);
  }

  return {
    async token(reason) {
      if (held !== undefined && clock.now() < held.gotAt + lifeOf(held)) return held.token;
      return await ask(reason);
    },
    userId: () => userId,
    invalidate() {
      held = undefined;
      renewAt(Infinity);
    },
    signOut() {
      drop();
      isSignedOut = true;
    },
    signedIn() {
      drop();
      isSignedOut = false;
    },
    expiring(leftMs) {
      if (held === undefined) return void renew();
      // A token of a minute is told to end as soon as it is used: only one that is older than what it has left is renewed now.
      const ageMs = clock.now() - held.gotAt;
      renewAt(Math.max(0, (leftMs - ageMs) / 2));
    },
    stop() {
      drop();
      isStopped = true;
    },
  };
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function claimsOf(token: string): Record<string, unknown> {
  try {
    const bytes = bytesOfBase64url(token.split('.')[1] ?? '');
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isObject(claims) ? claims : {};
  } catch {
    return {};
  }
}
