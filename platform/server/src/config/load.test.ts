import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { redactedConfig } from './config.ts';
import { defaultLimits } from './limits.ts';
import { loadConfig } from './load.ts';

const cwd = '/srv/belfry';

function load(env: Record<string, string>, files: Record<string, string> = {}) {
  return loadConfig({
    env,
    cwd,
    readFile(path) {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
      return text;
    },
  });
}

function configOf(env: Record<string, string>, files?: Record<string, string>) {
  const loaded = load(env, files);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

function problemsOf(env: Record<string, string>, files?: Record<string, string>): string[] {
  const loaded = load(env, files);
  return loaded.ok ? [] : loaded.problems.map(({ variable }) => variable);
}

describe('without any variable', () => {
  test('the documented defaults hold', () => {
    expect(configOf({})).toEqual({
      host: '127.0.0.1',
      port: 8000,
      trustProxy: undefined,
      httpKeepAliveMs: 75_000,
      dataDir: '/srv/belfry/data',
      role: 'all',
      notificationProvider: 'logging',
      webSocket: {
        heartbeatIntervalMs: 45_000,
        connectionTimeoutMs: 20_000,
        maxReconnectAttempts: 15,
        attendedAfterMs: 60_000,
      },
      log: { level: 'info', format: 'json' },
      outboundAllow: [],
      playground: true,
      console: { isOn: true, sessionIdleMs: 28_800_000, sessionMaxMs: 604_800_000 },
      limits: defaultLimits(),
    });
  });

  test('a terminal gets lines for people', () => {
    const loaded = loadConfig({ env: {}, cwd, isTerminal: true });
    expect(loaded).toMatchObject({ ok: true, config: { log: { format: 'pretty' } } });
  });
});

test('variables that are set are taken over, paths made absolute', () => {
  const config = configOf(
    {
      HOST: '0.0.0.0',
      PORT: '0',
      PUBLIC_URL: 'https://chat.example.com/',
      TRUST_PROXY: '10.0.0.0/8, 127.0.0.1',
      DATA_DIR: 'var',
      NOTIFICATION_PROVIDER: 'firebase',
      FIREBASE_CREDENTIALS_PATH: 'firebase.json',
      PROVISION_FILE: '/etc/belfry.yaml',
      OUTBOUND_ALLOW: '127.0.0.0/8,fd00::/8',
      LIMIT_FRAME_BYTES: '131072',
      LOG_LEVEL: 'debug',
    },
    { '/srv/belfry/firebase.json': '{}' },
  );
  expect(config).toMatchObject({
    host: '0.0.0.0',
    port: 0,
    publicUrl: 'https://chat.example.com',
    trustProxy: '10.0.0.0/8, 127.0.0.1',
    dataDir: '/srv/belfry/var',
    notificationProvider: 'fcm',
    firebaseCredentialsPath: '/srv/belfry/firebase.json',
    provisionFile: '/etc/belfry.yaml',
    outboundAllow: ['127.0.0.0/8', 'fd00::/8'],
    log: { level: 'debug' },
  });
  expect(config.limits.frameBytes).toBe(131_072);
});

test.each([
  ['on unless told otherwise', {}, true],
  ['on another loopback address too', { HOST: '::1' }, true],
  ['off on an address that others reach', { HOST: '0.0.0.0' }, false],
  ['off behind a proxy', { PUBLIC_URL: 'https://chat.example.com' }, false],
  ['off behind a proxy that is believed', { TRUST_PROXY: '1' }, false],
  ['off in production', { NODE_ENV: 'production' }, false],
  ['on in development', { NODE_ENV: 'development' }, true],
  ['off when told so', { PLAYGROUND: 'off' }, false],
  ['on wherever it is told so', { PLAYGROUND: 'on', HOST: '0.0.0.0', TRUST_PROXY: '1', NODE_ENV: 'production' }, true],
])('the playground is %s', (_name, env: Record<string, string>, playground) => {
  expect(configOf(env)).toMatchObject({ playground });
});

test('a blank variable counts as not set', () => {
  expect(configOf({ PORT: '', MONGODB_URL: ' ', BELFRY_SECRET: '' })).toMatchObject({ port: 8000 });
});

test('everything that is wrong is reported at once', () => {
  const env = {
    PORT: '70000',
    HOST: 'not a host',
    PUBLIC_URL: 'chat.example.com',
    TRUST_PROXY: 'everyone',
    ROLE: 'boss',
    LOG_LEVEL: 'loud',
    LOG_FORMAT: 'xml',
    WS_HEARTBEAT_INTERVAL: '45s',
    OUTBOUND_ALLOW: '10.0.0.0/99',
    BELFRY_SECRET: 'short',
    REDIS_URL: 'redis://redis',
    LIMIT_DRAIN_MS: '-1',
    METRICS_TOKEN_FILE: '/nowhere',
    NOTIFICATION_PROVIDER: 'fcm',
  };
  expect(problemsOf(env).toSorted()).toEqual(
    [
      ...Object.keys(env).filter((name) => name !== 'REDIS_URL' && name !== 'NOTIFICATION_PROVIDER'),
      'MONGODB_URL',
      'FIREBASE_CREDENTIALS_PATH',
    ].toSorted(),
  );
});

describe.each([
  ['MongoDB without Redis', { MONGODB_URL: 'mongodb://db' }, ['REDIS_URL']],
  ['Redis without MongoDB', { REDIS_URL: 'redis://r' }, ['MONGODB_URL']],
  ['a role of a cluster on one machine', { ROLE: 'worker' }, ['ROLE']],
  ['a variable beside its file', { BELFRY_SECRET: 'x'.repeat(32), BELFRY_SECRET_FILE: '/s' }, ['BELFRY_SECRET_FILE']],
  ['an empty secret file', { BELFRY_SECRET_FILE: '/empty' }, ['BELFRY_SECRET_FILE']],
  ['credentials that are not JSON', { FIREBASE_CREDENTIALS_PATH: '/empty' }, ['FIREBASE_CREDENTIALS_PATH']],
  [
    'a connection that is cut off before it is behind',
    { LIMIT_SEND_BEHIND_BYTES: '8192', LIMIT_SEND_TOO_SLOW_BYTES: '8192' },
    ['LIMIT_SEND_TOO_SLOW_BYTES'],
  ],
])('%s', (_, env, expected) => {
  test('is reported as one problem', () => {
    expect(problemsOf(env, { '/s': 'text', '/empty': '\n' })).toEqual(expected);
  });
});

test.each([
  ['one host each', { MONGODB_URL: 'mongodb://db', REDIS_URL: 'redis://r' }],
  [
    'several hosts',
    { MONGODB_URL: 'mongodb://u:p@a:27017,b:27018/chat?replicaSet=x', REDIS_URL: 'redis://:p@a:1,b:2' },
  ],
])('a cluster has both addresses, of %s', (_name, env: Record<string, string>) => {
  expect(configOf({ ...env, REDIS_PASSWORD: 'text', ROLE: 'worker' })).toMatchObject({
    cluster: { mongodbUrl: env['MONGODB_URL'], redis: { url: env['REDIS_URL'], password: 'text' } },
    role: 'worker',
  });
});

test.each([
  ['MONGODB_URL', 'mongodb://'],
  ['MONGODB_URL', 'mongodb://a:x,b'],
  ['MONGODB_URL', 'db.example.com'],
  ['REDIS_URL', 'redis://a,,b'],
  ['REDIS_URL', 'http://a'],
])('%s is refused when it is %s', (variable, text) => {
  expect(problemsOf({ MONGODB_URL: 'mongodb://db', REDIS_URL: 'redis://r', [variable]: text })).toEqual([variable]);
});

describe('a bucket for uploads', () => {
  const keys = { S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'hunter2' };

  test('is one of Amazon, with what the machine has for credentials, unless more is said', () => {
    expect(configOf({ S3_BUCKET: 'files' }).s3).toEqual({
      bucket: 'files',
      region: 'us-east-1',
      forcePathStyle: false,
      presign: false,
    });
  });

  test('is in the path of an address that was given, unless told otherwise', () => {
    const env = { S3_BUCKET: 'files', S3_ENDPOINT: 'http://minio:9000', S3_REGION: 'auto', S3_PRESIGN: 'on', ...keys };
    expect(configOf(env).s3).toEqual({
      bucket: 'files',
      endpoint: 'http://minio:9000',
      region: 'auto',
      forcePathStyle: true,
      presign: true,
      credentials: { accessKeyId: 'id', secretAccessKey: 'hunter2' },
    });
    expect(configOf({ ...env, S3_FORCE_PATH_STYLE: 'off' }).s3).toMatchObject({ forcePathStyle: false });
    expect(JSON.stringify(redactedConfig(configOf(env)))).not.toContain('hunter2');
  });

  test.each([
    ['S3_BUCKET', { S3_BUCKET: '../files' }],
    ['S3_ENDPOINT', { S3_BUCKET: 'files', S3_ENDPOINT: 'minio:9000' }],
    ['S3_FORCE_PATH_STYLE', { S3_BUCKET: 'files', S3_FORCE_PATH_STYLE: 'yes' }],
    ['S3_SECRET_ACCESS_KEY', { S3_BUCKET: 'files', S3_ACCESS_KEY_ID: 'id' }],
    ['S3_ACCESS_KEY_ID', { S3_BUCKET: 'files', S3_SECRET_ACCESS_KEY_FILE: '/s' }],
  ])('is reported with %s where that is wrong or missing', (variable, env: Record<string, string>) => {
    expect(problemsOf(env, { '/s': 'text' })).toEqual([variable]);
  });

  test('is asked for where other variables of it are set, and in a cluster', () => {
    const alone = load({ S3_REGION: 'eu-central-1' });
    const reason = 'has no effect: S3_BUCKET is not set';
    expect(alone).toMatchObject({ ok: true, warnings: [{ variable: 'S3_REGION', reason }] });
    const cluster = { MONGODB_URL: 'mongodb://db', REDIS_URL: 'redis://r' };
    expect(load(cluster)).toMatchObject({ ok: true, warnings: [{ variable: 'S3_BUCKET' }] });
    expect(load({ ...cluster, S3_BUCKET: 'files' })).toMatchObject({ ok: true, warnings: [] });
  });
});

test('a secret comes from a file as well, without its line end', () => {
  const files = { '/run/secrets/belfry': `${'s'.repeat(32)}\n` };
  expect(configOf({ BELFRY_SECRET_FILE: '/run/secrets/belfry' }, files).secret).toBe('s'.repeat(32));
});

test('the trial secret is refused with https, and good for a trial', () => {
  const trial = readFileSync(new URL('../../../../deploy/compose/trial-secret', import.meta.url), 'utf8').trim();
  expect(problemsOf({ BELFRY_SECRET: trial, PUBLIC_URL: 'https://belfry.example.com' })).toEqual(['BELFRY_SECRET']);
  expect(problemsOf({ BELFRY_SECRET: trial, PUBLIC_URL: 'http://127.0.0.1:8000' })).toEqual([]);
  expect(problemsOf({ BELFRY_SECRET: 'x'.repeat(32), PUBLIC_URL: 'https://belfry.example.com' })).toEqual([]);
});

test('variables that look misspelled are warned of with what was meant', () => {
  const loaded = load({ MONGO_URL: 'x', LOG_LEVL: 'x', BELFRY_FOO: 'x', BELFRY_PORT: 'tcp://10.0.0.1', HOSTNAME: 'h' });
  expect(loaded).toMatchObject({
    ok: true,
    warnings: [
      { variable: 'MONGO_URL', reason: expect.stringContaining('MONGODB_URL') },
      { variable: 'LOG_LEVL', reason: expect.stringContaining('LOG_LEVEL') },
      { variable: 'BELFRY_FOO' },
    ],
  });
});

test.each([
  ['REDIS_PASSWORD', { REDIS_PASSWORD: 'secret' }],
  ['FIREBASE_CREDENTIALS_PATH', { FIREBASE_CREDENTIALS_PATH: '/f.json' }],
])('%s is warned of where it has no effect', (variable, env: Record<string, string>) => {
  const reason = expect.stringContaining('has no effect') as string;
  expect(load(env, { '/f.json': '{}' })).toMatchObject({ ok: true, warnings: [{ variable, reason }] });
});

test('no problem and no dump shows a secret', () => {
  const secret = 'hunter2-hunter2-hunter2';
  const wrong = load({ BELFRY_SECRET: secret, REDIS_URL: `redis://:${secret}@r`, METRICS_TOKEN: secret, PORT: 'x' });
  expect(JSON.stringify(wrong)).not.toContain(secret);
  const cluster = { MONGODB_URL: `mongodb://u:${secret}@db`, REDIS_URL: 'redis://r', REDIS_PASSWORD: secret };
  const config = configOf({ BELFRY_SECRET: secret, METRICS_TOKEN: secret, ...cluster });
  expect(JSON.stringify(redactedConfig(config))).not.toContain(secret);
  expect(redactedConfig(config)).toMatchObject({ secret: '[redacted]', port: 8000 });
});

test('a second port is another than the first, or both are free ones', () => {
  expect(configOf({})).not.toHaveProperty('internalPort');
  expect(configOf({ INTERNAL_PORT: '9000' })).toMatchObject({ port: 8000, internalPort: 9000 });
  expect(configOf({ PORT: '0', INTERNAL_PORT: '0' })).toMatchObject({ port: 0, internalPort: 0 });
  expect(load({ INTERNAL_PORT: '8000' })).toMatchObject({ ok: false, problems: [{ variable: 'INTERNAL_PORT' }] });
});

test('traces are off without a collector, and settings of them are warned of', () => {
  expect(configOf({})).not.toHaveProperty('tracing');
  expect(load({ OTEL_SERVICE_NAME: 'x' })).toMatchObject({ ok: true, warnings: [{ variable: 'OTEL_SERVICE_NAME' }] });
  const set = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_EXPORTER_OTLP_HEADERS: 'a=b%20c,d=e=f' };
  expect(configOf({ ...set, OTEL_TRACES_SAMPLER_ARG: '0.25' }).tracing).toEqual({
    ...{ endpoint: 'http://c:4318', serviceName: 'belfry', share: 0.25 },
    headers: { a: 'b c', d: 'e=f' },
  });
  expect(JSON.stringify(redactedConfig(configOf(set)))).not.toContain('b c');
  expect(load({ ...set, OTEL_TRACES_SAMPLER_ARG: '2' })).toMatchObject({ ok: false });
});
