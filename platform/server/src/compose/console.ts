// Puts together the parts of the console: accounts, sessions, members, audit, and the door to them.

import { Accounts } from '../accounts/accounts.ts';
import { Attempts } from '../accounts/attempts.ts';
import { Audit } from '../accounts/audit.ts';
import { consoleApp, ConsoleSessions } from '../accounts/console-sessions.ts';
import { Links } from '../accounts/links.ts';
import { Members } from '../accounts/members.ts';
import { Passwords } from '../accounts/passwords.ts';
import { SecondFactors } from '../accounts/second-factor.ts';
import { SetupCode } from '../accounts/setup-code.ts';
import { Setup } from '../accounts/setup.ts';
import { SignIn } from '../accounts/sign-in.ts';
import { version } from '../config/version.ts';
import { networkOf } from '../http/client-address.ts';
import type { Middleware } from '../http/context.ts';
import { createAdminDoor, type AdminDoorDeps } from '../http/doors/admin/admin-door.ts';
import type { PageCursors } from '../http/page-cursor.ts';
import type { EdgesDeps } from './http-parts.ts';
import type { Identity } from './identity.ts';

interface ConsoleDeps extends EdgesDeps {
  identity: Identity;
  cursors: PageCursors;
  /** Path of the playground with its secret. */
  playgroundAddress: string | undefined;
}

export interface ConsoleParts {
  door: Middleware;
  /** The code of the setup, as long as there is no administrator. */
  setupCode: () => Promise<string | undefined>;
}

/** `door`: what all doors are made with. */
export function composeConsole(
  deps: ConsoleDeps,
  door: Omit<AdminDoorDeps, 'services' | 'sessions' | 'trustsProxy'>,
): ConsoleParts {
  const { engine, config, surroundings, core, identity, cursors } = deps;
  const { stores, rates } = engine;
  const { clock, metrics } = surroundings;
  const { secret, vault, apps } = core;
  const accounts = new Accounts({ store: stores.accounts, clock });
  const members = new Members({ store: stores.teams, clock });
  const audit = new Audit({ store: stores.audit, clock });
  const passwords = new Passwords({ metrics });
  const factors = new SecondFactors({ accounts, vault, clock });
  const { sessionIdleMs: idleMs, sessionMaxMs: maxMs } = config.console;
  const sessions = new ConsoleSessions({
    ...{ secret, store: stores.consoleSessions, accounts: stores.accounts, clock, idleMs, maxMs },
  });
  const signOut = (account: string) => identity.signOut.signOut(consoleApp, `acc:${account}`);
  sessions.onEnded((account) => void signOut(account).catch(() => undefined));
  const signIn = new SignIn({
    ...{ secret, accounts, sessions, passwords, factors, attempts: new Attempts(clock), rates, clock },
    isInNetwork: (address, network) => networkOf(address) === network,
    onFailed: async () => undefined,
  });
  const code = new SetupCode();
  const setup = new Setup({ accounts, members, tenancy: stores.tenancy, passwords, rates, clock, code });
  const services = {
    ...{ accounts, sessions, signIn, factors, passwords, members, audit, setup, apps, cursors, clock },
    links: new Links({ store: stores.accountLinks, clock }),
    auditStore: stores.audit,
    tenancy: stores.tenancy,
    appMaker: { make: () => Promise.reject(new Error('not yet')) },
    tokens: identity.tokens,
    signOut: (_app: string, account: string) => signOut(account),
    server: {
      version,
      engine: config.cluster === undefined ? ('embedded' as const) : ('cluster' as const),
      publicUrl: config.publicUrl,
      playground: deps.playgroundAddress,
    },
  };
  return {
    door: createAdminDoor({ ...door, services, sessions, trustsProxy: config.trustProxy !== undefined }),
    setupCode: async () => ((await setup.isNeeded()) ? code.text : undefined),
  };
}
