// Turns variables into a configuration, or into the list of everything that is wrong with them. Does not
// touch the process: environment.ts does.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { inWords } from '@belfry/protocol';
import { isLoopback } from './addresses.ts';
import type { Config, ConfigProblem } from './config.ts';
import { limitsOf, limitVariable, type Limits } from './limits.ts';
import { environmentSchema, limitsSchema, secretVariables, type Environment } from './schema.ts';
import { misspelled } from './misspelled.ts';
import { s3Of, s3Problems, s3Warnings } from './s3.ts';

/** The secret of deploy/compose/trial-secret, good for a trial without https alone. */
const trialSecret = 'for a trial only, since everybody has it';

export interface ConfigSource {
  env: Readonly<Record<string, string | undefined>>;
  /** Relative paths begin here. */
  cwd: string;
  /** Whether people read the output directly; decides LOG_FORMAT where it is not set. */
  isTerminal?: boolean;
  /** Throws when the file can't be read. */
  readFile?: (path: string) => string;
}

export type LoadedConfig =
  | { ok: true; config: Config; warnings: ConfigProblem[] }
  /** `log` is the way to report the problems: by LOG_LEVEL and LOG_FORMAT, as far as these were right. */
  | { ok: false; problems: ConfigProblem[]; log: Config['log'] };

/** Never throws because of the content of a variable. */
export function loadConfig(source: ConfigSource): LoadedConfig {
  const problems: ConfigProblem[] = [];
  const values = given(source, problems);
  const main = environmentSchema.safeParse(values, inWords);
  const limits = limitsSchema.safeParse(values, inWords);
  for (const { path, message } of [...(main.error?.issues ?? []), ...(limits.error?.issues ?? [])]) {
    problems.push({ variable: String(path[0]), reason: message });
  }
  problems.push(...contradictions(values, source));
  if (limits.success) problems.push(...limitContradictions(limitValues(limits.data)));
  if (!main.success || !limits.success || problems.length > 0) {
    return { ok: false, problems, log: logSettings(values, source) };
  }
  return {
    ok: true,
    config: toConfig(main.data, limitValues(limits.data), source),
    warnings: [
      ...withoutEffect(main.data),
      ...s3Warnings(main.data, new Set(Object.keys(values))),
      ...tracesWithoutEffect(new Set(Object.keys(values))),
      ...misspelled(source.env),
    ],
  };
}

/**
 * The variables that are set, with the contents of NAME_FILE under NAME. A blank one is not set: that is how
 * compose files leave a variable out.
 */
function given({ env, cwd, readFile = readText }: ConfigSource, problems: ConfigProblem[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && value.trim() !== '') values[name] = value.trim();
  }
  for (const name of secretVariables) {
    const fileVariable = `${name}_FILE`;
    const path = values[fileVariable];
    if (path === undefined) continue;
    if (values[name] !== undefined) {
      problems.push({ variable: fileVariable, reason: `is set beside ${name}; only one of the two may be` });
      continue;
    }
    try {
      const text = readFile(resolve(cwd, path)).trim();
      if (text === '') problems.push({ variable: fileVariable, reason: `names an empty file: ${path}` });
      else values[name] = text;
    } catch (error) {
      problems.push({ variable: fileVariable, reason: `names a file that can't be read: ${why(error, path)}` });
    }
  }
  return values;
}

/**
 * Problems that no variable shows alone. Looks at the raw values, so that they are reported together with
 * those of the schema.
 */
function contradictions(values: Record<string, string>, { cwd, readFile = readText }: ConfigSource): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const { MONGODB_URL: mongodb, REDIS_URL: redis, ROLE: role } = values;
  if (mongodb !== undefined && redis === undefined) {
    problems.push({ variable: 'REDIS_URL', reason: 'is needed because MONGODB_URL is set: a cluster has both' });
  } else if (redis !== undefined && mongodb === undefined) {
    problems.push({ variable: 'MONGODB_URL', reason: 'is needed because REDIS_URL is set: a cluster has both' });
  } else if (mongodb === undefined && (role === 'gateway' || role === 'worker')) {
    const reason = `is ${role}, which only a cluster has; the embedded engine is one process and does all`;
    problems.push({ variable: 'ROLE', reason });
  }
  if (values['BELFRY_SECRET'] === trialSecret && values['PUBLIC_URL']?.startsWith('https:') === true) {
    const reason = 'is the secret that everybody has, for trials. Make your own: openssl rand -base64 32';
    problems.push({ variable: 'BELFRY_SECRET', reason });
  }
  if (values['INTERNAL_PORT'] !== undefined && values['INTERNAL_PORT'] !== '0') {
    const port = values['PORT'] ?? environmentSchema.shape.PORT.parse(undefined);
    if (Number(values['INTERNAL_PORT']) === Number(port)) {
      problems.push({ variable: 'INTERNAL_PORT', reason: 'is the same as PORT; leave it out to have one port' });
    }
  }
  problems.push(...s3Problems(values), ...firebaseProblems(values, (path) => readFile(resolve(cwd, path))));
  return problems;
}

/** Variables that are set, and read by nothing because of another variable. */
function withoutEffect(environment: Environment): ConfigProblem[] {
  const { REDIS_PASSWORD: password, FIREBASE_CREDENTIALS_PATH: credentials, NOTIFICATION_PROVIDER: id } = environment;
  const problems: ConfigProblem[] = [];
  if (password !== undefined && environment.REDIS_URL === undefined) {
    problems.push({ variable: 'REDIS_PASSWORD', reason: 'has no effect: REDIS_URL is not set' });
  }
  if (credentials !== undefined && pluginId(id) !== 'fcm') {
    const reason = `has no effect: NOTIFICATION_PROVIDER is ${id}, not fcm`;
    problems.push({ variable: 'FIREBASE_CREDENTIALS_PATH', reason });
  }
  return problems;
}

const traceVariables = ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_SERVICE_NAME', 'OTEL_TRACES_SAMPLER_ARG'];

function tracesWithoutEffect(set: ReadonlySet<string>): ConfigProblem[] {
  if (set.has('OTEL_EXPORTER_OTLP_ENDPOINT')) return [];
  const reason = 'has no effect: OTEL_EXPORTER_OTLP_ENDPOINT is not set';
  return traceVariables.filter((variable) => set.has(variable)).map((variable) => ({ variable, reason }));
}

function firebaseProblems(values: Record<string, string>, read: (path: string) => string): ConfigProblem[] {
  const variable = 'FIREBASE_CREDENTIALS_PATH';
  const path = values[variable];
  if (path === undefined) {
    if (pluginId(values['NOTIFICATION_PROVIDER'] ?? '') !== 'fcm') return [];
    return [{ variable, reason: 'is needed because NOTIFICATION_PROVIDER is fcm' }];
  }
  try {
    JSON.parse(read(path));
    return [];
  } catch (error) {
    if (error instanceof SyntaxError) return [{ variable, reason: `names a file that is not JSON: ${path}` }];
    return [{ variable, reason: `names a file that can't be read: ${why(error, path)}` }];
  }
}

function limitContradictions(limits: Limits): ConfigProblem[] {
  if (limits.sendTooSlowBytes > limits.sendBehindBytes) return [];
  const reason = `must be above ${limitVariable('sendBehindBytes')}, or no connection could ever be behind`;
  return [{ variable: limitVariable('sendTooSlowBytes'), reason }];
}

function toConfig(environment: Environment, limits: Limits, { cwd, isTerminal = false }: ConfigSource): Config {
  const path = (value: string | undefined): string | undefined =>
    value === undefined ? undefined : resolve(cwd, value);
  return {
    host: environment.HOST,
    port: environment.PORT,
    trustProxy: environment.TRUST_PROXY,
    httpKeepAliveMs: environment.HTTP_KEEP_ALIVE,
    dataDir: resolve(cwd, environment.DATA_DIR),
    role: environment.ROLE,
    notificationProvider: pluginId(environment.NOTIFICATION_PROVIDER),
    webSocket: {
      heartbeatIntervalMs: environment.WS_HEARTBEAT_INTERVAL,
      connectionTimeoutMs: environment.WS_CONNECTION_TIMEOUT,
      maxReconnectAttempts: environment.WS_MAX_RECONNECT_ATTEMPTS,
      attendedAfterMs: environment.WS_ATTENDED_AFTER,
    },
    log: { level: environment.LOG_LEVEL, format: environment.LOG_FORMAT ?? (isTerminal ? 'pretty' : 'json') },
    outboundAllow: environment.OUTBOUND_ALLOW,
    playground: hasPlayground(environment),
    console: {
      isOn: environment.CONSOLE === 'on',
      sessionIdleMs: environment.CONSOLE_SESSION_IDLE_MS,
      sessionMaxMs: environment.CONSOLE_SESSION_MAX_MS,
    },
    limits,
    ...(environment.INTERNAL_PORT === undefined ? {} : { internalPort: environment.INTERNAL_PORT }),
    ...whereSet('publicUrl', environment.PUBLIC_URL?.replace(/\/+$/, '')),
    ...whereSet('secret', environment.BELFRY_SECRET),
    ...clusterOf(environment),
    ...s3Of(environment),
    ...tracingOf(environment),
    ...whereSet('firebaseCredentialsPath', path(environment.FIREBASE_CREDENTIALS_PATH)),
    ...whereSet('pluginsDir', path(environment.PLUGINS_DIR)),
    ...whereSet('provisionFile', path(environment.PROVISION_FILE)),
    ...whereSet('metricsToken', environment.METRICS_TOKEN),
  };
}

function clusterOf({
  MONGODB_URL: mongodbUrl,
  REDIS_URL: redisUrl,
  REDIS_PASSWORD: redisPassword,
}: Environment): Pick<Config, 'cluster'> {
  if (mongodbUrl === undefined || redisUrl === undefined) return {};
  return { cluster: { mongodbUrl, redis: { url: redisUrl, password: redisPassword } } };
}

function tracingOf(environment: Environment): Pick<Config, 'tracing'> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers = '' } = environment;
  if (endpoint === undefined) return {};
  const pairs = headers.split(',').filter((each) => each !== '');
  const named = pairs.map((each) => [each.slice(0, each.indexOf('=')), decoded(each.slice(each.indexOf('=') + 1))]);
  return {
    tracing: {
      endpoint,
      headers: Object.fromEntries(named) as Record<string, string>,
      serviceName: environment.OTEL_SERVICE_NAME,
      share: environment.OTEL_TRACES_SAMPLER_ARG,
    },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * A configuration that names a proxy, an address that others reach or production has to ask for the
 * playground.
 */
function hasPlayground(environment: Environment): boolean {
  const {
    PLAYGROUND: setting,
    NODE_ENV: purpose,
    HOST: host,
    MONGODB_URL: cluster,
    PUBLIC_URL: publicUrl,
    TRUST_PROXY: proxy,
  } = environment;
  if (setting !== 'auto') return setting === 'on';
  const isAlone = cluster === undefined && publicUrl === undefined && proxy === undefined;
  return isAlone && isLoopback(host) && purpose !== 'production';
}

const logSchema = environmentSchema.pick({ LOG_LEVEL: true, LOG_FORMAT: true });

function logSettings(values: Record<string, string>, { isTerminal = false }: ConfigSource): Config['log'] {
  const { LOG_LEVEL: level, LOG_FORMAT: format } = logSchema.safeParse(values).data ?? { LOG_LEVEL: 'info' };
  return { level, format: format ?? (isTerminal ? 'pretty' : 'json') };
}

function limitValues(parsed: Record<string, unknown>): Limits {
  return limitsOf((name) => Number(parsed[limitVariable(name)]));
}

function whereSet<K extends keyof Config>(key: K, value: string | undefined): Partial<Record<K, string>> {
  // A computed key widens to string; it is K alone.
  return value === undefined ? {} : ({ [key]: value } as Record<K, string>);
}

/** `firebase` is the name of the plugin `fcm` in variables of older installations. */
function pluginId(name: string): string {
  return name === 'firebase' ? 'fcm' : name;
}

function why(error: unknown, path: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return `${path} is not there`;
  if (code === 'EACCES') return `${path} may not be read by this user`;
  return error instanceof Error ? `${path}: ${error.message}` : path;
}

function readText(path: string): string {
  return readFileSync(path, 'utf8');
}
