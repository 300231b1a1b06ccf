// `belfry token`: prints a user token, signed with the app's secret from the provision file or the data file.
// Works whether the server runs or not.
import { readAllPages } from '../ports/stores/page.ts';
import { isBelfryError, tokenBodySchema } from '@belfry/protocol';
import type { Config } from '../config/config.ts';
import { isRightSecret, readSecretFile } from '../tenancy/installation-secret.ts';
import { signOnce, type SigningApp } from '../tenancy/tokens/sign-once.ts';
import { exitCodes } from './exit-codes.ts';
import { readPlan } from './read-plan.ts';
import { readConfig, type Surroundings } from './surroundings.ts';

export interface TokenOptions {
  app: string;
  user: string;
  /** Seconds, or with a unit: `90s`, `15m`, `8h`. */
  expires?: string;
  name?: string;
  avatar?: string;
  topic?: string[];
  role?: string[];
}

export async function token(options: TokenOptions, surroundings: Surroundings): Promise<number> {
  const { out, err } = surroundings;
  const claims = tokenBodySchema.safeParse({
    userId: options.user,
    expiresInSeconds: seconds(options.expires ?? '3600'),
    name: options.name,
    avatar: options.avatar,
    topics: options.topic,
    roles: options.role,
  });
  if (!claims.success) {
    for (const { path, message } of claims.error.issues) err(`${optionNames[String(path[0])] ?? ''}: ${message}`);
    return exitCodes.configuration;
  }
  const config = readConfig(surroundings);
  if (config === undefined) return exitCodes.configuration;
  const found = (await fromProvisionFile(config, options.app)) ?? (await fromData(config, options.app, surroundings));
  if ('problem' in found) {
    err(found.problem);
    return exitCodes.configuration;
  }
  try {
    out((await signOnce(found, claims.data)).token);
    return exitCodes.done;
  } catch (error) {
    if (!isBelfryError(error)) throw error;
    err(error.message);
    return exitCodes.configuration;
  }
}

const optionNames: Readonly<Record<string, string>> = {
  userId: '--user',
  expiresInSeconds: '--expires',
  name: '--name',
  avatar: '--avatar',
  topics: '--topic',
  roles: '--role',
};

type Found = SigningApp | { problem: string };

/** Undefined when there is no such file, or it says nothing of the app: then the data file knows. */
async function fromProvisionFile({ provisionFile }: Config, key: string): Promise<Found | undefined> {
  if (provisionFile === undefined) return undefined;
  const parsed = await readPlan(provisionFile);
  if (!parsed.ok) {
    return { problem: `${provisionFile} has problems; \`belfry provision --check ${provisionFile}\` lists them` };
  }
  const app = parsed.plan.tenants.flatMap(({ apps }) => apps).find((planned) => planned.key === key);
  return app?.signingSecret === undefined ? undefined : { key, signingSecret: app.signingSecret };
}

async function fromData(config: Config, key: string, { parts }: Surroundings): Promise<Found> {
  const data = await parts.openData(config.dataDir).catch((error: unknown) => ({ problem: messageOf(error) }));
  if (data === undefined) {
    return {
      problem: `There is no data in ${config.dataDir} yet: start the server once, or set DATA_DIR or PROVISION_FILE`,
    };
  }
  if ('problem' in data) return data;
  try {
    const record = await data.tenancy.app(key);
    if (record === undefined) {
      const apps = (await readAllPages((page) => data.tenancy.apps(page))).map(({ app }) => app).join(', ');
      return { problem: `There is no app ${key} in ${config.dataDir}; there is: ${apps === '' ? 'none' : apps}` };
    }
    const secret = config.secret ?? (await readSecretFile(config.dataDir));
    if (secret === undefined) {
      return {
        problem: `BELFRY_SECRET is not set and ${config.dataDir} has no file secret: the app's secret can't be opened`,
      };
    }
    if ((await isRightSecret(secret, data.installation)) === false) {
      return { problem: 'BELFRY_SECRET is not the one that the data was sealed with' };
    }
    return { record, installationSecret: secret };
  } finally {
    await data.close();
  }
}

/** NaN, which the schema refuses, for what can't be read. */
function seconds(text: string): number {
  const [, count = '', unit = 's'] = /^(\d{1,9})([smh]?)$/.exec(text) ?? [];
  const inSeconds: Readonly<Record<string, number>> = { s: 1, '': 1, m: 60, h: 3600 };
  return count === '' ? Number.NaN : Number(count) * (inSeconds[unit] ?? Number.NaN);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
