// Proves that nothing can be set that has no effect: each variable changes the configuration or is refused or
// warned of, and each field of the configuration and each setting of an app has a reader.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { appSettingsSchemas } from '../src/tenancy/provisioning/schema.ts';
import { limitNames, limitSpecs, limitVariable } from '../src/config/limits.ts';
import { loadConfig } from '../src/config/load.ts';
import { knownVariables } from '../src/config/schema.ts';

const src = join(import.meta.dirname, '../src');

/** Where values are taken in, described or handed over as a whole: none of these is an effect. */
const noReaders =
  /(?:\.test\.ts|^config\/.*|^tenancy\/(?:provisioning\/.*|app-defaults\.ts)|^ports\/stores\/tenancy\.ts)$/;

const sources = globSync('**/*.ts', { cwd: src })
  .filter((file) => !noReaders.test(file))
  .map((file) => ({ file, text: readFileSync(join(src, file), 'utf8').replaceAll(/\/\/.*|\/\*[^]*?\*\//g, '') }));

/** Files that take the field out of an object: `x.field`, `{ field, ... } = x` or as a parameter. */
function readersOf(field: string): string[] {
  const read = new RegExp(`\\.${field}\\b|[{,]\\s*${field}\\b(?:\\s*[,}=]|\\s*:\\s*\\w+\\s*[,}=])`);
  return sources.filter(({ text }) => read.test(text)).map(({ file }) => file);
}

const samples: Readonly<Record<string, string>> = {
  PORT: '8001',
  INTERNAL_PORT: '9000',
  HOST: '127.0.0.2',
  PUBLIC_URL: 'https://chat.example.com',
  TRUST_PROXY: '1',
  HTTP_KEEP_ALIVE: '60000',
  DATA_DIR: 'var',
  BELFRY_SECRET: 'a secret of some length',
  MONGODB_URL: 'mongodb://db',
  REDIS_URL: 'redis://r',
  REDIS_PASSWORD: 'text',
  S3_BUCKET: 'uploads',
  S3_ENDPOINT: 'https://s3.example.com',
  S3_REGION: 'eu-central-1',
  S3_ACCESS_KEY_ID: 'an id',
  S3_SECRET_ACCESS_KEY: 'text',
  S3_FORCE_PATH_STYLE: 'off',
  S3_PRESIGN: 'on',
  ROLE: 'worker',
  NOTIFICATION_PROVIDER: 'webhook',
  FIREBASE_CREDENTIALS_PATH: '/f.json',
  WS_HEARTBEAT_INTERVAL: '5000',
  WS_CONNECTION_TIMEOUT: '5000',
  WS_MAX_RECONNECT_ATTEMPTS: '5',
  WS_ATTENDED_AFTER: '5000',
  NODE_ENV: 'production',
  PLUGINS_DIR: 'plugins',
  PROVISION_FILE: 'p.yaml',
  PLAYGROUND: 'off',
  CONSOLE: 'off',
  CONSOLE_SESSION_IDLE_MS: '600000',
  CONSOLE_SESSION_MAX_MS: '6000000',
  LOG_LEVEL: 'debug',
  LOG_FORMAT: 'pretty',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
  OTEL_EXPORTER_OTLP_HEADERS: 'a=b',
  OTEL_SERVICE_NAME: 'chat',
  OTEL_TRACES_SAMPLER_ARG: '0.5',
  METRICS_TOKEN: 'a long token',
  OUTBOUND_ALLOW: '10.0.0.0/8',
  ...Object.fromEntries(
    limitNames.map((name) => {
      const { min, max, default: usual } = limitSpecs[name];
      return [limitVariable(name), String(usual === max ? min : max)];
    }),
  ),
};

const load = (env: Record<string, string>) => loadConfig({ env, cwd: '/srv', readFile: () => '{}' });

test('every variable has an effect, or is refused or warned of', () => {
  const variables = [...knownVariables].filter((name) => !name.endsWith('_FILE') || name === 'PROVISION_FILE');
  const unchanged = JSON.stringify(load({}));
  const silent = variables.filter((name) => JSON.stringify(load({ [name]: samples[name] ?? '' })) === unchanged);
  expect(silent).toEqual([]);
});

test('every field of the configuration has a reader outside of it', () => {
  // Two limits that have to fit each other.
  const env = Object.fromEntries(Object.entries(samples).filter(([name]) => !name.startsWith('LIMIT_SEND_')));
  const loaded = load({ ...env, NOTIFICATION_PROVIDER: 'fcm' });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { webSocket, log, limits: bounds, s3 = {}, ...fields } = loaded.config;
  const names = [fields, webSocket, log, bounds, s3].flatMap((part) => Object.keys(part));
  expect(names.filter((name) => readersOf(name).length === 0)).toEqual([]);
});

describe('of an app', () => {
  test.each(Object.entries(appSettingsSchemas))('every one of its %s has a reader', (_name, schema) => {
    const names = fieldsOf(schema);
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter((name) => readersOf(name).length === 0)).toEqual([]);
  });
});

/** The fields of a schema, and of those inside of it. */
function fieldsOf(schema: z.ZodType): string[] {
  if (schema instanceof z.ZodOptional) return fieldsOf(schema.unwrap() as z.ZodType);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, field]) => [
    name,
    ...fieldsOf(field),
  ]);
}

test('a field that nothing reads is noticed', () => {
  expect([readersOf('nobodyReadsThis'), readersOf('trustProxy')]).toEqual([
    [],
    ['compose/console.ts', 'compose/edges.ts'],
  ]);
});
