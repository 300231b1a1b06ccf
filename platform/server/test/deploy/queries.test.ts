// What Prometheus and Grafana are asked for is what a server exports: every metric and every label of the rules and
// of the dashboards. What the rules do with it: rules.test.ts.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { metricSpecs, type MetricName, type MetricSpec } from '../../src/ports/metrics.ts';
import { createMetrics, exposedName, metricNames } from '../../src/telemetry/metrics.ts';
import { readComposeFile, repository } from '../support/compose-file.ts';
import { readDashboards, readRules } from '../support/monitoring-files.ts';
import { readQuery } from '../support/promql.ts';

/** Put in by Prometheus, from where it found the node. */
const ofTarget = ['job', 'instance', 'namespace', 'pod'];

/** Labels by the name that a query uses. */
const exported = new Map<string, readonly string[]>([['up', []]]);
const metrics = createMetrics();
afterAll(() => metrics.close());

beforeAll(async () => {
  const text = await metrics.text();
  for (const [, name = '', type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm))
    add(name, String(type), labelsOf(text, name));
  for (const name of metricNames()) {
    const spec: MetricSpec = metricSpecs[name];
    add(exposedName(name), spec.type, spec.labels);
  }
  for (const { record, expr } of readRules()) {
    if (record !== undefined) exported.set(record, readQuery(expr).grouping);
  }
});

function add(name: string, type: string, labels: readonly string[]): void {
  exported.set(name, labels);
  if (type !== 'histogram') return;
  exported.delete(name);
  for (const part of ['_sum', '_count']) exported.set(name + part, labels);
  exported.set(`${name}_bucket`, [...labels, 'le']);
}

/** Of a metric that prom-client has by itself. */
function labelsOf(text: string, name: string): string[] {
  const samples = text.matchAll(new RegExp(`^${name}(?:_\\w+)?\\{([^}]*)\\}`, 'gm'));
  return [...samples].flatMap(([, labels = '']) => [...labels.matchAll(/(\w+)=/g)].map(([, label = '']) => label));
}

/** What a query asks for that no server exports. */
function unknownIn(expr: string): string[] {
  const { selectors, grouping } = readQuery(expr);
  const missing = selectors.filter(({ metric }) => !exported.has(metric)).map(({ metric }) => metric);
  const known = new Set(ofTarget);
  for (const { metric, labels } of selectors) {
    const own = exported.get(metric) ?? [];
    for (const label of own) known.add(label);
    missing.push(...labels.filter((label) => ![...own, ...ofTarget].includes(label)).map((at) => `${metric}{${at}}`));
  }
  missing.push(...grouping.filter((label) => !known.has(label)).map((label) => `by ${label}`));
  return missing;
}

test('a metric or label that no server exports is found, wherever it stands in a query', () => {
  expect(unknownIn('sum by (code, x) (rate(belfry_refused_total{code="a", y="b"}[5m])) > belfry_nothing')).toEqual([
    'belfry_nothing',
    'belfry_refused_total{y}',
    'by x',
  ]);
  expect(unknownIn('rate(belfry_delivery_seconds[5m])')).toEqual(['belfry_delivery_seconds']);
  expect(() => unknownIn('sum(belfry_connections')).toThrow('no query');
});

test.each(readRules().map((rule) => [rule.record ?? rule.alert ?? '', rule] as const))(
  'rule %s asks for what a server exports',
  (_name, { expr, annotations = {} }) => {
    expect(unknownIn(expr)).toEqual([]);
    const labels = readQuery(expr).selectors.flatMap(({ metric }) => exported.get(metric) ?? []);
    const shown = Object.values(annotations).flatMap((text) => [...text.matchAll(/\$labels\.(\w+)/g)]);
    for (const [, label = ''] of shown) expect([...labels, ...ofTarget]).toContain(label);
  },
);

const panels = readDashboards().flatMap(({ dashboard }) =>
  dashboard.panels.map((panel) => [`${dashboard.title}: ${panel.title}`, panel, dashboard] as const),
);

test.each(panels)('panel %s asks for what a server exports', (_name, { type, targets = [] }, { templating }) => {
  expect(targets.length > 0 || type === 'row').toBe(true);
  const variables = templating.list.map(({ name }) => name);
  for (const { expr, legendFormat, datasource } of targets) {
    expect(unknownIn(expr)).toEqual([]);
    const { selectors } = readQuery(expr);
    const labels = selectors.flatMap(({ metric }) => exported.get(metric) ?? []);
    for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
      expect([...labels, ...ofTarget]).toContain(label);
    for (const [, name = ''] of expr.matchAll(/"\$(\w+)"/g)) expect(variables).toContain(name);
    expect(datasource.uid).toBe(['$', '{datasource}'].join(''));
  }
});

test.each(readDashboards())('the panels of $path lie beside each other, and its variables find something', (each) => {
  const { panels: all, templating, uid } = each.dashboard;
  expect(each.path).toBe(`deploy/grafana/dashboards/${uid}.json`);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const { gridPos: one, title, id } of all) {
    expect(one.x + one.w, title).toBeLessThanOrEqual(24);
    const over = all.find(
      ({ gridPos: two, id: other }) =>
        other !== id &&
        one.x < two.x + two.w &&
        two.x < one.x + one.w &&
        one.y < two.y + two.h &&
        two.y < one.y + one.h,
    );
    expect(over?.title, title).toBeUndefined();
  }
  for (const { type, query } of templating.list) {
    if (type !== 'query' || typeof query === 'string') continue;
    const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(query.query) ?? [];
    expect(unknownIn(`sum by (${label}) (${selector})`)).toEqual([]);
  }
});

test('every metric of messages, pushes and nodes is in a dashboard or a rule', () => {
  const all = [
    ...readRules().map(({ expr }) => expr),
    ...panels.flatMap(([, { targets = [] }]) => targets.map(({ expr }) => expr)),
  ];
  const asked = new Set(all.flatMap((expr) => readQuery(expr).selectors.map(({ metric }) => metric)));
  const isAsked = (name: MetricName): boolean =>
    ['', '_bucket', '_count', '_sum'].some((end) => asked.has(exposedName(name) + end));
  expect(metricNames().filter((name) => !isAsked(name))).toEqual([]);
});

test('each alert has a runbook that is there, and each runbook has an alert', () => {
  const text = readFileSync(join(repository, 'docs/operations.md'), 'utf8');
  const written = [...text.matchAll(/^### (Belfry\w+)$/gm)].map(([, name]) => name);
  const alerts = readRules().flatMap(({ alert, annotations = {} }) => {
    if (alert === undefined) return [];
    expect(annotations['runbook']).toBe(`docs/operations.md#${alert.toLowerCase()}`);
    return [alert];
  });
  expect(written).toEqual(alerts);
});

test('the profile monitoring mounts what is shipped, where Prometheus and Grafana look for it', () => {
  const { services } = readComposeFile('docker-compose.yml');
  const read = (path: string) => parse(readFileSync(join(repository, path), 'utf8')) as Record<string, unknown>;
  expect(services['prometheus']?.volumes).toContain('./deploy/prometheus:/etc/prometheus:ro');
  expect(services['prometheus']?.command).toContain('--config.file=/etc/prometheus/prometheus.yaml');
  const config = read('deploy/prometheus/prometheus.yaml');
  expect(config).toMatchObject({ rule_files: ['belfry.rules.yaml'] });
  const [scrape] = config['scrape_configs'] as { dns_sd_configs: { names: string[]; port: number }[] }[];
  const nodes = Object.entries(services).filter(([, { environment = {} }]) => environment['ROLE'] !== undefined);
  expect(scrape?.dns_sd_configs[0]?.names).toEqual(nodes.map(([name]) => name));
  for (const [, { environment = {} }] of nodes) {
    expect(environment['INTERNAL_PORT']).toBe(String(scrape?.dns_sd_configs[0]?.port));
  }
  const grafana = services['grafana']?.volumes ?? [];
  expect(grafana).toContain('./deploy/grafana/provisioning:/etc/grafana/provisioning:ro');
  expect(grafana).toContain('./deploy/grafana/dashboards:/etc/belfry/dashboards:ro');
  expect(read('deploy/grafana/provisioning/dashboards/belfry.yaml')).toMatchObject({
    providers: [{ options: { path: '/etc/belfry/dashboards' } }],
  });
});
