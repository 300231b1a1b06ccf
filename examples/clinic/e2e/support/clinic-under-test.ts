// A clinic for one test file: Belfry as a process that can be killed, the proxy in front of it, and the built
// app. Everything in a folder of its own.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowserBuild } from '../../../../scripts/browser-build.ts';
import { startEngine } from '../../../../platform/server/test/support/engine-under-test.ts';
import { createClinic } from '../../server.ts';
import { createBelfryApi } from '../../server/belfry-api.ts';
import { startBelfry, type BelfryLine, type BelfryProcess } from '../../server/belfry-process.ts';
import { readProvisioning, replaceSecrets, writeProvisioning } from '../../server/provisioning.ts';
import { seedConversations } from '../../server/seed.ts';
import { createStaticFiles } from '../../server/static-files.ts';
import { startCuttingProxy, type CuttingProxy } from './cutting-proxy.ts';

export interface ClinicUnderTest {
  readonly origin: string;
  readonly proxy: CuttingProxy;
  /** The log of all its processes, oldest first. */
  readonly lines: readonly BelfryLine[];
  /** The HTTP API with a key that may do everything; the answer's body. */
  api<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  /** SIGKILL, then a new process on the same data. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** After `proxy.setTarget(undefined)`. */
  reconnectProxy(): void;
  stop(): Promise<void>;
}

export interface TestOptions {
  /** With the messages from before the demonstration. */
  opening?: boolean;
  tokenSeconds?: number;
  /** A push service on this machine, at which browsers may be subscribed. */
  pushService?: string;
}

/** For a hook that starts one: the first of a fresh clone also builds what browsers load. */
export const setupMs = 120_000;

export async function startClinicUnderTest({
  opening = false,
  tokenSeconds = 600,
  pushService,
}: TestOptions = {}): Promise<ClinicUnderTest> {
  await ensureBrowserBuild({ withExamples: true, say: () => undefined });
  const folder = mkdtempSync(join(tmpdir(), 'belfry-clinic-'));
  const provisionFile = join(folder, 'provision.yaml');
  const [proxy, engine] = [await startCuttingProxy(), await startEngine()];
  const server = await listen();
  const origin = addressOf(server);
  const lines: BelfryLine[] = [];

  const { plan, app } = readProvisioning();
  const apiKey = replaceSecrets(app);
  app.allowedOrigins = [origin];
  for (const key of app.apiKeys) key.scopes = ['*'];
  if (pushService !== undefined) for (const { config } of app.providers ?? []) config['pushServices'] = [pushService];
  // Pages of a provision file can only be changed in that file; these tests change them while they are open.
  const pages = app.pages.splice(0);
  writeProvisioning(provisionFile, plan);

  let belfry = await start();
  const api = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${belfry.url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as T;
  };
  for (const page of pages) await api('PUT', '/pages', page);

  // The back end goes around the proxy: it is the browsers' network that is bad.
  const backEnd = createBelfryApi({ url: belfry.url, apiKey });
  await seedConversations(backEnd, { opening });
  const serveApp = createStaticFiles({ folder: join(import.meta.dirname, '../../dist'), belfryUrl: proxy.url });
  const client = { belfryUrl: proxy.url, app: app.key };
  server.on('request', createClinic({ belfry: backEnd, client, tokenSeconds, serveApp }));

  async function start(port = 0): Promise<BelfryProcess> {
    const started = await startBelfry({
      port,
      dataFolder: join(folder, 'data'),
      provisionFile,
      env: { ...engine.env, ...(pushService !== undefined && { OUTBOUND_ALLOW: `${pushService}/32` }) },
      onLine: (line) => lines.push(line),
    });
    proxy.setTarget(portOf(started));
    return started;
  }

  return {
    origin,
    proxy,
    lines,
    api,
    async kill() {
      proxy.setTarget(undefined);
      await belfry.kill();
    },
    async restart() {
      // The same port: the back end knows it.
      belfry = await start(portOf(belfry));
    },
    reconnectProxy: () => proxy.setTarget(portOf(belfry)),
    async stop() {
      server.close();
      server.closeAllConnections();
      await proxy.close();
      await belfry.kill();
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listen(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf({ url }: BelfryProcess): number {
  return Number(new URL(url).port);
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
