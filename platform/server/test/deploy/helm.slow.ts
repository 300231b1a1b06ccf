// The chart, rendered by Helm over many values: lint, and what must hold of the objects together. Not an installation:
// no cluster is at hand. Whether Kubernetes knows the objects: schemas.slow.ts.

import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { readDockerfile } from '../support/compose-file.ts';
import { chart, cluster, fromFile, helm, matrix, podsOf, render } from '../support/helm-chart.ts';
import { readDashboards } from '../support/monitoring-files.ts';
import { startServerProcess } from '../support/server-process.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

vi.setConfig({ testTimeout: 60_000 });

test.each(Object.entries(matrix))('%s: Helm finds no fault', (_name, values) => {
  expect(helm(['lint', '--strict', chart], values)).toContain('0 chart(s) failed');
});

test.each(Object.entries(matrix))('%s: what selects finds the pods that are meant', (_name, values) => {
  const objects = render(values);
  const pods = podsOf(objects);
  for (const { owner, pod } of pods) {
    const { selector } = (owner.spec ?? {}) as { selector?: { matchLabels: Record<string, string> } };
    if (selector !== undefined) expect(pod.metadata.labels, owner.metadata.name).toMatchObject(selector.matchLabels);
  }
  const deployments = new Set(objects.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata.name));
  for (const { kind, spec = {}, metadata } of objects) {
    const { selector, scaleTargetRef } = spec as {
      selector?: Record<string, string> & { matchLabels?: Record<string, string> };
      scaleTargetRef?: { name: string };
    };
    if (scaleTargetRef !== undefined) expect([...deployments]).toContain(scaleTargetRef.name);
    const labels = kind === 'Service' ? selector : kind === 'PodDisruptionBudget' ? selector?.matchLabels : undefined;
    if (labels === undefined) continue;
    const found = pods.filter(({ pod }) =>
      Object.entries(labels).every(([key, value]) => pod.metadata.labels[key] === value),
    );
    expect(
      found.map(({ owner }) => owner.kind),
      metadata.name,
    ).not.toEqual([]);
    // Neither the test nor the job before an upgrade takes clients.
    expect(
      found.map(({ owner }) => owner.kind),
      metadata.name,
    ).not.toContain('Job');
  }
});

test.each(Object.entries(matrix))('%s: every reference is there, or is said to exist', (_name, values) => {
  const objects = render(values);
  const made = new Map(objects.map((each) => [`${each.kind} ${each.metadata.name}`, each]));
  for (const { pod } of podsOf(objects)) {
    const volumes = new Set((pod.spec.volumes ?? []).map(({ name }) => name));
    volumes.add('data');
    for (const container of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
      for (const { name } of container.volumeMounts ?? []) expect([...volumes]).toContain(name);
      for (const { valueFrom } of container.env ?? []) {
        if (valueFrom === undefined) continue;
        const { name, key } = valueFrom.secretKeyRef;
        const own = made.get(`Secret ${name}`);
        if (own === undefined) expect(values, `Secret ${name}`).toContain(name);
        else expect(Object.keys(own.stringData ?? {})).toContain(key);
      }
      for (const { configMapRef } of container.envFrom ?? []) {
        if (configMapRef !== undefined) expect(made.has(`ConfigMap ${configMapRef.name}`)).toBe(true);
      }
    }
  }
});

test.each(Object.entries(matrix))('%s: pods are as the restricted profile wants them', (_name, values) => {
  for (const { pod } of podsOf(render(values))) {
    expect(pod.spec.automountServiceAccountToken).toBe(false);
    expect(pod.spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    for (const { securityContext } of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  }
});

test('a pod may take longer than its drain and what comes before it', () => {
  const [found] = podsOf(render('rollout: { preStopSeconds: 10, drainSeconds: 40 }'));
  expect(found?.pod.spec.terminationGracePeriodSeconds).toBeGreaterThan(50);
  const { env: variables = [] } = found?.pod.spec.containers[0] ?? {};
  expect(variables).toContainEqual({ name: 'LIMIT_DRAIN_MS', value: '40000' });
});

test.each([
  ['an unknown value', 'nonsense: 1', /nonsense/],
  ['a mode that is none', 'mode: both', /mode/],
  ['a cluster without a store', 'mode: cluster', /mongodb/],
  ['a cluster without a secret', stringify({ ...cluster, secret: {} }), /secret/],
  ['a cluster whose uploads would be apart', stringify({ ...cluster, config: {} }), /uploads/],
  ['two provision files', 'provision: { inline: x, existingSecret: other }', /at most one/],
  ['metrics at the port of clients', 'metrics: { port: 8000 }', /metrics\.port/],
  ['a setting that the chart has itself', 'config: { PORT: 1 }', /config\.PORT/],
  ['an ingress without a host', 'ingress: { enabled: true }', /ingress\.hosts/],
])('%s is refused with words', (_name, values, words) => {
  expect(() => render(values)).toThrow(words);
});

test('the environment and command of a pod start a server that answers its probes', async () => {
  const [found] = podsOf(render('config: { PUBLIC_URL: "http://127.0.0.1:8000" }'));
  const container = found?.pod.spec.containers[0];
  if (container === undefined) throw new Error('there is no pod');
  const settings = render('{}').find(({ kind }) => kind === 'ConfigMap')?.data ?? {};
  const own = Object.fromEntries((container.env ?? []).map(({ name, value = '' }) => [name, value]));
  const folder = createTemporaryFolder();
  const image = readDockerfile();
  const server = await startServerProcess({
    folder: folder.path,
    args: [...image.start.slice(0, -1), ...container.args],
    env: { ...image.env, ...settings, ...own, HOST: '127.0.0.1', PORT: '0', INTERNAL_PORT: '0', DATA_DIR: folder.path },
  });
  onTestFinished(async () => {
    server.kill('SIGTERM');
    await server.exited;
    folder.remove();
  });
  const ports = new Map(container.ports?.map(({ name, containerPort }) => [name, String(containerPort)]));
  for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
    expect(ports.get(probe?.httpGet.port ?? '')).toBe(settings['INTERNAL_PORT']);
    const internal = String(server.lines.find(({ msg }) => msg === 'listening')?.['internal']);
    expect((await fetch(internal + String(probe?.httpGet.path))).status).toBe(200);
  }
  expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
});

test.each(Object.entries(matrix))('%s: every port that is named is a port of the pods', (_name, values) => {
  const objects = render(values);
  const names = new Set(
    podsOf(objects)
      .flatMap(({ pod }) => pod.spec.containers.flatMap(({ ports = [] }) => ports))
      .map(({ name }) => name),
  );
  const named = [...JSON.stringify(objects).matchAll(/"(?:targetPort|port)":"(\w+)"/g)].map(([, name]) => name);
  expect(named).not.toEqual([]);
  for (const name of named) expect([...names]).toContain(name);
});

test('the rules watch the job that the ServiceMonitor makes', () => {
  const objects = render(fromFile('ci/cluster.yaml'));
  const monitored = objects.find(
    ({ kind, metadata }) => kind === 'Service' && metadata.labels?.['belfry/metrics'] === 'true',
  );
  const rules = JSON.stringify(objects.find(({ kind }) => kind === 'PrometheusRule')?.spec);
  const jobs = [...rules.matchAll(/job=\\"([^\\]+)\\"/g)].map(([, job]) => job);
  expect(jobs).toEqual([monitored?.metadata.name]);
});

test('the dashboards are the ones that are shipped', () => {
  const found = render(fromFile('ci/cluster.yaml')).filter(
    ({ metadata }) => metadata.labels?.['grafana_dashboard'] === '1',
  );
  const texts = Object.assign({}, ...found.map(({ data = {} }) => data)) as Record<string, string>;
  const shipped = readDashboards();
  expect(Object.keys(texts)).toHaveLength(shipped.length);
  for (const { path, dashboard } of shipped) expect(JSON.parse(texts[basename(path)] ?? 'null')).toEqual(dashboard);
});

test('each example of the chart is in the matrix', () => {
  const examples = globSync('{examples,ci}/*.yaml', { cwd: chart }).map(fromFile);
  for (const example of examples) expect(Object.values(matrix)).toContain(example);
});
