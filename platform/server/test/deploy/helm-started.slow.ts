// The pods of the chart as local processes: their commands and environments, with addresses and folders of this
// machine, a real Redis and a real server of MongoDB's protocol. Their probes answer, and `helm test` passes.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { readDockerfile } from '../support/compose-file.ts';
import { cluster, podsOf, render, type Container, type KubernetesObject } from '../support/helm-chart.ts';
import { startMongo, type MongoServer } from '../support/mongo-server.ts';
import { provisionFile } from '../support/provision.ts';
import { startRedis, type RedisServer } from '../support/redis-server.ts';
import { runCommand, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const image = readDockerfile();
const folder = createTemporaryFolder();
let mongo: MongoServer;
let redis: RedisServer;

beforeAll(async () => {
  [mongo, redis] = await Promise.all([startMongo(), startRedis()]);
});
afterAll(async () => {
  await Promise.all([redis.stop(), mongo.stop()]);
  folder.remove();
});

interface Rendered {
  container: Container;
  /** What Kubernetes would set. */
  env: Record<string, string>;
}

/** The container of a pod by the end of its owner's name. */
function rendered(objects: readonly KubernetesObject[], end: string): Rendered {
  const found = podsOf(objects).find(({ owner }) => owner.metadata.name.endsWith(end) && owner.kind !== 'Job');
  const [container] = found?.pod.spec.containers ?? [];
  if (container === undefined) throw new Error(`there is no pod of ${end}`);
  const secrets = Object.assign({}, ...objects.map(({ stringData = {} }) => stringData)) as Record<string, string>;
  const settings = objects.find(({ kind }) => kind === 'ConfigMap')?.data ?? {};
  const named = (container.env ?? []).map(({ name, value, valueFrom }) => {
    const key = valueFrom?.secretKeyRef.key;
    return [name, key === undefined ? (value ?? '') : (secrets[key] ?? '')] as const;
  });
  const taken = (container.envFrom ?? []).some(({ configMapRef }) => configMapRef !== undefined);
  return { container, env: { ...image.env, ...(taken ? settings : {}), ...Object.fromEntries(named) } };
}

/** With addresses, ports and folders of this machine. */
async function start({ container, env }: Rendered, own: Record<string, string> = {}): Promise<ServerProcess> {
  const file = join(folder.path, 'provision.yaml');
  writeFileSync(file, provisionFile());
  const server = await startServerProcess({
    folder: folder.path,
    args: [...image.start.slice(0, -1), ...container.args],
    env: {
      ...{ ...env, HOST: '127.0.0.1', PORT: '0', INTERNAL_PORT: '0', DATA_DIR: folder.path, PROVISION_FILE: file },
      ...own,
    },
  });
  onTestFinished(async () => {
    server.kill('SIGTERM');
    await server.exited;
  });
  return server;
}

async function expectProbes({ container, env }: Rendered, server: ServerProcess): Promise<void> {
  const ports = new Map(container.ports?.map(({ name, containerPort }) => [name, String(containerPort)]));
  const internal = String(server.lines.find(({ msg }) => msg === 'listening')?.['internal']);
  for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
    expect(ports.get(probe?.httpGet.port ?? '')).toBe(env['INTERNAL_PORT']);
    expect((await fetch(internal + String(probe?.httpGet.path))).status).toBe(200);
  }
  expect(ports.get('http')).toBe(env['PORT']);
  expect((await fetch(`${internal}/metrics`)).status).toBe(200);
  expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
}

const values = { provision: { inline: provisionFile() } };

test('one pod with a volume answers its probes', async () => {
  const pod = rendered(render(stringify(values)), 'belfry');
  await expectProbes(pod, await start(pod));
});

describe('a cluster', () => {
  const objects = (): KubernetesObject[] =>
    render(stringify({ ...cluster, ...values, config: {}, uploads: { existingClaim: 'shared' } }));
  const here = (): Record<string, string> => ({ MONGODB_URL: mongo.url, REDIS_URL: redis.url });

  test('gateway and worker answer their probes, and the test of the chart sends a message', async () => {
    const [gateway, worker] = [rendered(objects(), '-gateway'), rendered(objects(), '-worker')];
    expect([gateway.env['MONGODB_URL'], gateway.env['REDIS_URL']]).toEqual([cluster.mongodb.url, cluster.redis.url]);
    const servers = [await start(gateway, here()), await start(worker, here())] as const;
    await expectProbes(gateway, servers[0]);
    await expectProbes(worker, servers[1]);
    expect((await fetch(`${servers[1].url}/api/v1/users`)).status).toBe(404);

    const { container, env } = rendered(objects(), '-test');
    const service = new URL(servers[0].url);
    expect([env['HOST'], env['PORT']]).toEqual(['x-belfry', '80']);
    const { code, out, err } = await runCommand({
      folder: folder.path,
      args: [...image.start.slice(0, -1), ...container.args],
      env: { ...env, HOST: service.hostname, PORT: service.port, PROVISION_FILE: join(folder.path, 'provision.yaml') },
    });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('in its journey after');
  });
});

test.each([
  ['a key of its own', { test: { apiKeySecret: 'smoke' } }, ['probe', '--key-file', '/etc/belfry/key/api-key']],
  ['the provision file', { provision: { existingSecret: 'p' } }, ['probe']],
  ['no key at all', {}, ['health']],
])('with %s the test of the chart asks what it can', (_name, given, args) => {
  expect(rendered(render(stringify(given)), '-test').container.args).toEqual(args);
});
