// The app that Belfry is provisioned with for a benchmark, the limits that are raised for it, and its users'
// tokens. Starting the server is contenders/belfry.ts.
import { createHmac } from 'node:crypto';

export const appKey = 'bench';
export const apiKey = 'bk_bench_0123456789abcdef0123456789abcdef';
export const page = '/chat';
/** Nobody is here but some of `console`. */
export const otherPage = '/ward';
/** Writes each push into the server's log. Nobody has a device but in `cluster-push`. */
export const pushProviderId = 'log';
const signingSecret = 'a-secret-for-benchmarks-that-is-long-enough';

/** Of all nodes of a cluster. */
export const clusterSecret = 'a-secret-of-the-nodes-of-a-benchmark';

/** Up to nine nodes share the cores of one machine, and wait for each other: nobody is to be sent away for it. */
export const nodeLimits = { LIMIT_EVENT_LOOP_DELAY_MS: '0' };

interface Raised {
  /** The environment variable, or the field of the provision file. */
  name: string;
  value: number;
  because: string;
}

/** Every default limit that would refuse the load generator. Listed in the report. */
export const raisedLimits: readonly Raised[] = [
  {
    name: 'LIMIT_UNAUTHENTICATED_PER_ADDRESS',
    value: 100_000,
    because: 'all clients come from one address',
  },
  {
    name: 'LIMIT_CONNECTIONS_PER_ADDRESS',
    value: 1_000_000,
    because: 'all clients come from one address',
  },
  { name: 'LIMIT_COMMANDS_PER_SECOND', value: 100_000, because: 'one sender saturates the server' },
  { name: 'LIMIT_COMMAND_BURST', value: 1_000_000, because: 'one sender saturates the server' },
  {
    name: 'limits.requestsPerMinute',
    value: 10_000_000,
    because: 'one API key prepares and sends everything',
  },
];

/** Not a limit of what is measured: the end of a run should not wait for clients that are gone. */
const drainMs = 2000;

export function environmentOf(paths: { dataDir: string; provisionFile: string }): Record<string, string> {
  return {
    PORT: '0',
    DATA_DIR: paths.dataDir,
    PROVISION_FILE: paths.provisionFile,
    LOG_FORMAT: 'json',
    LIMIT_DRAIN_MS: String(drainMs),
    ...Object.fromEntries(
      raisedLimits.filter(({ name }) => name.startsWith('LIMIT_')).map(({ name, value }) => [name, String(value)]),
    ),
  };
}

/**
 * The provision file's text: pages that demand a token and have every feature that the scenarios touch.
 */
export function provisionText(): string {
  const requestsPerMinute = raisedLimits.find(({ name }) => name === 'limits.requestsPerMinute')?.value;
  return JSON.stringify({
    tenants: [
      {
        id: 'bench',
        apps: [
          {
            key: appKey,
            signingSecret,
            apiKeys: [{ id: 'bench', secret: apiKey, scopes: ['*'] }],
            limits: { requestsPerMinute },
            providers: [{ id: pushProviderId, plugin: 'logging' }],
            pages: [page, otherPage].map((pattern) => ({
              ...{ pattern, enabled: true, requireAuth: true, autoConnect: true, connectionType: 'chat' },
              features: ['messaging', 'typing_indicator', 'read_receipts', 'presence', 'system_notifications'],
              topics: ['news'],
            })),
          },
        ],
      },
    ],
  });
}

const tokenLifeSeconds = 20 * 3600;

export function tokenOf(userId: string): string {
  const seconds = Math.floor(Date.now() / 1000) - 60;
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = { sub: userId, aud: appKey, iat: seconds, exp: seconds + tokenLifeSeconds };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', signingSecret).update(signed).digest('base64url')}`;
}
