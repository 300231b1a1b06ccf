// The first administrator: made once, by whoever has the code that the server printed. Others are invited:
// links.ts.

import { timingSafeEqual } from 'node:crypto';
import { BelfryError } from '@belfry/protocol';
import * as z from 'zod';
import type { Clock } from '../ports/clock.ts';
import type { Rates } from '../ports/rates.ts';
import { readAllPages } from '../ports/stores/page.ts';
import type { AccountRecord, InstallationStore, TenancyStore } from '../ports/stores/index.ts';
import type { Versioned } from '../ports/stores/versioned.ts';
import type { Accounts } from './accounts.ts';
import type { Members } from './members.ts';
import type { Passwords } from './passwords.ts';
import { hashOfSecret, normalCode } from './secret-text.ts';
import type { SetupCode } from './setup-code.ts';

/** One id, so that of several nodes that are set up at once one makes the account. */
const firstAccountId = 'first';
/** As the first start makes it. */
const firstTenant = 'default';
/**
 * A code that `belfry admin setup-code` made, for installations whose nodes cannot be asked one by one: every
 * node takes it. Stands among the facts of the installation, as a hash.
 */
export const storedCodeKey = 'console_setup_code';
export const storedCodeMs = 60 * 60_000;
const storedCodeSchema = z.object({ hash: z.string(), expiresAt: z.number() });

const triesPerMinute = 5;
const minuteMs = 60_000;

export interface SetupRequest {
  code: string;
  email: string;
  name: string;
  password: string;
  tenantName: string;
  locale: string;
}

export interface SetupDeps {
  accounts: Accounts;
  members: Members;
  tenancy: Pick<TenancyStore, 'tenant' | 'tenants' | 'putTenant'>;
  passwords: Passwords;
  rates: Pick<Rates, 'take'>;
  clock: Pick<Clock, 'now'>;
  /** This node's. */
  code: SetupCode;
  installation: Pick<InstallationStore, 'get'>;
}

export class Setup {
  readonly #deps: SetupDeps;
  #isDone = false;

  constructor(deps: SetupDeps) {
    this.#deps = deps;
  }

  /** Whether there is no administrator yet. */
  async isNeeded(): Promise<boolean> {
    this.#isDone ||= await this.#deps.accounts.isAnyThere();
    return !this.#isDone;
  }

  /**
   * The account is owner of the tenant that the first start made, and of all others that nobody is in. Throws
   * `setup_done`, `unauthorized` for a wrong code, and `rate_limited`.
   */
  async run(request: SetupRequest, network: string): Promise<{ account: Versioned<AccountRecord>; tenants: string[] }> {
    const { rates, code, passwords, accounts, members } = this.#deps;
    const turn = await rates.take([{ key: `console setup:${network}`, limit: triesPerMinute, perMs: minuteMs }]);
    if (!turn.ok) throw new BelfryError('rate_limited', { afterMs: turn.afterMs });
    if (!(await this.isNeeded())) throw new BelfryError('setup_done');
    if (!code.isRight(request.code) && !(await this.#isStored(request.code))) {
      throw new BelfryError('unauthorized', {
        message: 'The code is wrong, or of an earlier start. The server prints a new one each time it starts.',
        path: ['code'],
      });
    }
    const passwordHash = await passwords.hash(request.password, network);
    // Before the account: cut off by a kill, the next try finds them as they are to be.
    const tenants = await this.#tenantsToOwn(request.tenantName);
    for (const tenant of tenants) {
      await members.join(tenant, { account: firstAccountId, role: 'owner', by: request.name });
    }
    const { email, name, locale } = request;
    const account = await accounts.make({ id: firstAccountId, email, name, locale, passwordHash, operator: true });
    if (account === undefined) throw new BelfryError('setup_done');
    code.spend();
    this.#isDone = true;
    return { account, tenants };
  }

  async #isStored(typed: string): Promise<boolean> {
    const { installation, clock } = this.#deps;
    const stored = await installation.get(storedCodeKey);
    if (stored === undefined) return false;
    const { hash, expiresAt } = storedCodeSchema.parse(JSON.parse(stored));
    const given = Buffer.from(hashOfSecret(normalCode(typed)));
    return expiresAt > clock.now() && timingSafeEqual(given, Buffer.from(hash));
  }

  async #tenantsToOwn(name: string): Promise<string[]> {
    const { tenancy, members, clock } = this.#deps;
    const all = await readAllPages((page) => tenancy.tenants(page));
    const first = all.find(({ id }) => id === firstTenant);
    const makesOne = all.length === 0;
    if (makesOne || (first !== undefined && !first.managed)) {
      await tenancy.putTenant({ createdAt: clock.now(), ...first, id: firstTenant, name, managed: false });
    }
    const ids = makesOne ? [firstTenant] : all.map(({ id }) => id);
    const teams = await Promise.all(ids.map((id) => members.team(id)));
    return teams
      .filter((team) => team.members.every(({ account }) => account === firstAccountId))
      .map(({ tenantId }) => tenantId);
  }
}
