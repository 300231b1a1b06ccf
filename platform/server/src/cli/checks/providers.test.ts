// What the doctor says of the providers of a provision file.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckResult } from '@belfry/plugin-kit';
import { expect, onTestFinished, test } from 'vitest';
import { createTemporaryFolder } from '../../../test/support/temporary-folder.ts';
import { loadParts } from '../../compose/parts.ts';
import { checkProviders } from './providers.ts';

function planFile(providers: readonly object[]): string {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder.remove());
  const file = join(folder.path, 'provision.json');
  const app = { key: 'demo', signingSecret: 'x'.repeat(32), providers };
  writeFileSync(file, JSON.stringify({ tenants: [{ id: 'clinic', name: 'Clinic', apps: [app] }] }));
  return file;
}

const logging = { plugin: 'logging', config: {} };

test('the provider of apps that have none is asked, with its credentials', async () => {
  const asked: unknown[] = [];
  const plugins = {
    async checkProvider(input: { id: string; plugin: string; config: Record<string, unknown> }): Promise<CheckResult> {
      asked.push(input);
      return { ok: false, detail: 'HTTP 403' };
    },
  };
  const firebase = { plugin: 'fcm', config: { serviceAccount: '{}' } };
  expect(await checkProviders(undefined, firebase, plugins)).toEqual([
    {
      ...{ name: 'provider', state: 'warning', detail: 'fcm of apps without providers: HTTP 403' },
      advice: expect.any(String),
    },
  ]);
  expect(asked).toMatchObject([firebase]);
});

test('each provider that is on is asked, and what its service says is told', async () => {
  const asked: unknown[] = [];
  const plugins = {
    async checkProvider(input: { id: string; plugin: string; config: Record<string, unknown> }): Promise<CheckResult> {
      asked.push(input);
      return input.plugin === 'fcm' ? { ok: false, detail: 'HTTP 401' } : { ok: true };
    },
  };
  const file = planFile([
    { id: 'push', plugin: 'fcm', config: { a: 1 } },
    { id: 'hook', plugin: 'webhook' },
    { id: 'rest', plugin: 'ntfy', enabled: false },
  ]);
  expect(await checkProviders(file, logging, plugins)).toEqual([
    { name: 'provider', state: 'warning', detail: 'push (fcm) of demo: HTTP 401', advice: expect.any(String) },
    { name: 'provider', state: 'ok', detail: 'hook (webhook) of demo' },
  ]);
  expect(asked).toMatchObject([{ plugin: 'fcm', config: { a: 1 } }, { plugin: 'webhook' }]);
  expect(await checkProviders(undefined, logging, plugins)).toEqual([]);
});

test('a real provider is set up for the check, and another one after it', async () => {
  const plugins = await loadParts.loadPlugins({});
  onTestFinished(() => plugins.stop());
  const ok = await plugins.checkProvider({ id: 'demo.log', plugin: 'logging', config: {} });
  expect(ok.ok).toBe(true);
  const bad = await plugins.checkProvider({ id: 'demo.push', plugin: 'fcm', config: {} });
  expect(bad).toMatchObject({ ok: false, detail: expect.stringMatching(/^serviceAccount: \S/) });
});
