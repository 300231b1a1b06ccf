// deploy/compose/embedded.yml as a local process: the command of its image, its environment, and its volume as a folder
// that outlives the container. And what holds of all Compose files without an engine.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { limitSpecs } from '../../src/config/limits.ts';
import { readComposeFile, readDockerfile, repository, type ComposeService } from '../support/compose-file.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { startServerProcess, type ServerProcess } from '../support/server-process.ts';

vi.setConfig({ testTimeout: 60_000 });

const path = 'deploy/compose/embedded.yml';
const image = readDockerfile();
const files = ['docker-compose.yml', ...globSync('deploy/compose/*.yml', { cwd: repository })];

function embedded(): ComposeService {
  const { belfry, ...others } = readComposeFile(path).services;
  if (belfry === undefined) throw new Error(`${path} has no service belfry`);
  expect(others).toEqual({});
  return belfry;
}

/** A container of it, with an address and a folder of this machine. */
async function start(dataDir: string): Promise<ServerProcess> {
  const env = { ...image.env, ...embedded().environment, HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir };
  const server = await startServerProcess({ folder: '/', args: image.start, env });
  onTestFinished(() => server.kill('SIGKILL'));
  return server;
}

const said = ({ lines }: ServerProcess, msg: string) => lines.find((line) => line.msg === msg);

test('one container serves by itself, says how the first administrator gets in, and keeps all in its volume', async () => {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder.remove());
  const first = await start(folder.path);
  // PUBLIC_URL is where a browser of the machine finds it; here another port was taken.
  const address = String(said(first, 'listening')?.['address']);
  expect(await (await fetch(`${address}/readyz`)).json()).toMatchObject({ status: 'ready' });
  expect(said(first, 'listening')?.['setup']).toMatch(/^http:\/\/127\.0\.0\.1:8000\/console\/setup#code=/);
  expect(said(first, 'first start')).toMatchObject({ app: 'demo', secretFile: expect.stringContaining(folder.path) });
  // `auto`: not for others than this machine, and the port of a container is for others.
  expect((await fetch(`${address}/playground/`)).status).toBe(404);
  first.kill('SIGTERM');
  expect(await first.exited).toBe(0);

  const second = await start(folder.path);
  expect(said(second, 'first start')).toBeUndefined();
  expect(said(second, 'key file')).toMatchObject({ app: 'demo' });
});

test('its volume and its port are those that the image names', () => {
  const { volumes, ports } = embedded();
  expect(volumes?.[0]).toBe(`data:${String(image.env['DATA_DIR'])}`);
  expect(ports?.map((each) => each.split(':').at(-1))).toEqual([image.env['PORT']]);
});

test.each(files)('%s gives each container of Belfry longer than its drain, and no rights', (file) => {
  const own = Object.values(readComposeFile(file).services).filter(({ image: name }) => name?.startsWith('belfry:'));
  expect(own).not.toEqual([]);
  for (const service of own) {
    expect(Number.parseInt(service.stop_grace_period ?? '', 10) * 1000).toBeGreaterThan(limitSpecs.drainMs.default);
    expect(service).toMatchObject({ read_only: true, tmpfs: ['/tmp'], cap_drop: ['ALL'] });
    expect(service).toMatchObject({ security_opt: ['no-new-privileges:true'], restart: 'unless-stopped' });
  }
});

test('nobody reaches a port of the cluster but that of nginx and that of Grafana', () => {
  const published = Object.entries(readComposeFile('docker-compose.yml').services).flatMap(([name, { ports = [] }]) =>
    ports.map((port) => [name, port]),
  );
  expect(published).toEqual([
    ['nginx', '127.0.0.1:8000:8080'],
    ['grafana', '127.0.0.1:3000:3000'],
  ]);
});

test('every variable of .env.example is one of a Compose file, and each of theirs stands in it', () => {
  const read = (name: string) => readFileSync(join(repository, name), 'utf8');
  const used = files.map(read).flatMap((text) => [...text.matchAll(/\$\{(\w+):-/g)]);
  const named = [...read('.env.example').matchAll(/^# ?([A-Z_0-9]+)=/gm)].map(([, name]) => name);
  expect(new Set(used.map(([, name]) => name))).toEqual(new Set(named));
});
