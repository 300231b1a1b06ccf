// The chart, rendered by Helm over many values: lint, and what must hold of the objects together. Not an installation:
// no cluster is at hand. Whether Kubernetes knows the objects: schemas.slow.ts.

import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { secretVariables } from '../../src/config/schema.ts';
import { version } from '../../src/config/version.ts';
import { repository } from '../support/compose-file.ts';
import {
  chart,
  cluster,
  fromFile,
  helm,
  matrix,
  notes,
  podsOf,
  render,
  renderText,
  type KubernetesObject,
} from '../support/helm-chart.ts';
import { readDashboards } from '../support/monitoring-files.ts';
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
    // Neither the test nor the job before an upgrade takes clients, or is asked for metrics.
    for (const { owner } of found) expect(['Deployment', 'StatefulSet'], metadata.name).toContain(owner.kind);
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
    for (const { secret } of pod.spec.volumes ?? []) {
      if (secret === undefined || made.has(`Secret ${secret.secretName}`)) continue;
      expect(values, `Secret ${secret.secretName}`).toContain(secret.secretName);
    }
  }
});

test.each(Object.entries(matrix))(
  '%s: budgets and autoscalers leave a pod, and go by what is requested',
  (_name, values) => {
    const objects = render(values);
    const named = (kind: string) =>
      new Map(objects.filter((each) => each.kind === kind).map((each) => [each.metadata.name, each]));
    const scalers = named('HorizontalPodAutoscaler');
    const budgets = named('PodDisruptionBudget');
    for (const [name, { spec = {} }] of named('Deployment')) {
      const { minReplicas, maxReplicas } = (scalers.get(name)?.spec ?? {}) as Record<string, number | undefined>;
      // An autoscaler and a number of replicas would undo each other.
      expect(spec['replicas'] === undefined, name).toBe(minReplicas !== undefined);
      const least = minReplicas ?? Number(spec['replicas']);
      expect(maxReplicas ?? least, name).toBeGreaterThanOrEqual(least);
      const { maxUnavailable } = (budgets.get(name)?.spec ?? {}) as Record<string, number | undefined>;
      expect(maxUnavailable, name).toBeGreaterThan(0);
      expect(maxUnavailable, name).toBeLessThan(least);
      if (minReplicas === undefined) continue;
      const { containers } = (spec['template'] as { spec: { containers: { resources?: { requests?: object } }[] } })
        .spec;
      expect(containers[0]?.resources?.requests, name).toHaveProperty('cpu');
    }
  },
);

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

test('a new gateway serves for a while before the next one goes, and a worker need not', () => {
  const settling = render(stringify({ ...cluster, rollout: { settleSeconds: 7 } }))
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ metadata, spec }) => [metadata.name, spec?.['minReadySeconds']]);
  expect(settling).toEqual([
    [expect.stringMatching(/-gateway$/), 7],
    [expect.stringMatching(/-worker$/), undefined],
  ]);
});

/** A cluster with this autoscaler of its gateways. */
function withScaler(autoscaling: object, gateway: object = {}): string {
  return stringify({ ...cluster, gateway: { ...gateway, autoscaling: { enabled: true, ...autoscaling } } });
}

test('a start is waited for as long as is said, and readiness alone says that it is done', () => {
  const [container] = podsOf(render('rollout: { startSeconds: 900 }'))[0]?.pod.spec.containers ?? [];
  const { httpGet, periodSeconds, failureThreshold } = container?.startupProbe ?? {};
  expect([httpGet?.path, Number(periodSeconds) * Number(failureThreshold)]).toEqual(['/healthz', 900]);
  expect(container?.readinessProbe?.httpGet.path).toBe('/readyz');
});

test.each([
  ['an unknown value', 'nonsense: 1', /nonsense/],
  ['an unknown value within another', 'gateway: { replica: 3 }', /replica/],
  ['a mode that is none', 'mode: both', /mode/],
  ['a cluster without a store', 'mode: cluster', /mongodb/],
  ['a cluster without a secret', stringify({ ...cluster, secret: {} }), /secret/],
  ['a cluster whose uploads would be apart', stringify({ ...cluster, config: {} }), /uploads/],
  ['two provision files', 'provision: { inline: x, existingSecret: other }', /at most one/],
  ['metrics at the port of clients', 'metrics: { port: 8000 }', /metrics\.port/],
  ['a setting that the chart has itself', 'config: { PORT: 1 }', /config\.PORT/],
  ['an autoscaler whose most is less than its least', withScaler({ minReplicas: 4, maxReplicas: 3 }), /maxReplicas/],
  ['an autoscaler without a request of CPU', withScaler({}, { resourcesPreset: '' }), /requests\.cpu/],
  ['an ingress without a host', 'ingress: { enabled: true }', /ingress\.hosts/],
])('%s is refused with words', (_name, values, words) => {
  expect(() => render(values)).toThrow(words);
});

test.each(secretVariables)('%s is refused where everybody may read it', (name) => {
  expect(() => render(stringify({ config: { [name]: 'x' } }))).toThrow(`config.${name}`);
});

test('settings are the texts that were written, large numbers and fractions too', () => {
  const { data } =
    render(matrix['numbers and truths as settings'] ?? '').find(({ kind }) => kind === 'ConfigMap') ?? {};
  expect(data).toMatchObject({ TRUST_PROXY: '1', LIMIT_UPLOAD_BYTES: '52428800', OTEL_TRACES_SAMPLER_ARG: '0.05' });
  const pretty = render('config: { LOG_FORMAT: pretty }').find(({ kind }) => kind === 'ConfigMap')?.data;
  expect(pretty?.['LOG_FORMAT']).toBe('pretty');
});

test('the job before an upgrade reaches what the nodes reach, from where they may run', () => {
  const objects = render(fromFile('ci/cluster.yaml'));
  const [job] = podsOf(objects).filter(({ owner }) => owner.kind === 'Job');
  const [worker] = podsOf(objects).filter(({ owner }) => owner.metadata.name.endsWith('-worker'));
  const [one, other] = [job?.pod.spec, worker?.pod.spec];
  const names = (spec = one) => (spec?.containers[0]?.env ?? []).map(({ name }) => name);
  for (const name of ['MONGODB_URL', 'REDIS_URL', 'BELFRY_SECRET', 'NODE_OPTIONS']) expect(names()).toContain(name);
  expect(names(other)).toEqual(expect.arrayContaining(['PROVISION_FILE', 'PLUGINS_DIR']));
  // It has neither.
  for (const name of ['PROVISION_FILE', 'PLUGINS_DIR']) expect(names()).not.toContain(name);
  expect(names()).toEqual(expect.arrayContaining(Object.keys(settingsOf(objects))));
  expect(one?.containers[0]?.envFrom).toEqual([{ secretRef: { name: 'belfry-s3' } }]);
  expect(one?.containers[0]?.volumeMounts).toContainEqual({ name: 'ca', mountPath: '/etc/ca', readOnly: true });
  for (const key of ['tolerations', 'nodeSelector'] as const) expect(one?.[key]).toEqual(other?.[key]);
  expect(one?.tolerations).toBeDefined();
});

function settingsOf(objects: readonly KubernetesObject[]): Record<string, string> {
  return objects.find(({ kind }) => kind === 'ConfigMap')?.data ?? {};
}

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

test.each(['docs/operations.md', 'docs/deploy.md'])('the values that %s sets by hand are there', (path) => {
  const text = readFileSync(join(repository, path), 'utf8');
  const sets = [...text.matchAll(/--set (\S+=\S+)/g)].flatMap(([, set = '']) => ['--set', set]);
  expect(sets).not.toEqual([]);
  expect(renderText(fromFile('examples/cluster.yaml'), chart, sets)).toContain('kind: Deployment');
});

test('the chart is packed with its files, and without its tests', () => {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder.remove());
  helm(['package', chart, '--destination', folder.path]);
  const [file = ''] = globSync('*.tgz', { cwd: folder.path });
  expect(file).toBe(`belfry-${version}.tgz`);
  const packed = renderText(fromFile('ci/cluster.yaml'), join(folder.path, file));
  expect(packed).toBe(renderText(fromFile('ci/cluster.yaml')));
  const names = execFileSync('tar', ['-tzf', join(folder.path, file)], { encoding: 'utf8' });
  expect(names).not.toContain('belfry/ci/');
  expect(names).toContain('belfry/README.md');
});

test.each([
  ['one pod', '{}', 'logs x-belfry-0 | grep', 'instance=x --prefix'],
  [
    'a cluster',
    fromFile('examples/cluster.yaml'),
    'deployment/x-belfry-worker -- belfry admin setup-code',
    'https://belfry.example.com/console/',
  ],
])('the notes of %s say where the console is and how the first administrator gets in', (_name, values, ...words) => {
  const text = notes(values);
  for (const word of [...words, '/console/', 'helm --namespace default test x']) expect(text).toContain(word);
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
