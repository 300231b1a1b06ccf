// The proxies of docs/production.md, each started with the configuration that stands there, before a server as a
// process of its own. Only addresses, certificates and folders are others.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createApiClient, type ApiClient } from '../support/api-client.ts';
import { putConversation, say } from '../support/clinic.ts';
import { repository } from '../support/compose-file.ts';
import { freePort } from '../support/free-port.ts';
import { provisionFile } from '../support/provision.ts';
import { png } from '../support/sample-files.ts';
import { startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { SocketClient, type Reachable } from '../support/socket-client.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { testCertificate } from '../support/test-certificate.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const page = readFileSync(join(repository, 'docs/production.md'), 'utf8');
const folder = createTemporaryFolder();
const certificate = join(folder.path, 'site.pem');
const key = join(folder.path, 'site.key');
const both = join(folder.path, 'both.pem');

interface Proxy {
  name: string;
  /** The language of its block in the page, and the words that it begins with. */
  block: [language: string, begins: string];
  /** What is written in the page, and what stands for it here. */
  here: (port: number) => readonly (readonly [string, string])[];
  command: (config: string) => readonly [program: string, ...args: string[]];
}

const proxies: readonly Proxy[] = [
  {
    name: 'Caddy',
    block: ['text', 'belfry.example.com {'],
    here: (port) => [
      ['belfry.example.com {', `https://127.0.0.1:${port} {\n  bind 127.0.0.1\n  tls ${certificate} ${key}`],
    ],
    command: (config) => ['caddy', 'run', '--adapter', 'caddyfile', '--config', config],
  },
  {
    name: 'nginx',
    block: ['nginx', 'map'],
    here: (port) => [
      ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl; ssl_certificate ${certificate}; ssl_certificate_key ${key};`],
    ],
    command: (config) => ['nginx', '-p', folder.path, '-c', config, '-g', 'daemon off;'],
  },
  {
    name: 'HAProxy',
    block: ['haproxy', 'defaults'],
    here: (port) => [
      ['bind :443 ssl crt /etc/haproxy/belfry.example.com.pem', `bind 127.0.0.1:${port} ssl crt ${both}`],
    ],
    command: (config) => ['haproxy', '-db', '-f', config],
  },
];

let server: ServerProcess;
/** Host and port, where it listens: its URL is that of the site. */
let listens: string;
const trusted = tls.getCACertificates('default');

beforeAll(async () => {
  tls.setDefaultCACertificates([...trusted, testCertificate.cert]);
  writeFileSync(certificate, testCertificate.cert);
  writeFileSync(key, testCertificate.key);
  writeFileSync(both, testCertificate.cert + testCertificate.key);
  const provision = join(folder.path, 'provision.yaml');
  writeFileSync(provision, provisionFile());
  const port = String(await freePort());
  listens = `127.0.0.1:${port}`;
  const env = {
    ...{ PORT: port, DATA_DIR: join(folder.path, 'data'), PROVISION_FILE: provision },
    ...{ PUBLIC_URL: 'https://belfry.example.com', TRUST_PROXY: '1', LIMIT_UNAUTHENTICATED_PER_ADDRESS: '1' },
  };
  server = await startServerProcess({ folder: folder.path, env });
});
afterAll(async () => {
  tls.setDefaultCACertificates(trusted);
  server.kill('SIGTERM');
  await server.exited;
  folder.remove();
});

/** The block of the page, with its server and address changed to those of this machine. */
function configOf({ block: [language, begins], here, name }: Proxy, port: number): string {
  const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)];
  const found = blocks.find(([, named, text]) => named === language && text?.startsWith(begins) === true)?.[2];
  if (found === undefined) throw new Error(`docs/production.md has no configuration of ${name}`);
  const changes = [...here(port), ['127.0.0.1:8000', listens] as const];
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the configuration of ${name} has no ${from}`);
    return text.replaceAll(from, to);
  }, found);
}

/** What nginx has outside of the page's part, in folders of its own. */
function whole(name: string, text: string): string {
  if (name !== 'nginx') return text;
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (of) => `${of}_temp_path ${folder.path}/${of};`,
  );
  const own = `access_log off; ${paths.join(' ')}`;
  return `user root; pid ${folder.path}/nginx.pid; error_log stderr; events {}\nhttp { ${own}\n${text}}`;
}

async function start(proxy: Proxy): Promise<string> {
  const port = await freePort();
  const config = join(folder.path, `${proxy.name}.conf`);
  writeFileSync(config, whole(proxy.name, configOf(proxy, port)));
  const home = join(folder.path, proxy.name);
  mkdirSync(home);
  const [program, ...args] = proxy.command(config);
  const child = spawn(program, args, {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const url = `https://127.0.0.1:${port}`;
  const answers = async (): Promise<void> => {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${Buffer.concat(said).toString()}`);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  };
  await vi.waitFor(answers, { timeout: 20_000 });
  return url;
}

describe('before Belfry, as its page says', () => {
  test.each(proxies)('$name passes messages and files on, and believes no forged address', async (proxy) => {
    const url = await start(proxy);
    const site = { url, ...createApiClient(() => url) };
    await expectMessage(site, proxy.name);

    const form = new FormData();
    form.set('file', new Blob([png, new Uint8Array(3 * 1024 * 1024)], { type: 'image/png' }), 'a.png');
    const headers = { authorization: `Bearer ${await site.tokenOf('alice')}` };
    expect((await fetch(`${url}/api/v1/uploads`, { method: 'POST', headers, body: form })).status).toBe(201);

    // One socket of an address may wait for its `connect`: two that say they are of others are of one.
    expect(await open(url, '192.0.2.1')).toBe('open');
    expect(await open(url, '192.0.2.2')).toBe(429);
  });
});

async function expectMessage(site: Reachable & ApiClient, name: string): Promise<void> {
  const conversation = `c-${name}`;
  await putConversation(site, conversation, ['alice', 'bob']);
  const client = await SocketClient.connect(site, { userId: 'bob' });
  onTestFinished(() => client.end());
  await say(site, conversation, { from: 'alice', text: `through ${name}` });
  expect((await client.event('new_message')).data).toMatchObject({ content: { text: `through ${name}` } });
}

/** `open`, or the status of the refusal. */
async function open(url: string, forged: string): Promise<'open' | number> {
  const socket = new WebSocket(`${url.replace('https', 'wss')}/ws?app=demo`, 'belfry.v1', {
    headers: { 'x-forwarded-for': forged },
  });
  onTestFinished(() => socket.terminate());
  return await new Promise((resolve, reject) => {
    socket.once('open', () => resolve('open'));
    socket.once('unexpected-response', (_request, { statusCode = 0 }) => resolve(statusCode));
    socket.once('error', reject);
  });
}
