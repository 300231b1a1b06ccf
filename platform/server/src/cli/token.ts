// `belfry token`: prints a user token, signed with the app's secret from the provision file or the data.
// Works whether the server runs or not.
import { inWords, isBelfryError, maxTokenSeconds, tokenBodySchema } from '@belfry/protocol';
import { signOnce } from '../tenancy/tokens/sign-once.ts';
import { exitCodes } from './exit-codes.ts';
import { findApp } from './find-app.ts';
import { inspect } from './inspect.ts';
import { readConfig, type Surroundings } from './surroundings.ts';

export interface TokenOptions {
  app: string;
  /** The user to sign for; needed unless a token is to be explained. */
  user?: string;
  /** A token to explain, instead. */
  inspect?: string;
  /** Seconds, or with a unit: `90s`, `15m`, `8h`. */
  expires?: string;
  name?: string;
  avatar?: string;
  topic?: string[];
  presenceTopic?: string[];
  role?: string[];
}

export async function token(options: TokenOptions, surroundings: Surroundings): Promise<number> {
  const { out, err, parts } = surroundings;
  if (options.inspect !== undefined) return inspect({ app: options.app, token: options.inspect }, surroundings);
  if (options.user === undefined) {
    err('--user: is needed, or --inspect with a token to explain');
    return exitCodes.configuration;
  }
  const expiresInSeconds = seconds(options.expires ?? '3600');
  if (!(expiresInSeconds > 0 && expiresInSeconds <= maxTokenSeconds)) {
    err(`--expires: must be ${expiresForm}, and at most 24h; it is ${JSON.stringify(options.expires)}`);
    return exitCodes.configuration;
  }
  const claims = tokenBodySchema.safeParse(
    {
      userId: options.user,
      expiresInSeconds,
      name: options.name,
      avatar: options.avatar,
      topics: options.topic,
      presenceTopics: options.presenceTopic,
      roles: options.role,
    },
    inWords,
  );
  if (!claims.success) {
    for (const { path, message } of claims.error.issues) err(`${optionNames.get(path[0] ?? '') ?? ''}: ${message}`);
    return exitCodes.configuration;
  }
  const config = readConfig(surroundings);
  if (config === undefined) return exitCodes.configuration;
  const found = await findApp(config, { key: options.app, needsSecret: true }, parts);
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

export const expiresForm = 'seconds, or a number with a unit as in 15m or 8h';

const optionNames: ReadonlyMap<PropertyKey, string> = new Map([
  ['userId', '--user'],
  ['name', '--name'],
  ['avatar', '--avatar'],
  ['topics', '--topic'],
  ['presenceTopics', '--presence-topic'],
  ['roles', '--role'],
]);

/** NaN for what can't be read. */
function seconds(text: string): number {
  const [, count = '', unit = 's'] = /^(\d{1,9})([smh]?)$/.exec(text) ?? [];
  const inSeconds = new Map([
    ['', 1],
    ['s', 1],
    ['m', 60],
    ['h', 3600],
  ]);
  return count === '' ? Number.NaN : Number(count) * (inSeconds.get(unit) ?? Number.NaN);
}
