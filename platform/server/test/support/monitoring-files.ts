// Reads what is shipped for Prometheus and Grafana: rules, dashboards, and where their queries are.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repository } from './compose-file.ts';

export interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export interface Panel {
  id: number;
  title: string;
  type: string;
  datasource?: { uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; legendFormat: string; datasource: { uid: string } }[];
}

export interface Dashboard {
  uid: string;
  title: string;
  panels: Panel[];
  templating: { list: { name: string; type: string; query: string | { query: string } }[] };
}

export const rulesPath = 'deploy/prometheus/belfry.rules.yaml';

export function readRules(): Rule[] {
  const { groups } = parse(readFileSync(join(repository, rulesPath), 'utf8')) as { groups: { rules: Rule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

export function readDashboards(): { path: string; dashboard: Dashboard }[] {
  return globSync('deploy/grafana/dashboards/*.json', { cwd: repository })
    .sort()
    .map((path) => ({ path, dashboard: JSON.parse(readFileSync(join(repository, path), 'utf8')) as Dashboard }));
}
