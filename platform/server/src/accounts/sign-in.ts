// Signing in and confirming: password, then a code where the account has a second factor. Guessing is slow,
// and says nothing about which accounts there are.

import { BelfryError, isBelfryError } from '@belfry/protocol';
import * as z from 'zod';
import type { Clock } from '../ports/clock.ts';
import { consoleApp } from '../ports/app-id.ts';
import type { Rates } from '../ports/rates.ts';
import type { AccountRecord } from '../ports/stores/index.ts';
import type { Versioned } from '../ports/stores/versioned.ts';
import { Sealer } from '../sealing/seal.ts';
import { foldEmail, type Accounts } from './accounts.ts';
import type { Attempts } from './attempts.ts';
import type { ConsoleSessions, LiveSession, Origin } from './console-sessions.ts';
import type { Passwords } from './passwords.ts';
import { hashOfSecret } from './secret-text.ts';
import { hasSecondFactor, type SecondFactors } from './second-factor.ts';

/** How long after the password the code may come. */
const challengeMs = 5 * 60_000;
const codesPerChallenge = 5;
/** Over all nodes; on each of them it is slower by itself. */
const triesPerMinute = 30;
const minuteMs = 60_000;

/** From where somebody tries; `network`: the part of the address that counts as one caller. */
export interface Knocking {
  network: string;
  origin: Origin;
  requestId: string;
}

/** `code`: a second factor; `recoveryCode`: in its place. */
export type GivenCode = { code: string } | { recoveryCode: string };

export type FirstStep =
  | { next: 'session'; account: Versioned<AccountRecord> }
  | { next: 'code'; account: Versioned<AccountRecord>; challenge: string };

export interface SignInDeps {
  accounts: Accounts;
  sessions: Pick<ConsoleSessions, 'ofAccount' | 'confirm'>;
  passwords: Passwords;
  factors: SecondFactors;
  attempts: Attempts;
  rates: Pick<Rates, 'take'>;
  clock: Clock;
  /** Whether a session's address is in that network. */
  isInNetwork: (address: string, network: string) => boolean;
  /** Of a known account: `failures` in a row. */
  onFailed: (account: AccountRecord, failures: number, from: Knocking) => Promise<void>;
}

const challengeSchema = z.tuple([z.string(), z.string()]);

export class SignIn {
  readonly #deps: SignInDeps;
  readonly #sealer: Sealer;

  /** `secret` is the installation's, the same on every node. */
  constructor({ secret, ...deps }: SignInDeps & { secret: string }) {
    this.#deps = deps;
    this.#sealer = new Sealer(secret, 'console sign-in');
  }

  /** Throws `unauthorized`, the same for a wrong password and for no account, and `rate_limited`. */
  async withPassword(given: { email: string; password: string }, from: Knocking): Promise<FirstStep> {
    const { network } = from;
    const { accounts, passwords } = this.#deps;
    const account = await accounts.byEmail(given.email);
    const names = await this.#namesFor(account, { email: given.email, network });
    await this.#begin([...names.whole, ...names.once]);
    const isRight = await passwords.verify(given.password, account?.passwordHash, network);
    if (!isRight || account === undefined) {
      this.#failed(account, names.whole[0], from);
      throw new BelfryError('unauthorized', { message: 'The e-mail address or the password is wrong.' });
    }
    this.#deps.attempts.succeeded(names);
    if (!hasSecondFactor(account)) return { next: 'session', account };
    const expiresAtMs = this.#deps.clock.now() + challengeMs;
    const challenge = this.#sealer.seal(consoleApp, [account.id, hashOfSecret(account.passwordHash)], { expiresAtMs });
    return { next: 'code', account, challenge };
  }

  /** The account whose second step it is. Throws `unauthorized` and `rate_limited`. */
  async withCode(challenge: string, given: GivenCode, from: Knocking): Promise<Versioned<AccountRecord>> {
    const { accounts, clock, rates, attempts } = this.#deps;
    const opened = this.#sealer.open(challenge, { schema: challengeSchema, nowMs: clock.now() });
    const [id = '', passwordHash] = opened?.payload ?? [];
    const account = await accounts.find(id);
    if (account === undefined || hashOfSecret(account.passwordHash) !== passwordHash) {
      throw new BelfryError('unauthorized', { message: 'The sign-in took too long. Begin again with the password.' });
    }
    const key = `console code:${hashOfSecret(challenge)}`;
    const turn = await rates.take([{ key, limit: codesPerChallenge, perMs: challengeMs }]);
    if (!turn.ok) throw new BelfryError('rate_limited', { afterMs: turn.afterMs });
    const names = [`code ${account.id}`, `address ${from.network}`];
    await this.#begin(names);
    if (!(await this.#isGood(account, given))) {
      this.#failed(account, names[0], from);
      throw new BelfryError('unauthorized', { message: 'The code is wrong, or was used before.' });
    }
    attempts.succeeded({ whole: names.slice(0, 1), once: names.slice(1) });
    return accounts.get(account.id);
  }

  /** Somebody who is signed in gives a password or a code again: until when that counts. */
  async confirm(
    session: LiveSession,
    given: { password: string } | { code: string } | { anyCode: string },
    from: Knocking,
  ): Promise<number> {
    const { account } = session;
    // Of their own session alone: they are in already, and guess for nobody else.
    const names = [`account ${account.email} from ${from.network}`];
    await this.#begin(names);
    const isRight = await this.#isOwners(account, given, from.network);
    if (!isRight) {
      this.#failed(account, names[0], from);
      throw new BelfryError('forbidden', { message: 'The password or the code is wrong.' });
    }
    this.#deps.attempts.succeeded({ whole: names, once: [] });
    return this.#deps.sessions.confirm(session);
  }

  /** `anyCode`: a code, or a recovery code in its place. */
  async #isOwners(
    account: AccountRecord,
    given: { password: string } | { code: string } | { anyCode: string },
    network: string,
  ): Promise<boolean> {
    if ('password' in given) return this.#deps.passwords.verify(given.password, account.passwordHash, network);
    if ('code' in given) return this.#isGood(account, given);
    const { anyCode } = given;
    return (await this.#isGood(account, { code: anyCode })) || (await this.#isGood(account, { recoveryCode: anyCode }));
  }

  async #isGood(account: AccountRecord, given: GivenCode): Promise<boolean> {
    const { factors } = this.#deps;
    return 'code' in given
      ? factors.take(account.id, given.code)
      : factors.takeRecovery(account.id, given.recoveryCode);
  }

  /**
   * `whole`: counts anew after a success. From an address where the account is signed in, what others guess
   * elsewhere does not count: nobody is to be shut out by strangers.
   */
  async #namesFor(
    account: AccountRecord | undefined,
    { email, network }: { email: string; network: string },
  ): Promise<{ whole: string[]; once: string[] }> {
    const { sessions, isInNetwork } = this.#deps;
    // Asked for without an account as well, so that it takes as long.
    const known = await sessions.ofAccount(account?.id ?? '');
    const isKnownHere = known.some(({ address }) => isInNetwork(address, network));
    const whole = `account ${foldEmail(email)}`;
    return { whole: [isKnownHere ? `${whole} from ${network}` : whole], once: [`address ${network}`] };
  }

  async #begin(names: readonly string[]): Promise<void> {
    const { rates, attempts } = this.#deps;
    const shared = names.map((name) => ({
      key: `console sign-in:all:${hashOfSecret(name)}`,
      limit: triesPerMinute,
      perMs: minuteMs,
    }));
    // Counts that can't be reached stop nobody: this node has its own.
    const turn = await rates.take(shared).catch(grantedWithout);
    if (!turn.ok) throw new BelfryError('rate_limited', { afterMs: turn.afterMs });
    await attempts.begin(names);
  }

  /**
   * The answer does not wait for the entry: only accounts that are there have one, and the wait would tell.
   */
  #failed(account: AccountRecord | undefined, name: string | undefined, from: Knocking): void {
    if (account === undefined) return;
    void this.#deps.onFailed(account, this.#deps.attempts.failuresOf(name ?? ''), from).catch(() => undefined);
  }
}

function grantedWithout(error: unknown): { ok: true } {
  if (isBelfryError(error) && error.code === 'unavailable') return { ok: true };
  throw error;
}
