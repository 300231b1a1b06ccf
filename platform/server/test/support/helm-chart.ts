// The chart as Helm renders it: the values that are tried, and the objects that come of them. Judges nothing.

import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { repository } from './compose-file.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

export const chart = join(repository, 'helm/belfry');
const env = { ...process.env, PATH: [process.env['PATH'], join(homedir(), 'go/bin')].join(delimiter) };

export interface Pod {
  metadata: { labels: Record<string, string> };
  spec: {
    terminationGracePeriodSeconds?: number;
    securityContext: Record<string, unknown>;
    automountServiceAccountToken: boolean;
    containers: Container[];
    initContainers?: Container[];
    volumes?: { name: string; secret?: { secretName: string } }[];
    nodeSelector?: Record<string, string>;
    tolerations?: unknown[];
  };
}

export interface Container {
  name: string;
  image: string;
  args: string[];
  env?: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  envFrom?: { configMapRef?: { name: string }; secretRef?: { name: string } }[];
  ports?: { name: string; containerPort: number }[];
  securityContext: Record<string, unknown>;
  volumeMounts?: { name: string; mountPath: string }[];
  readinessProbe?: { httpGet: { path: string; port: string } };
  livenessProbe?: { httpGet: { path: string; port: string } };
  startupProbe?: { httpGet: { path: string; port: string }; periodSeconds: number; failureThreshold: number };
}

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string> };
  data?: Record<string, string>;
  stringData?: Record<string, string>;
  spec?: Record<string, unknown>;
}

export const cluster = {
  mode: 'cluster',
  secret: { value: 'x'.repeat(32) },
  mongodb: { url: 'mongodb://m1,m2/belfry?replicaSet=rs0' },
  redis: { url: 'redis://redis:6379' },
  config: { S3_BUCKET: 'uploads' },
};
export const fromFile = (path: string) => readFileSync(join(chart, path), 'utf8');

/** Values by what they are for, as YAML. */
export const matrix: Readonly<Record<string, string>> = {
  'nothing set': '{}',
  'the example of one pod': fromFile('examples/embedded.yaml'),
  'the example of a cluster': fromFile('examples/cluster.yaml'),
  'everything switched on': fromFile('ci/cluster.yaml'),
  'a cluster by values': stringify(cluster),
  'a volume that is there': stringify({ persistence: { existingClaim: 'data' } }),
  'no volume': stringify({ persistence: { enabled: false } }),
  'a provision file in the values': stringify({ provision: { inline: 'tenants: []' } }),
  'a provision file of a ConfigMap': stringify({ provision: { existingConfigMap: 'p', key: 'p.json' } }),
  'plugins of a ConfigMap': stringify({ plugins: { existingConfigMap: 'notify-mine' } }),
  'a name of its own': stringify({ ...cluster, fullnameOverride: 'chat', commonLabels: { team: 'a' } }),
  'a node port': stringify({ service: { type: 'NodePort', nodePort: 30080 } }),
  'uploads in a shared claim': stringify({ ...cluster, config: {}, uploads: { existingClaim: 'shared' } }),
  'no service account': stringify({ serviceAccount: { create: false, name: 'mine' } }),
  'one port for all': stringify({ ...cluster, metrics: { port: 0, serviceMonitor: { enabled: true } } }),
  'numbers and truths as settings': stringify({
    config: { TRUST_PROXY: 1, LIMIT_UPLOAD_BYTES: 52_428_800, OTEL_TRACES_SAMPLER_ARG: 0.05, S3_PRESIGN: 'on' },
  }),
  'a key for the test': stringify({ test: { apiKeySecret: 'smoke-test' } }),
};

/** Values are left out where a command takes none. */
export function helm(args: readonly string[], values?: string): string {
  const options: ExecFileSyncOptionsWithStringEncoding = { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
  if (values === undefined) return execFileSync('helm', [...args], options);
  const folder = createTemporaryFolder();
  onTestFinished(() => folder.remove());
  const file = join(folder.path, 'values.yaml');
  writeFileSync(file, values);
  return execFileSync('helm', [...args, '-f', file], options);
}

export function render(values: string, from: string = chart): KubernetesObject[] {
  const text = renderText(values, from);
  return parseAllDocuments(text).flatMap((each) => {
    if (each.errors.length > 0) throw new Error(String(each.errors[0]));
    return each.toJS() === null ? [] : [each.toJS() as KubernetesObject];
  });
}

/** Of a chart as a folder or packed, as text. A Helm that Go built believes in an old Kubernetes. */
export function renderText(values: string, from: string = chart, sets: readonly string[] = []): string {
  return helm(['template', 'x', from, '--kube-version', '1.31.0', ...sets], values);
}

/** What Helm says once it has installed. It says so to a cluster alone, so that here the text is an object. */
export function notes(values: string): string {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder.remove());
  cpSync(chart, folder.path, { recursive: true });
  const text = readFileSync(join(chart, 'templates/NOTES.txt'), 'utf8');
  writeFileSync(join(folder.path, 'templates/_notes.tpl'), `{{- define "notes" }}${text}{{ end }}`);
  const object = ['apiVersion: v1', 'kind: ConfigMap', 'metadata: { name: notes }'];
  const data = 'data: { text: {{ include "notes" . | quote }} }';
  writeFileSync(join(folder.path, 'templates/notes.yaml'), [...object, data].join('\n'));
  const found = render(values, folder.path).find(({ metadata }) => metadata.name === 'notes');
  return found?.data?.['text'] ?? '';
}

export function podsOf(objects: readonly KubernetesObject[]): { owner: KubernetesObject; pod: Pod }[] {
  return objects.flatMap((owner) => {
    if (owner.kind === 'Pod') return [{ owner, pod: owner as unknown as Pod }];
    const { template } = owner.spec ?? {};
    return template === undefined ? [] : [{ owner, pod: template as Pod }];
  });
}
