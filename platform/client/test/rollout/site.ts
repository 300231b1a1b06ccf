// The site of the proof of roll-outs: gateways and workers as docker-compose.yml has them, behind Debian's nginx with
// the shipped configuration, over a real Redis and a server of MongoDB's protocol. Nodes are replaced, killed and
// started again; what comes of it is counted elsewhere.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createApiClient, type ApiClient } from '../../../server/test/support/api-client.ts';
import {
  readComposeFile,
  readDockerfile,
  repository,
  upstreamParameters,
} from '../../../server/test/support/compose-file.ts';
import { freePort } from '../../../server/test/support/free-port.ts';
import { startMongo, type MongoServer } from '../../../server/test/support/mongo-server.ts';
import { provisionFile, webhookSecret } from '../../../server/test/support/provision.ts';
import { startRedis, type RedisServer } from '../../../server/test/support/redis-server.ts';
import { startServerProcess, type ServerProcess } from '../../../server/test/support/server-process.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../../server/test/support/temporary-folder.ts';

const image = readDockerfile();
const readyMs = 120_000;
const lastLines = 20;

export interface SiteOptions {
  gateways: number;
  workers: number;
  pushUrl: string;
}

export class Site {
  readonly #folder: TemporaryFolder;
  readonly #mongo: MongoServer;
  readonly redis: RedisServer;
  readonly nodes: Node[] = [];
  #url = '';
  #stopNginx: (() => Promise<void>) | undefined;

  private constructor(folder: TemporaryFolder, mongo: MongoServer, redis: RedisServer) {
    this.#folder = folder;
    this.#mongo = mongo;
    this.redis = redis;
  }

  static async start({ gateways, workers, pushUrl }: SiteOptions): Promise<Site> {
    const folder = createTemporaryFolder();
    // As the service `redis` of the file.
    const redis = await startRedis(['--appendonly', 'yes', '--maxmemory-policy', 'noeviction']);
    const site = new Site(folder, await startMongo(), redis);
    const provider = { id: 'hook', plugin: 'webhook', config: { url: pushUrl, secret: webhookSecret } };
    const provision = { app: { providers: [provider] }, settings: { waitMs: 2000 } };
    writeFileSync(join(folder.path, 'provision.yaml'), provisionFile(provision));
    const roles = [...Array<'worker'>(workers).fill('worker'), ...Array<'belfry'>(gateways).fill('belfry')];
    for (const [at, service] of roles.entries()) {
      const node = new Node(`${service} ${at + 1}`, {
        folder: folder.path,
        env: { ...site.#environmentOf(service), PORT: String(await freePort()) },
        isGateway: service === 'belfry',
      });
      site.nodes.push(node);
      await node.start();
    }
    await site.#startNginx();
    return site;
  }

  get url(): string {
    return this.#url;
  }

  /** Of all gateways: why clients were not let in, by code. */
  async refusedUpgrades(): Promise<string[]> {
    const texts = await Promise.all(this.nodes.filter(({ isGateway }) => isGateway).map((node) => node.metrics()));
    return texts.flatMap((text) => [...text.matchAll(/^belfry_upgrades_refused_total\{.*$/gm)].map(([line]) => line));
  }

  get api(): ApiClient {
    return createApiClient(() => this.#url);
  }

  async stop(): Promise<void> {
    await this.#stopNginx?.();
    await Promise.all(this.nodes.map((node) => node.stop()));
    await Promise.all([this.redis.stop(), this.#mongo.stop()]);
    this.#folder.remove();
  }

  #environmentOf(service: string): Record<string, string> {
    const { environment = {} } = readComposeFile('docker-compose.yml').services[service] ?? {};
    return {
      ...image.env,
      ...environment,
      MONGODB_URL: this.#mongo.url.replace('/?', '/rollout?'),
      REDIS_URL: this.redis.url,
      BELFRY_SECRET_FILE: join(repository, 'deploy/compose/trial-secret'),
      PROVISION_FILE: join(this.#folder.path, 'provision.yaml'),
      DATA_DIR: this.#folder.path,
      PUBLIC_URL: '',
      HOST: '127.0.0.1',
      INTERNAL_PORT: '0',
      LOG_LEVEL: 'warn',
      // The stand-in for a push service is on this machine, as all clients are.
      OUTBOUND_ALLOW: '127.0.0.0/8',
      LIMIT_UNAUTHENTICATED_PER_ADDRESS: '100000',
    };
  }

  /** The shipped configuration, with an address, folders and gateways of this machine. */
  async #startNginx(): Promise<void> {
    const home = join(this.#folder.path, 'nginx');
    const port = await freePort();
    const text = readFileSync(join(repository, 'deploy/nginx/nginx.conf'), 'utf8')
      .replace('listen 8080;', `listen 127.0.0.1:${port};`)
      .replaceAll('/tmp/', `${home}/`);
    mkdirSync(home);
    writeFileSync(join(home, 'nginx.conf'), text);
    const gateways = this.nodes.filter(({ isGateway }) => isGateway);
    const lines = gateways.map(({ host }) => `server ${host} ${upstreamParameters()};`);
    writeFileSync(join(home, 'upstream.conf'), `upstream belfry { ${lines.join(' ')} keepalive 64; }`);
    const args = ['-p', home, '-c', join(home, 'nginx.conf'), '-g', 'daemon off;'];
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
    const child = spawn('nginx', args, { env, stdio: ['ignore', 'ignore', 'ignore'] });
    this.#url = `http://127.0.0.1:${port}`;
    this.#stopNginx = async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    };
    await untilOk(`${this.#url}/healthz`);
  }
}

interface NodeOptions {
  folder: string;
  env: Record<string, string>;
  isGateway: boolean;
}

export class Node {
  readonly name: string;
  readonly isGateway: boolean;
  readonly host: string;
  readonly #options: NodeOptions;
  #process: ServerProcess | undefined;

  constructor(name: string, options: NodeOptions) {
    this.name = name;
    this.isGateway = options.isGateway;
    this.host = `127.0.0.1:${options.env['PORT'] ?? ''}`;
    this.#options = options;
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    const { folder, env } = this.#options;
    // `listening` is a line of the level info.
    this.#process = await startServerProcess({ folder, args: image.start, env: { ...env, LOG_LEVEL: 'info' } });
    await untilOk(`http://${this.host}/readyz`);
  }

  async metrics(): Promise<string> {
    const listening = this.#process?.lines.find(({ msg }) => msg === 'listening');
    return await (await fetch(`${String(listening?.['internal'])}/metrics`)).text();
  }

  /** Drains; the exit code. */
  async stop(): Promise<number | null> {
    this.#process?.kill('SIGTERM');
    return (await this.#process?.exited) ?? null;
  }

  /** The last lines of its log that say that something is wrong, or that it ends. */
  get lastWords(): string {
    const lines = (this.#process?.lines ?? []).filter(({ level, msg }) => level !== 'info' || /drain|stop/.test(msg));
    return lines
      .slice(-lastLines)
      .map((line) => JSON.stringify(line))
      .join('\n');
  }

  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL');
    await this.#process?.exited;
  }
}

async function untilOk(url: string): Promise<void> {
  const until = performance.now() + readyMs;
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok === true) return;
    if (performance.now() > until) throw new Error(`${url} is not ready`);
    await pause(100);
  }
}
