// The user's token: asked for once at a time, kept until near its end, renewed before it. Its uses are the
// caller's.
import { bytesOfBase64url } from './base64url.ts';
import { isObject } from './serializer.ts';
import { longestTimerMs, TimedCall } from './timed-call.ts';
import type { Clock, GetToken, Surroundings, TokenReason } from './types.ts';

export interface Token {
  text: string;
  /**
   * `sub`, read without verifying it: the server does that, the client only needs to know whose messages
   * these are.
   */
  userId: string | undefined;
}

export interface AuthListener {
  /**
   * Whether there is a connection that ends with its token. Otherwise the next token is asked for when it is
   * needed.
   */
  isConnected(): boolean;
  /** A fresh token took the place of one that was about to end; null: nobody is signed in any more. */
  renewed(token: Token | null): void;
  /** A renewal failed; it is tried again. */
  renewalFailed(error: unknown): void;
}

/**
 * A token is renewed this long before its end: the server says `auth_expiring` at 60 s, and a renewal may
 * have to be tried twice.
 */
const renewBeforeMs = 90_000;
/** After a renewal that failed. */
const retryRenewalMs = 10_000;
const answerWithinMs = 20_000;

interface Held {
  token: Token;
  /** By the monotonic clock, ms: a clock that is set while the page is open ends no token. */
  gotAt: number;
  /**
   * From then on, by the client's own time of day; Infinity when the token does not say, or that is so wrong
   * that it would be over already.
   */
  lifeMs: number;
}

export class Auth {
  readonly #getToken: GetToken | undefined;
  readonly #clock: Clock;
  #listener: AuthListener | undefined;
  #held: Held | undefined;
  /** Stays when the token is of no use any more. */
  #userId: string | undefined;
  readonly #asking: TimedCall<Token | null>;
  #isSignedOut = false;
  /** `getToken` gave null. Somebody may be signed in by now; only a connection is reason to look. */
  #isNobody = false;
  /** HTTP calls may ask for a token after `stop`; nothing is renewed then. */
  #isStopped = false;
  #cancelRenewal: (() => void) | undefined;

  constructor(getToken: GetToken | undefined, { clock }: Pick<Surroundings, 'clock'>) {
    this.#getToken = getToken;
    this.#clock = clock;
    this.#asking = new TimedCall(clock);
  }

  /** Without a listener nothing is renewed before it is asked for. */
  listen(listener: AuthListener): void {
    this.#listener = listener;
  }

  /**
   * The token to use now, a fresh one when the one at hand is near its end; null when nobody is signed in.
   * Rejects with what the application's `getToken` rejected with, or after 20 s.
   */
  async token(reason: TokenReason): Promise<Token | null> {
    const held = this.#held;
    if (held && this.#clock.monotonic() < held.gotAt + usableMs(held)) return held.token;
    return await this.#ask(reason);
  }

  /**
   * The user who is signed in, as the last token said; undefined until there was one, and while another is
   * asked for after `signedIn`.
   */
  userId(): string | undefined {
    return this.#userId;
  }

  /** The token is of no use any more: the next is a fresh one. */
  invalidate(): void {
    this.#held = undefined;
    this.#renewAfter(Infinity);
  }

  /** Nobody is signed in, without asking; until `signedIn`. */
  signOut(): void {
    this.#drop();
    this.#isSignedOut = true;
  }

  signedIn(): void {
    this.#drop();
    this.#isSignedOut = this.#isNobody = false;
  }

  /** The server says that the token ends after `leftMs`. */
  expiring(leftMs: number): void {
    if (!this.#held) return void this.#renew();
    // The server warns about a token of a minute as soon as it is used: only one that is older than what it
    // has left is renewed now.
    const ageMs = this.#clock.monotonic() - this.#held.gotAt;
    this.#renewAfter(Math.max(0, (leftMs - ageMs) / 2));
  }

  stop(): void {
    this.#drop();
    this.#isStopped = true;
  }

  #ask(reason: TokenReason): Promise<Token | null> {
    const getToken = this.#getToken;
    if (!getToken || this.#isSignedOut || (this.#isNobody && reason === 'http')) return Promise.resolve(null);
    return this.#asking.join(answerWithinMs, async (signal) => {
      const text = textOf(await Promise.race([getToken({ reason, signal }), whenAborted(signal)]));
      // The token is of the user who was signed in before; whoever waits for it asks again.
      if (signal.aborted) throw signal.reason;
      const held = text === null ? undefined : hold(text, this.#clock);
      this.#held = held;
      this.#isNobody = !held;
      this.#userId = held?.token.userId;
      this.#renewAfter(held ? usableMs(held) : Infinity);
      return held?.token ?? null;
    });
  }

  #renewAfter(delayMs: number): void {
    this.#cancelRenewal?.();
    const isTimed = !this.#isStopped && delayMs < longestTimerMs;
    this.#cancelRenewal = isTimed ? this.#clock.setTimer(() => void this.#renew(), delayMs) : undefined;
  }

  async #renew(): Promise<void> {
    const listener = this.#listener;
    if (!listener?.isConnected()) return;
    try {
      listener.renewed(await this.#ask('renew'));
    } catch (error) {
      if (this.#isSignedOut) return;
      listener.renewalFailed(error);
      this.#renewAfter(retryRenewalMs);
    }
  }

  #drop(): void {
    this.#asking.abort('another user');
    this.#held = undefined;
    this.#userId = undefined;
    this.#renewAfter(Infinity);
  }
}

function textOf(given: unknown): string | null {
  const text = isObject(given) ? given['token'] : given;
  // Of an answer that was not read as JSON the server could only say that it is no token.
  if (text === null || (typeof text === 'string' && /^[^\s"{]*$/.test(text))) return text;
  throw new Error('getToken must give a token, { token } or null.');
}

function hold(text: string, clock: Clock): Held {
  const { sub, exp } = claimsOf(text);
  const lifeMs = Number(exp) * 1000 - clock.now();
  return {
    token: { text, userId: typeof sub === 'string' ? sub : undefined },
    gotAt: clock.monotonic(),
    lifeMs: lifeMs > 0 ? lifeMs : Infinity,
  };
}

/**
 * How long a token may be used after it was got: a short one for two thirds of its life, or it would be
 * renewed without end.
 */
function usableMs({ lifeMs }: Held): number {
  return Math.max(lifeMs - renewBeforeMs, (lifeMs * 2) / 3);
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** Empty for a token that cannot be read. */
function claimsOf(token: string): Record<string, unknown> {
  try {
    const bytes = bytesOfBase64url(token.split('.')[1] ?? '');
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isObject(claims) ? claims : {};
  } catch {
    return {};
  }
}
