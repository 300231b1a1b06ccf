// A plugin host for tests: folders of plugins made on the fly, a turned clock, recorded log lines. Not the
// host's own behaviour.
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import vm from 'node:vm';
import { onTestFinished } from 'vitest';
import { RecordedFacts } from '../../../test/support/recorded-facts.ts';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import type { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { defaultLimits } from '../../config/limits.ts';
import type { Log } from '../../ports/log.ts';
import type { ProviderRecord, ProviderStore } from '../../ports/stores/settings.ts';
import type { Versioned } from '../../ports/stores/versioned.ts';
import { PluginHost } from '../plugin-host.ts';
import type { PluginHostOptions } from '../plugin-host.ts';

/** The runner rewrites `import()`; plugins are imported by Node itself, which is the point of the test. */
export const importByNode: (url: string) => Promise<unknown> = vm.runInThisContext('(url) => import(url)', {
  importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});

export interface Line {
  level: string;
  msg: string;
  fields: Record<string, unknown>;
}

export function recordedLog(lines: Line[], bound: Record<string, unknown> = {}): Log {
  const write =
    (level: string) =>
    (msg: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      void lines.push({ level, msg, fields: { ...bound, ...fields } });
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => recordedLog(lines, { ...bound, ...fields }),
    isDebug: () => true,
  };
}

export function recordStore(): ProviderStore & { rows: Map<string, Versioned<ProviderRecord>> } {
  const rows = new Map<string, Versioned<ProviderRecord>>();
  return {
    rows,
    list: async (app) => [...rows].filter(([key]) => key.startsWith(`${app}/`)).map(([, row]) => row),
    get: async (app, id) => rows.get(`${app}/${id}`),
    async put(app, record, ifVersion) {
      const key = `${app}/${record.id}`;
      if ((rows.get(key)?.version ?? 0) !== ifVersion) return false;
      rows.set(key, { ...record, version: ifVersion + 1 });
      return true;
    },
    remove: async (app, id) => rows.delete(`${app}/${id}`),
  };
}

/** Encodes the text: enough to see that nothing lies there in the clear, and that the context is checked. */
const plainVault = {
  seal: (plain: string, context: string) => Buffer.from(`${context}|${plain}`).toString('base64'),
  open(sealed: string, context: string) {
    const opened = Buffer.from(sealed, 'base64').toString();
    if (!opened.startsWith(`${context}|`)) throw new Error('sealed for another place');
    return opened.slice(context.length + 1);
  },
};

export async function temporaryFolder(files: Record<string, string> = {}): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'belfry-plugins-')));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

export function manifestOf(id: string, change: Record<string, unknown> = {}): string {
  const belfry = { kind: 'notification-provider', id, api: '^1.0.0', ...change };
  return JSON.stringify({ name: `plugin-${id}`, version: '1.2.3', type: 'module', exports: './index.js', belfry });
}

/** The text of a provider's entry; `setup` is the source of the function, `config` of the schema. */
export function providerSource(
  id: string,
  parts: { config?: string; limits?: string; supports?: string; setup?: string; before?: string } = {},
): string {
  const { config = 'z.strictObject({})', limits = '{}', supports = '{}', before = '' } = parts;
  const { setup = '() => ({ send: () => accepted() })' } = parts;
  return `import { accepted, defineNotificationProvider, rejected, retry, secret, z } from '@belfry/plugin-kit';
${before}
export default defineNotificationProvider({
  id: '${id}', channel: 'push', displayName: 'A ${id}', description: 'For tests.',
  config: ${config}, target: z.strictObject({ token: z.string() }), limits: ${limits},
  supports: ${supports},
  setup: ${setup},
});`;
}

export function folderOf(id: string, parts: Parameters<typeof providerSource>[1] = {}): Record<string, string> {
  return { [`${id}/package.json`]: manifestOf(id), [`${id}/index.js`]: providerSource(id, parts) };
}

/** Lets every address through when it is saved, and calls none. */
export const noNetwork: PluginHostOptions['egress'] = {
  fetch: () => Promise.reject(new Error('no network in this test')),
  connect: () => Promise.reject(new Error('no network in this test')),
  checkUrl: async () => ({ ok: true }),
};

export interface HostUnderTest {
  host: PluginHost;
  lines: Line[];
  clock: VirtualClock;
  store: ReturnType<typeof recordStore>;
  metrics: Map<string, number>;
  facts: RecordedFacts;
}

/** Starts a host over these files and stops it when the test is done. */
export async function startHost(
  files: Record<string, string>,
  change: Partial<PluginHostOptions> = {},
): Promise<HostUnderTest> {
  const lines: Line[] = [];
  const metrics = new Map<string, number>();
  const clock = createVirtualClock();
  const store = recordStore();
  const facts = new RecordedFacts();
  const host = new PluginHost({
    shippedDir: await temporaryFolder(files),
    store,
    vault: plainVault,
    clock,
    log: recordedLog(lines),
    metrics: {
      count: (name, labels = [], by = 1) => {
        const key = `${name} ${labels.join(' ')}`;
        metrics.set(key, (metrics.get(key) ?? 0) + by);
      },
      observe: () => {},
      set: (name, labels, value) => void metrics.set(`${name} ${labels.join(' ')}`, value),
      onCollect: () => {},
    },
    facts,
    egress: noNetwork,
    defaultProvider: { plugin: 'logging', config: {} },
    callLimitMs: 1000,
    limits: defaultLimits(),
    importModule: importByNode,
    ...change,
  });
  onTestFinished(() => host.stop());
  await host.start();
  return { host, lines, clock, store, metrics, facts };
}
