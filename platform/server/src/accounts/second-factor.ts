// The second factor of an account: codes of an app on a phone, and recovery codes for when that is lost. When
// one is asked for: sign-in.ts.

import { BelfryError } from '@belfry/protocol';
import { Secret, TOTP } from 'otpauth';
import type { Clock } from '../ports/clock.ts';
import type { AccountRecord, SecondFactor as StoredFactor } from '../ports/stores/index.ts';
import type { Vault } from '../tenancy/vault.ts';
import type { Accounts } from './accounts.ts';
import { hashOfSecret, newCode, normalCode } from './secret-text.ts';

const issuer = 'Belfry';
const periodMs = 30_000;
/** A code is good a step early and a step late: clocks of phones differ. */
const stepsAround = 1;
const secretBytes = 20;
const recoveryCodes = 10;
/** 80 bits. */
const recoveryChars = 16;

export class SecondFactors {
  readonly #accounts: Accounts;
  readonly #vault: Pick<Vault, 'seal' | 'open'>;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(deps: { accounts: Accounts; vault: Pick<Vault, 'seal' | 'open'>; clock: Pick<Clock, 'now'> }) {
    this.#accounts = deps.accounts;
    this.#vault = deps.vault;
    this.#clock = deps.clock;
  }

  /** The address that a phone reads the secret from. It counts once `confirm` has seen a code of it. */
  async begin(account: string): Promise<string> {
    const secret = new Secret({ size: secretBytes });
    const sealed = this.#vault.seal(secret.base32, contextOf(account));
    const { email } = await this.#accounts.change(account, (record) => {
      if (record.totp?.confirmed === true) {
        throw new BelfryError('conflict', { message: 'There is a second factor already: remove it first.' });
      }
      return { ...record, totp: { secret: sealed, confirmed: false, lastStep: 0 } };
    });
    return generator(secret, email).toString();
  }

  /** The recovery codes: shown once, kept as hashes. Throws `invalid_body` for a wrong code. */
  async confirm(account: string, code: string): Promise<readonly string[]> {
    const codes = Array.from({ length: recoveryCodes }, () => newCode(recoveryChars));
    await this.#accounts.change(account, (record) => {
      const { totp } = record;
      if (totp === undefined || totp.confirmed) throw new BelfryError('conflict', { message: 'No factor was begun.' });
      const step = this.#stepOf(record, totp, code);
      if (step === undefined) throw new BelfryError('invalid_body', { message: 'The code is wrong.', path: ['code'] });
      const recoveryHashes = codes.map((each) => hashOfSecret(normalCode(each)));
      return { ...record, totp: { ...totp, confirmed: true, lastStep: step }, recoveryHashes };
    });
    return codes;
  }

  /** Whether the code is good now. It is not good again afterwards. */
  async take(account: string, code: string): Promise<boolean> {
    let isGood = false;
    await this.#accounts.change(account, (record) => {
      isGood = false;
      const { totp } = record;
      const step = totp?.confirmed === true ? this.#stepOf(record, totp, code) : undefined;
      if (totp === undefined || step === undefined) return undefined;
      isGood = true;
      return { ...record, totp: { ...totp, lastStep: step } };
    });
    return isGood;
  }

  /** Whether it is a recovery code of the account. It is not good again afterwards. */
  async takeRecovery(account: string, code: string): Promise<boolean> {
    const hash = hashOfSecret(normalCode(code));
    let isGood = false;
    await this.#accounts.change(account, (record) => {
      isGood = record.recoveryHashes.includes(hash);
      if (!isGood) return undefined;
      return { ...record, recoveryHashes: record.recoveryHashes.filter((each) => each !== hash) };
    });
    return isGood;
  }

  /** False when there was none. */
  async remove(account: string): Promise<boolean> {
    let wasThere = false;
    await this.#accounts.change(account, ({ totp, ...record }) => {
      wasThere = totp !== undefined;
      return wasThere ? { ...record, recoveryHashes: [] } : undefined;
    });
    return wasThere;
  }

  #stepOf({ id, email }: AccountRecord, { secret, lastStep }: StoredFactor, code: string): number | undefined {
    const totp = generator(Secret.fromBase32(this.#vault.open(secret, contextOf(id))), email);
    const timestamp = this.#clock.now();
    const delta = totp.validate({ token: code.replaceAll(/\s/g, ''), timestamp, window: stepsAround });
    if (delta === null) return undefined;
    const step = Math.floor(timestamp / periodMs) + delta;
    return step > lastStep ? step : undefined;
  }
}

export function hasSecondFactor({ totp }: Pick<AccountRecord, 'totp'>): boolean {
  return totp?.confirmed === true;
}

function generator(secret: Secret, email: string): TOTP {
  return new TOTP({ issuer, label: email, algorithm: 'SHA1', digits: 6, period: periodMs / 1000, secret });
}

function contextOf(account: string): string {
  return `account:${account}:totp`;
}
