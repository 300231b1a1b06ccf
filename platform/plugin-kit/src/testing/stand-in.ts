// A local server that plays a provider's service in a test: real HTTP, strict as the service is. What it
// accepts and answers is the test's.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { NotificationProvider, ProviderInstance } from '../notification-provider.ts';
import type { PluginFetch } from '../provider-context.ts';
import type { HttpAnswer, RecordedRequest } from './answer.ts';
import { fakeHost } from './fake-host.ts';
import type { FakeHost } from './fake-host.ts';

export interface StandIn {
  /** Without a slash at the end. */
  readonly url: string;
  readonly requests: readonly StandInRequest[];
  close(): Promise<void>;
}

export interface StandInRequest extends RecordedRequest {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Answers each request as the service would. What it throws is answered with 500 and the message. */
export type StandInService = (request: StandInRequest) => HttpAnswer | Promise<HttpAnswer>;

export async function startStandIn(service: StandInService): Promise<StandIn> {
  const requests: StandInRequest[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const seen = await read(request);
      requests.push(seen);
      await write(response, service, seen);
    })();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async close() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

export interface LiveProvider {
  readonly instance: ProviderInstance;
  readonly host: FakeHost;
}

/**
 * A provider set up with `config`, whose calls go out for real. Its clock is the fake host's; `fetch` is
 * global fetch unless the test has another.
 */
export async function setUpLive(
  plugin: NotificationProvider,
  config: unknown,
  { host = fakeHost(), fetch: call = realFetch }: { host?: FakeHost; fetch?: PluginFetch } = {},
): Promise<LiveProvider> {
  const context = { ...host.context(plugin.config.parse(config)), fetch: call };
  return { instance: await plugin.setup(context), host };
}

const realFetch: PluginFetch = (url, { body, ...request } = {}) => {
  // A copy, as a view of shared memory is no body.
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) };
  return fetch(url, { ...request, ...sent, redirect: 'manual' });
};

async function read(request: IncomingMessage): Promise<StandInRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = new Uint8Array(Buffer.concat(chunks));
  const body = new TextDecoder().decode(bytes);
  const { method = 'GET', url = '/', headers } = request;
  const { href, pathname: path, searchParams: query } = new URL(url, `http://${headers.host ?? 'localhost'}`);
  return {
    ...{ method, url: href, path, query, bytes, body },
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
    ),
    json: () => JSON.parse(body) as unknown,
  };
}

async function write(response: ServerResponse, service: StandInService, seen: StandInRequest): Promise<void> {
  let answer: HttpAnswer;
  try {
    answer = await service(seen);
  } catch (error) {
    answer = { http: 500, body: error instanceof Error ? error.message : 'a fault of the stand-in' };
  }
  const { http, headers, body } = answer;
  const isJson = typeof body === 'object' && body !== null && !(body instanceof Uint8Array);
  response.writeHead(http, { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers });
  response.end(isJson ? JSON.stringify(body) : (body ?? undefined));
}
