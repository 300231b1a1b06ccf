// The one schema of the environment: every variable with its form, default and meaning. Reading the
// environment is environment.ts, the limits are limits.ts.
import { isIP } from 'node:net';
import * as z from 'zod';
import { hasProtocol, isAddressRange, isTrustProxy, namesHosts, splitList } from './addresses.ts';
import { limitNames, limitSpecs, limitVariable } from './limits.ts';

export interface VariableMeta {
  /** One sentence for docs/configuration.md. */
  help: string;
  /** The default in words; absent when there is none. */
  default?: string;
  /** Never shown; can be given as `NAME_FILE` too. */
  secret?: true;
}

const about = new Map<z.ZodType, VariableMeta>();

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export const roles = ['all', 'gateway', 'worker'] as const;
const playgroundSettings = ['auto', 'on', 'off'] as const;
const onOff = ['on', 'off'] as const;

const environmentFields = {
  PORT: variable(integer(0, 65_535).default(8000), {
    help: 'Port of HTTP and WebSocket; 0 takes a free one, and the line `listening` says which.',
    default: '8000',
  }),
  INTERNAL_PORT: variable(integer(0, 65_535).optional(), {
    help: 'A second port, for `/metrics`, `/healthz` and `/readyz` alone. With it the first one has no `/metrics` any more. 0 takes a free one, and the line `listening` says which.',
  }),
  HOST: variable(
    z
      .string()
      .refine(
        (host) => isIP(host) !== 0 || /^(?=.{1,253}$)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/.test(host),
        'must be an address or a host name',
      )
      .default('127.0.0.1'),
    { help: 'Address to listen on; the container image sets 0.0.0.0.', default: '127.0.0.1' },
  ),
  PUBLIC_URL: variable(url(['http:', 'https:']).optional(), {
    help: 'Where clients reach the server, as a proxy in front of it shows it.',
  }),
  TRUST_PROXY: variable(
    z
      .string()
      .refine(isTrustProxy, 'must be a number of hops from 1 to 99, or addresses and ranges such as 10.0.0.0/8')
      .optional(),
    { help: "Which proxies' `X-Forwarded-*` are believed: a number of hops, or addresses and ranges." },
  ),
  HTTP_KEEP_ALIVE: variable(integer(1000, 3_600_000).default(75_000), {
    help: 'Milliseconds that an HTTP connection without a request is kept open. Longer than a proxy or balancer in front keeps its own, or requests meet a connection that has just been closed: 502.',
    default: '75000',
  }),
  DATA_DIR: variable(z.string().default('./data'), {
    help: 'Folder of the embedded engine: data file, uploads, generated secret.',
    default: './data',
  }),
  BELFRY_SECRET: variable(z.string().min(16, 'must be at least 16 characters long').optional(), {
    help: 'Key of everything that is encrypted at rest. Generated into DATA_DIR on the embedded engine; needed in a cluster. A wrong one is noticed at start.',
    secret: true,
  }),
  MONGODB_URL: variable(hosts(['mongodb:', 'mongodb+srv:']).optional(), {
    help: 'Store of a cluster; together with REDIS_URL or not at all. The database is the one that it names, else `belfry`.',
    secret: true,
  }),
  REDIS_URL: variable(hosts(['redis:', 'rediss:']).optional(), {
    help: 'Bus, presence and queue of a cluster; together with MONGODB_URL or not at all. `redis://h1,h2,h3?sentinel=NAME` asks sentinels, `redis://h1,h2,h3?cluster=true` is a Redis Cluster.',
    secret: true,
  }),
  REDIS_PASSWORD: variable(z.string().optional(), {
    help: 'For REDIS_URL, when the URL does not carry it.',
    secret: true,
  }),
  S3_BUCKET: variable(
    z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/, 'must be the name of a bucket')
      .optional(),
    {
      help: 'Bucket of S3, or of a store that speaks its protocol, for uploads. Without it they are in the folder `uploads` of DATA_DIR, which all nodes of a cluster then need to share.',
    },
  ),
  S3_ENDPOINT: variable(url(['http:', 'https:']).optional(), {
    help: 'Address of the store of S3_BUCKET.',
    default: "Amazon's, of S3_REGION",
  }),
  S3_REGION: variable(
    z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'must be the name of a region, such as eu-central-1')
      .default('us-east-1'),
    { help: "Region of S3_BUCKET. Most stores that are not Amazon's take any.", default: 'us-east-1' },
  ),
  S3_ACCESS_KEY_ID: variable(z.string().optional(), {
    help: 'Who this server is at the store of S3_BUCKET; together with S3_SECRET_ACCESS_KEY or not at all. Without both, the role of the machine or a profile of AWS is used.',
  }),
  S3_SECRET_ACCESS_KEY: variable(z.string().optional(), { help: 'Secret of S3_ACCESS_KEY_ID.', secret: true }),
  S3_FORCE_PATH_STYLE: variable(oneOf(onOff).optional(), {
    help: '`on`: the bucket stands in the path of an address; `off`: in its host name.',
    default: 'on where S3_ENDPOINT is set, else off',
  }),
  S3_PRESIGN: variable(oneOf(onOff).default('off'), {
    help: '`on`: links to files lead to signed addresses of the bucket, from which clients download; S3_ENDPOINT has to be its address for them too. `off`: files come through the server.',
    default: 'off',
  }),
  ROLE: variable(oneOf(roles).default('all'), {
    help: 'What a node of a cluster does: `all`, `gateway` or `worker`. The embedded engine is one process and does all.',
    default: 'all',
  }),
  NOTIFICATION_PROVIDER: variable(
    z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be the id of a plugin, such as logging or fcm')
      .default('logging'),
    {
      help: 'Provider plugin that serves apps which have configured none. `firebase` is another name of `fcm`.',
      default: 'logging',
    },
  ),
  FIREBASE_CREDENTIALS_PATH: variable(z.string().optional(), {
    help: 'Service account file for NOTIFICATION_PROVIDER=fcm.',
  }),
  WS_HEARTBEAT_INTERVAL: variable(integer(1000, 600_000).default(45_000), {
    help: 'Milliseconds between heartbeats; told to clients on `connect`.',
    default: '45000',
  }),
  WS_ATTENDED_AFTER: variable(integer(1000, 3_600_000).default(60_000), {
    help: 'Milliseconds without input after which a client says that nobody attends it; told to clients with the page policies.',
    default: '60000',
  }),
  WS_CONNECTION_TIMEOUT: variable(integer(1000, 600_000).default(20_000), {
    help: 'Milliseconds that a client waits for a connection; told to clients with the page policies.',
    default: '20000',
  }),
  WS_MAX_RECONNECT_ATTEMPTS: variable(integer(0, 1_000_000).default(15), {
    help: 'Tries of a client before it counts as offline; told to clients with the page policies.',
    default: '15',
  }),
  PLUGINS_DIR: variable(z.string().optional(), {
    help: 'A second folder of plugins, beside the one that is shipped.',
  }),
  PROVISION_FILE: variable(z.string().optional(), {
    help: 'JSON or YAML file that declares tenants and apps; applied at every start.',
  }),
  PLAYGROUND: variable(oneOf(playgroundSettings).default('auto'), {
    help: 'The page `/playground/`, on which whoever opens it by its printed address, with the secret of this start, can be any user of any app. `auto`: on for the embedded engine listening on a loopback address without PUBLIC_URL, TRUST_PROXY and NODE_ENV=production. `on`: there in any case. Images for production set `off`.',
    default: 'auto',
  }),
  CONSOLE: variable(oneOf(onOff).default('on'), {
    help: 'The console: the pages `/console/` and what they call, `/admin/api`. `off`: neither is there.',
    default: 'on',
  }),
  CONSOLE_SESSION_IDLE_MS: variable(integer(60_000, 2_592_000_000).default(28_800_000), {
    help: 'Milliseconds without a request after which somebody is signed out of the console.',
    default: '28800000',
  }),
  CONSOLE_SESSION_MAX_MS: variable(integer(60_000, 31_536_000_000).default(604_800_000), {
    help: 'Milliseconds after which somebody signs in to the console anew, whatever they did meanwhile.',
    default: '604800000',
  }),
  NODE_ENV: variable(z.string().optional(), {
    help: '`production`: there is no playground unless PLAYGROUND says so. Nothing else depends on it.',
  }),
  LOG_LEVEL: variable(oneOf(logLevels).default('info'), {
    help: 'Lines below this level are not written: `debug`, `info`, `warn` or `error`.',
    default: 'info',
  }),
  LOG_FORMAT: variable(oneOf(['json', 'pretty']).optional(), {
    help: '`json` is one object a line; `pretty` is for people.',
    default: 'pretty on a terminal, else json',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(url(['http:', 'https:']).optional(), {
    help: 'Collector of OpenTelemetry that gets traces, as OTLP over HTTP with JSON, for instance `http://collector:4318`. Without it there are no traces, and nothing is loaded for them.',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: variable(
    z
      .string()
      .regex(/^[^=,\s]+=[^,]*(,[^=,\s]+=[^,]*)*$/, 'must be name=value, with commas between')
      .optional(),
    {
      help: 'Headers for the collector, `name=value` with commas between; values may be percent-encoded.',
      secret: true,
    },
  ),
  OTEL_SERVICE_NAME: variable(z.string().default('belfry'), {
    help: 'Name of the service in traces.',
    default: 'belfry',
  }),
  OTEL_TRACES_SAMPLER_ARG: variable(
    z
      .string()
      .regex(/^(0(\.\d+)?|1(\.0+)?)$/, 'must be a number from 0 to 1')
      .default('1')
      .transform(Number),
    {
      help: 'Share of the traces beginning here that is kept, from 0 to 1. One that a caller began is kept as they say.',
      default: '1',
    },
  ),
  METRICS_TOKEN: variable(z.string().min(8, 'must be at least 8 characters long').optional(), {
    help: 'When set, `/metrics` wants it as Bearer.',
    secret: true,
  }),
  OUTBOUND_ALLOW: variable(
    z
      .string()
      .transform(splitList)
      .refine((ranges) => ranges.every(isAddressRange), 'must be ranges such as 127.0.0.0/8, separated by commas')
      .default([]),
    { help: 'Address ranges that outgoing calls may reach although they are private, separated by commas.' },
  ),
};

const limitFields = Object.fromEntries(
  limitNames.map((name) => {
    const { min, max, default: value, help } = limitSpecs[name];
    return [limitVariable(name), variable(integer(min, max).default(value), { help, default: String(value) })];
  }),
);

/**
 * Of strings; a variable that is empty or blank counts as not set and must have been left out. Others than
 * these are ignored.
 */
export const environmentSchema = z.object(environmentFields);
export type Environment = z.output<typeof environmentSchema>;

/** The limits by variable. Apart from the rest because their names are made, not written. */
export const limitsSchema = z.object(limitFields);

/** Variables with their descriptions, in the order of the documentation. */
export const variables = tableOf(environmentFields);
const limitVariables = tableOf(limitFields);

export const secretVariables = [...variables].filter(([, meta]) => meta.secret === true).map(([name]) => name);

/** Every name that has a meaning here. */
export const knownVariables: ReadonlySet<string> = new Set([
  ...variables.keys(),
  ...limitVariables.keys(),
  ...secretVariables.map((name) => `${name}_FILE`),
]);

function variable<S extends z.ZodType>(schema: S, meta: VariableMeta): S {
  about.set(schema, meta);
  return schema;
}

function tableOf(fields: Record<string, z.ZodType>): ReadonlyMap<string, VariableMeta> {
  return new Map(Object.entries(fields).flatMap(([name, schema]) => withMeta(name, about.get(schema))));
}

function withMeta(name: string, meta: VariableMeta | undefined): [string, VariableMeta][] {
  return meta === undefined ? [] : [[name, meta]];
}

function integer(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, `must be one of ${values.join(', ')}`);
}

function url(protocols: readonly string[]) {
  return z
    .string()
    .refine((text) => hasProtocol(text, protocols), `must be a URL that begins with ${protocols.join('// or ')}//`);
}

function hosts(protocols: readonly string[]) {
  const message = `must be an address that begins with ${protocols.join('// or ')}//, with hosts separated by commas`;
  return z.string().refine((text) => namesHosts(text, protocols), message);
}
