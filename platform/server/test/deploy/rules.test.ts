// The rules of Prometheus, run by promtool: each alert fires for what it is meant for, and for nothing beside it.
// Whether servers export what they ask for: queries.test.ts.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { repository } from '../support/compose-file.ts';
import { readRules, rulesPath } from '../support/monitoring-files.ts';

const folder = join(repository, dirname(rulesPath));
const testsPath = join(folder, 'belfry.rules.test.yaml');

function promtool(...args: string[]): string {
  return execFileSync('promtool', args, { cwd: folder, encoding: 'utf8' });
}

interface RuleTests {
  tests: { name: string; alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
}

test('promtool accepts the configuration and its rules', () => {
  expect(promtool('check', 'config', 'prometheus.yaml')).toContain('SUCCESS');
});

// Seven seconds of one core, where it has one.
test('the alerts fire and are quiet as the file of their tests says', { timeout: 120_000 }, () => {
  expect(promtool('test', 'rules', 'belfry.rules.test.yaml')).toContain('SUCCESS');
});

test('each alert is seen to fire, and seen to be quiet', () => {
  const { tests } = parse(readFileSync(testsPath, 'utf8')) as RuleTests;
  const seen = (fires: boolean) =>
    tests
      .flatMap((each) => each.alert_rule_test)
      .filter(({ exp_alerts: expected }) => expected.length > 0 === fires)
      .map(({ alertname }) => alertname);
  const alerts = readRules().flatMap(({ alert }) => alert ?? []);
  expect(seen(true)).toEqual(alerts);
  expect(seen(false)).toEqual(alerts);
});
