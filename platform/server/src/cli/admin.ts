// `belfry admin`: accounts of the console from the terminal. What is done to them: compose/open-accounts.ts.
import type { AccountDesk, PasswordLink } from '../compose/open-accounts.ts';
import { describeFailure } from '../compose/data-failure.ts';
import type { Config } from '../config/config.ts';
import { memberRoles } from '../ports/stores/accounts.ts';
import { exitCodes } from './exit-codes.ts';
import { ownUrl } from './running-server.ts';
import { readConfig, type Surroundings } from './surroundings.ts';

export interface AddOptions {
  name: string;
  tenant: string;
  role: string;
  operator?: boolean;
}

export function listAccounts(surroundings: Surroundings): Promise<number> {
  return withDesk(surroundings, async (desk) => {
    const accounts = await desk.list();
    if (accounts.length === 0) return 'There is no account yet: a start prints the address of the setup.';
    const lines = accounts.map(({ email, name, operator, secondFactor, roles }) => {
      const marks = [...(operator ? ['operator'] : []), ...(secondFactor ? ['second factor'] : [])];
      const places = roles.map(({ tenant, role }) => `${role} of ${tenant}`);
      return `${email}  ${JSON.stringify(name)}  ${[...places, ...marks].join(', ')}`.trimEnd();
    });
    return lines.join('\n');
  });
}

export function addAccount(email: string, options: AddOptions, surroundings: Surroundings): Promise<number> {
  const { name, tenant, operator = false } = options;
  const role = memberRoles.find((each) => each === options.role);
  if (role === undefined) return refuse(surroundings, `--role must be one of ${memberRoles.join(', ')}`);
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) return refuse(surroundings, `${email} is no e-mail address`);
  return withDesk(surroundings, async (desk, config) => {
    const added = await desk.add({ email, name, tenant, role, operator });
    if (added === 'taken') throw new Error(`there is an account with the address ${email} already`);
    if (added === 'no tenant') throw new Error(`there is no tenant ${tenant}`);
    return linkText(added, config);
  });
}

export function resetPassword(
  email: string,
  { removeSecondFactor = false }: { removeSecondFactor?: boolean },
  surroundings: Surroundings,
): Promise<number> {
  return withDesk(surroundings, async (desk, config) => {
    const link = await desk.resetPassword(email, { removesFactor: removeSecondFactor });
    if (link === undefined) throw new Error(`there is no account with the address ${email}`);
    return linkText(link, config);
  });
}

export function printSetupCode(surroundings: Surroundings): Promise<number> {
  return withDesk(surroundings, async (desk, config) => {
    const code = await desk.setupCode();
    if (code === undefined) throw new Error('there is an administrator already; `belfry admin list` names them');
    return `${addressOf(config)}/console/setup#code=${code}`;
  });
}

/** Prints what `run` says; an Error is the operator's to mend. */
async function withDesk(
  surroundings: Surroundings,
  run: (desk: AccountDesk, config: Config) => Promise<string>,
): Promise<number> {
  const { parts, out, err } = surroundings;
  const config = readConfig(surroundings);
  if (config === undefined) return exitCodes.configuration;
  let desk: AccountDesk | undefined;
  try {
    desk = await parts.openAccounts(config);
    if (desk === undefined) throw new Error(`there is no data in ${config.dataDir} yet: start the server once`);
    out(await run(desk, config));
    return exitCodes.done;
  } catch (error) {
    err(await describeFailure(error));
    return exitCodes.configuration;
  } finally {
    await desk?.close();
  }
}

async function refuse({ err }: Surroundings, message: string): Promise<number> {
  err(message);
  return exitCodes.configuration;
}

function linkText({ token, expiresAt }: PasswordLink, config: Config): string {
  const until = new Date(expiresAt).toISOString();
  return `${addressOf(config)}/console/reset/${token}\nThe link is good once, until ${until}.`;
}

function addressOf(config: Config): string {
  return config.publicUrl ?? ownUrl(config);
}
