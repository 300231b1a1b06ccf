// An HTTP edge on a free port, over the services of edge-services.ts. For tests of the edge alone.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BelfryError } from '@belfry/protocol';
import { MemoryRates } from '../../src/drivers/rates/memory/memory-rates.ts';
import { createMemoryStores } from '../../src/drivers/stores/memory/create-memory-stores.ts';
import { createClientAddress } from '../../src/http/client-address.ts';
import { createDocs } from '../../src/http/docs.ts';
import { defaultLimits } from '../../src/config/limits.ts';
import { createPublicDoor } from '../../src/http/doors/public/public-door.ts';
import { createFiles } from '../../src/http/files.ts';
import { front } from '../../src/http/front.ts';
import { createHttp } from '../../src/http/http.ts';
import { webSocketPathOnly } from '../../src/http/middleware/web-socket-path.ts';
import { createHealthRoutes, createMetricsRoute } from '../../src/http/operations.ts';
import { httpServerOptions } from '../../src/http/server-options.ts';
import { Pages } from '../../src/pages/pages.ts';
import { asAppId, type AppId } from '../../src/ports/app-id.ts';
import type { Log } from '../../src/ports/log.ts';
import type { AppRecord, Versioned } from '../../src/ports/stores/index.ts';
import type { Health } from '../../src/telemetry/health.ts';
import { RecordedFacts } from './recorded-facts.ts';
import { createEdgeServices, uuid } from './edge-services.ts';
import { TestBusHub } from './test-bus.ts';
import { createVirtualClock } from './virtual-clock.ts';
import { bad } from '../../src/tenancy/tokens/claims.ts';
import { found } from '../../src/tenancy/tokens/token-findings.ts';

export { uuid };
export const demo = asAppId('demo');
const other = asAppId('other');

function record(app: AppId, over: Partial<AppRecord> = {}): Versioned<AppRecord> {
  return {
    version: 1,
    app,
    tenantId: 't',
    name: app,
    disabled: false,
    allowedOrigins: ['https://clinic.example'],
    signingSecrets: [],
    settings: { waitMs: 5000, deliveredMeans: 'visible', retentionMs: 0, journeyRetentionMs: 1 },
    limits: { connections: 10, requestsPerMinute: 1000 },
    managed: false,
    createdAt: 0,
    updatedAt: 0,
    ...over,
  };
}

/** Not a real token: only its claims are read here, the rest is tenancy's and answered by the fake below. */
export const token = (aud: string | readonly string[], sub: string) =>
  ['{"alg":"HS256"}', JSON.stringify({ aud, sub }), 'x']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

const keys: Record<string, { app: AppId; keyId: string; scopes: string[] }> = {
  bk_all: { app: demo, keyId: 'all', scopes: ['*'] },
  bk_read: { app: demo, keyId: 'read', scopes: ['conversations:read'] },
  bk_other: { app: other, keyId: 'all', scopes: ['*'] },
  bk_few: { app: asAppId('few'), keyId: 'all', scopes: ['*'] },
};

const limits = {
  requestDeadlineMs: 300,
  uploadDeadlineMs: 300,
  httpBodyBytes: 20_000,
  jsonDepth: 32,
  requestsPerMinute: 20,
  idempotencyKeepMs: 60_000,
  idempotencyKeysPerUser: 10,
  httpQueryBytes: 8192,
  pageSize: 80,
};

const metrics = {
  count: () => undefined,
  observe: () => undefined,
  set: () => undefined,
  onCollect: () => undefined,
  text: async () => 'belfry_connections 1\n',
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
};

/** A server with real pages, devices and stores, and the rest as small as the API allows. */
export async function startHttp() {
  const stores = createMemoryStores();
  const clock = createVirtualClock();
  const apps = new Map([
    ['demo', record(demo)],
    ['other', record(other)],
    ['off', record(asAppId('off'), { disabled: true })],
    ['few', record(asAppId('few'), { limits: { connections: 1, requestsPerMinute: 2 } })],
  ]);
  const pages = new Pages({
    ...{ store: stores.pages, bus: new TestBusHub({ clock }).connect('n1'), clock, facts: new RecordedFacts() },
    isConnected: () => false,
    limits: defaultLimits(),
  });
  const done: string[] = [];
  const errors: unknown[] = [];
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (_msg, fields) => void errors.push(fields?.['err']),
    child: () => log,
    isDebug: () => false,
  };
  let broken: Error | undefined;
  const services = createEdgeServices({ stores, clock, pages, apps, done, broken: () => broken });
  const find = async (key: string) => apps.get(key);
  const door = createPublicDoor({
    services,
    refusals: { record: () => undefined },
    apiKeys: { authenticate: async (key) => keys[key] },
    apps: { find },
    tokens: {
      verify: async (app, given) => {
        if (!apps.has(app)) return bad('unknown_app', found('no_such_app'));
        if (given.split('.').length !== 3) return bad('malformed', found('header_unreadable'));
        const { sub } = JSON.parse(Buffer.from(given.split('.')[1] ?? '', 'base64url').toString()) as { sub: string };
        if (sub === 'late') return { ...bad('expired', found('past')), code: 'token_expired' };
        if (sub === 'mallory') return bad('malformed', found('payload_unreadable'));
        return { ok: true, user: { userId: sub, issuedAtMs: 0, expiresAtMs: 1 } };
      },
    },
    idempotency: stores.idempotency,
    rates: new MemoryRates(clock),
    clock,
    clientAddress: createClientAddress(undefined),
    limits,
  });
  const health: Pick<Health, 'ready'> = {
    ready: () => ({ ok: false, body: { status: 'draining', checks: { store: 'up' } } }),
  };
  const answer = createHttp({
    surroundings: { clock, log, metrics },
    limits,
    parts: [
      createHealthRoutes({ health, version: '1.2.3' }),
      createMetricsRoute({ metrics, metricsToken: 'scrape' }),
      webSocketPathOnly(),
      door,
      createFiles({ apps: { find }, uploads: { serve: () => Promise.reject(new BelfryError('forbidden')) } }),
      createDocs(),
      front({ api: '/api/v1', docs: '/docs/', openapi: '/openapi.json' }),
    ],
  });
  const server = createServer(httpServerOptions({ ...limits, keepAliveMs: 75_000 }), answer);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    /** The calls of the services that changed something. */
    done,
    /** The errors that were logged. */
    errors,
    clock,
    pages,
    breakWith: (error: Error | undefined) => (broken = error),
    ask: (line: string, asked: Asked = {}) => ask(port, line, asked),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

export interface Asked {
  as?: string;
  body?: unknown;
  text?: string;
  headers?: Record<string, string>;
}

async function ask(port: number, line: string, { as, body, text, headers = {} }: Asked) {
  const [method = 'GET', path = '/'] = line.split(' ');
  const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
      ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent }),
  });
  const answer = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(answer) : answer };
}
