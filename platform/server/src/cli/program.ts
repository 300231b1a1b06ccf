// The commands and options of `belfry`, each with its help. Each command is carried out by the file of its
// name.
import { Command, CommanderError } from 'commander';
import { version } from '../config/version.ts';
import { addAccount, listAccounts, printSetupCode, resetPassword, type AddOptions } from './admin.ts';
import { backup, restore } from './backup.ts';
import { doctor } from './doctor.ts';
import { exitCodes } from './exit-codes.ts';
import { health } from './health.ts';
import { migrate, type MigrateOptions } from './migrate.ts';
import { openapi } from './openapi.ts';
import { probe, type ProbeOptions } from './probe.ts';
import { checkProvisioning } from './provision.ts';
import { simulate, type SimulateOptions } from './simulate.ts';
import { start, type StartOptions } from './start.ts';
import type { Surroundings } from './surroundings.ts';
import { expiresForm, token, type TokenOptions } from './token.ts';
import { vapid } from './vapid.ts';

/** Resolves with the exit code. Rejects only on a defect. */
export async function runProgram(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let code: number = exitCodes.done;
  const program = describeProgram(surroundings, async (run) => {
    code = await run;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has written its help or its complaint; a wrong command line is a matter of configuration.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.configuration;
  }
}

function describeProgram(surroundings: Surroundings, finish: (run: Promise<number>) => Promise<void>): Command {
  const program = new Command('belfry')
    .description('A self-hosted realtime platform: WebSocket, broadcasts, push.')
    .version(version, '-V, --version', 'print the version of Belfry')
    .configureOutput({
      writeOut: (text) => surroundings.out(text.trimEnd()),
      writeErr: (text) => surroundings.err(text.trimEnd()),
    })
    .showHelpAfterError('(add --help for the options)')
    .exitOverride();

  program
    .command('start')
    .description('Run the server until it is told to stop. Configured by the environment: docs/configuration.md.')
    .option('--port <number>', 'instead of PORT')
    .option('--host <address>', 'instead of HOST')
    .option('--data-dir <folder>', 'instead of DATA_DIR')
    .option('--provision-file <file>', 'instead of PROVISION_FILE')
    .action((options: StartOptions) => finish(start(options, surroundings)));

  program
    .command('token')
    .description('Print a token for a user of an app, or explain one, whether the server runs or not.')
    .requiredOption('--app <key>', 'public key of the app')
    .option('--user <id>', 'the user it is for')
    .option('--inspect <token>', 'say of each check of this token how it ends')
    .option('--expires <time>', `${expiresForm}; at most 24h`, '1h')
    .option('--name <name>', 'shown to other users')
    .option('--avatar <url>', 'shown to other users')
    .option('--topic <topic...>', 'topics the user may subscribe to')
    .option('--presence-topic <topic...>', 'topics in which the user sees who is there, and is seen')
    .option('--role <role...>', 'roles of the user')
    .action((options: TokenOptions) => finish(token(options, surroundings)));

  program
    .command('doctor')
    .description('Check everything a start needs, and say what to do about what is wrong.')
    .action(() => finish(doctor(surroundings)));

  program
    .command('health')
    .description('Ask the server of this configuration whether it is ready. Ends with 0 if it is, else with 1.')
    .action(() => finish(health(surroundings)));

  describeProbe(program, (options) => finish(probe(options, surroundings)));

  program
    .command('backup')
    .description(
      'Copy the data file, also while the server runs. The secret and the uploads are files to copy beside it.',
    )
    .argument('<file>', 'where to; it must not be there yet')
    .action((file: string) => finish(backup(file, surroundings)));

  program
    .command('restore')
    .description(
      'Put a backup in the place of the data file, and tell clients that know more of a gap. The server must be stopped.',
    )
    .argument('[backup]', 'the file of a backup, or its folder')
    .option('--in-place', 'the data was put back in another way: a snapshot of the disk, a copy of the folder')
    .action((file: string | undefined, options: { inPlace?: boolean }) => finish(restore(file, options, surroundings)));

  describeMigrate(program, (options) => finish(migrate(options, surroundings)));

  program
    .command('provision')
    .description('Check a provision file without starting. A server applies the one in PROVISION_FILE at its start.')
    .requiredOption('--check <file>', 'JSON or YAML')
    .action(({ check }: { check: string }) => finish(checkProvisioning(check, surroundings)));

  describeSimulate(program, (file, options) => finish(simulate(file, options, surroundings)));

  describeOpenApi(program, surroundings, finish);
  describeAdmin(program, surroundings, finish);

  describeVapid(program, (subject) => finish(vapid(subject, surroundings)));

  return program;
}

function describeProbe(program: Command, run: (options: ProbeOptions) => Promise<void>): void {
  program
    .command('probe')
    .description('Send a message through a running server and read its journey. Ends with 0 if both work, else with 1.')
    .option(
      '--key-file <file>',
      'with an API key of scopes broadcasts:write and messages:read, or one of PROVISION_FILE',
    )
    .option('--url <address>', 'of the server; the one of this configuration where it is left out')
    .option('--user <id>', 'gets the message in their inbox', 'belfry-probe')
    .action(run);
}

function describeVapid(program: Command, run: (subject: string) => Promise<void>): void {
  program
    .command('vapid')
    .description('Print a pair of VAPID keys for Web Push, as a provision file wants it. Nothing is stored.')
    .option('--subject <contact>', 'mailto: or https: address of who runs the app', 'mailto:you@example.com')
    .action(({ subject }: { subject: string }) => run(subject));
}

function describeSimulate(program: Command, run: (file: string, options: SimulateOptions) => Promise<void>): void {
  program
    .command('simulate')
    .description('Say what broadcasts, or the newest messages, would do under other settings: docs/simulator.md.')
    .argument('<file>', 'the request, as JSON or YAML')
    .requiredOption('--key-file <file>', 'with an API key that has the scope broadcasts:read')
    .option('--url <address>', 'of the server; the one of this configuration where it is left out')
    .option('--json', 'print the whole answer')
    .action(run);
}

function describeMigrate(program: Command, run: (options: MigrateOptions) => Promise<void>): void {
  program
    .command('migrate')
    .description(
      'Move all data to another engine, with no server running on either; or, with --indexes, change the store of a cluster as this version needs it.',
    )
    .option('--from <place>', 'a data folder, or a mongodb:// address; it is not changed')
    .option('--to <place>', 'the other: it must be empty, or hold a part of the same move, which then goes on')
    .option('--leave-jobs', 'give up the jobs that wait in the queue: they do not move')
    .option('--indexes', 'make the indexes of MongoDB that are missing, and say what is in the way of the others')
    .action(run);
}

function describeOpenApi(
  program: Command,
  surroundings: Surroundings,
  finish: (run: Promise<number>) => Promise<void>,
): void {
  program
    .command('openapi')
    .description('Print the OpenAPI document of the HTTP interface.')
    .option('--admin', "of the console's interface")
    .action((options: { admin?: boolean }) => finish(openapi(options, surroundings)));
}

function describeAdmin(
  program: Command,
  surroundings: Surroundings,
  finish: (run: Promise<number>) => Promise<void>,
): void {
  const admin = program
    .command('admin')
    .description(
      'Accounts of the console, for whoever is locked out. On a data folder the server must be stopped; in a cluster it may run.',
    );
  admin
    .command('list')
    .description('Print the accounts, and what they may do.')
    .action(() => finish(listAccounts(surroundings)));
  admin
    .command('add')
    .description('Make an account, and print a link by which its owner chooses a password within the hour.')
    .argument('<email>', 'the address to sign in with')
    .requiredOption('--name <name>', 'shown to others')
    .option('--tenant <id>', 'the tenant that it is in', 'default')
    .option('--role <role>', 'viewer, developer, admin or owner', 'owner')
    .option('--operator', 'may change the installation too')
    .action((email: string, options: AddOptions) => finish(addAccount(email, options, surroundings)));
  admin
    .command('reset-password')
    .description('Print a link by which another password is chosen within the hour.')
    .argument('<email>', 'of the account')
    .option('--remove-second-factor', 'for an account whose phone and recovery codes are lost')
    .action((email: string, options: { removeSecondFactor?: boolean }) =>
      finish(resetPassword(email, options, surroundings)),
    );
  admin
    .command('setup-code')
    .description('Print a code for the setup of the first administrator, good for an hour at every node.')
    .action(() => finish(printSetupCode(surroundings)));
}
