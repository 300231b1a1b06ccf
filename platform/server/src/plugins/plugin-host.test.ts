// The host over plugins that work, that are broken in every way, and that fail later.
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { asAppId } from '../ports/app-id.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { Catalogue } from './catalogue.ts';
import { Realm } from './realm.ts';
import {
  recordedLog,
  folderOf,
  importByNode,
  manifestOf,
  providerSource,
  startHost,
  temporaryFolder,
} from './test/host.fixture.ts';

const messageType = (body: string): string =>
  `import { defineMessageType, z } from '@belfry/plugin-kit';
export default defineMessageType({ id: 'note', version: 1, schema: z.strictObject({ text: z.string() }), limits: { bytes: 100 }, ${body} });`;

describe('finding plugins', () => {
  it('turns on what is whole, from a folder that has installed nothing', async () => {
    const { host, metrics } = await startHost({
      ...folderOf('good'),
      'note/package.json': manifestOf('note', { kind: 'message-type' }),
      'note/index.js': messageType('preview: ({ text }) => ({ body: text })'),
    });
    expect(host.list()).toMatchObject([
      { id: 'good', kind: 'notification-provider', state: 'on', displayName: 'A good', version: '1.2.3', faults: 0 },
      { id: 'note', kind: 'message-type', state: 'on', displayName: 'note' },
    ]);
    expect(host.messageType('note')?.preview({ text: 'hi' }, { locale: 'en' })).toEqual({ body: 'hi' });
    expect(host.messageType('good')).toBeUndefined();
    expect(host.providerPlugin('good')?.channel).toBe('push');
    expect(metrics.get('plugins notification-provider on')).toBe(1);
  });

  it('skips templates, hidden folders, node_modules and files', async () => {
    const { host, lines } = await startHost({
      ...folderOf('good'),
      '_template/package.json': 'no JSON',
      '.git/package.json': 'no JSON',
      'node_modules/x/package.json': 'no JSON',
      'README.md': 'text',
    });
    expect(host.list().map(({ id }) => id)).toEqual(['good']);
    expect(lines).toEqual([]);
  });

  const broken: [string, Record<string, string>, RegExp][] = [
    ['has no package.json', { 'bad/index.js': '' }, /package\.json: ENOENT/],
    ['has a package.json that is no JSON', { 'bad/package.json': '{' }, /^package\.json: /],
    ['has no manifest', { 'bad/package.json': '{}' }, /^belfry: /],
    [
      'has a manifest of an unknown kind',
      { 'bad/package.json': manifestOf('bad', { kind: 'theme' }) },
      /^belfry\.kind: /,
    ],
    [
      'wants another api',
      { 'bad/package.json': manifestOf('bad', { api: '^2.0.0' }), 'bad/index.js': 'process.exit(1)' },
      /\^2\.0\.0 does not admit this server's 1\.\d+\.\d+/,
    ],
    [
      'has an entry outside of its folder',
      { 'bad/package.json': manifestOf('bad').replace('./index.js', '../x.js') },
      /^exports: must be a file inside/,
    ],
    ['has no entry', { 'bad/package.json': manifestOf('bad') }, /^import: .*index\.js/],
    [
      'throws on import',
      { 'bad/package.json': manifestOf('bad'), 'bad/index.js': "throw new Error('boom')" },
      /^import: boom$/,
    ],
    [
      'throws something odd on import',
      { 'bad/package.json': manifestOf('bad'), 'bad/index.js': 'throw null' },
      /^import: null$/,
    ],
    ['has a syntax error', { 'bad/package.json': manifestOf('bad'), 'bad/index.js': 'export default {' }, /^import: /],
    [
      'exits on import',
      { 'bad/package.json': manifestOf('bad'), 'bad/index.js': 'process.exit(3)' },
      /called process\.exit/,
    ],
    ['exports nothing', { 'bad/package.json': manifestOf('bad'), 'bad/index.js': '' }, /must be an object/],
    [
      'exports something else',
      { 'bad/package.json': manifestOf('bad'), 'bad/index.js': 'export default { kind: 1 }' },
      /kind/,
    ],
    [
      'is another than its manifest says',
      { 'bad/package.json': manifestOf('bad'), 'bad/index.js': providerSource('other') },
      /id: the manifest says bad, the plugin says other/,
    ],
    [
      'imports what is not there',
      { 'bad/package.json': manifestOf('bad'), 'bad/index.js': "import '@belfry/server'" },
      /@belfry\/server/,
    ],
  ];
  it.each(broken)('turns off a plugin that %s, says why once, and starts', async (_what, files, reason) => {
    const { host, lines } = await startHost({ ...files, ...folderOf('good') });
    expect(host.list()).toMatchObject([
      { id: 'bad', state: 'off', reason: expect.stringMatching(reason) },
      { id: 'good', state: 'on' },
    ]);
    expect(lines.filter(({ msg }) => msg === 'plugin off')).toMatchObject([
      { level: 'warn', fields: { plugin: 'bad', reason: expect.stringMatching(reason) } },
    ]);
  });

  it('gives up on an import that never ends', async () => {
    const root = await temporaryFolder({
      'slow/package.json': manifestOf('slow'),
      'slow/index.js': 'await new Promise(() => {})',
    });
    const clock = createVirtualClock();
    const begun = Promise.withResolvers<undefined>();
    const catalogue = new Catalogue({
      roots: [root],
      realm: new Realm(),
      clock,
      log: recordedLog([]),
      importLimitMs: 10_000,
      importModule: (url) => {
        begun.resolve(undefined);
        return importByNode(url);
      },
      onFolders: () => {},
    });
    const loading = catalogue.load();
    await begun.promise;
    await clock.advance(10_000);
    await loading;
    expect(catalogue.list()).toMatchObject([
      { id: 'slow', state: 'off', reason: 'import: did not finish within 10000 ms' },
    ]);
  });

  it('lets the shipped plugin win over another of its id, whose code never runs', async () => {
    const pluginsDir = await temporaryFolder({
      'mine/package.json': manifestOf('good'),
      'mine/index.js': 'globalThis.ranTheTwin = true;',
      ...folderOf('extra'),
    });
    const { host } = await startHost(folderOf('good'), { pluginsDir });
    expect(host.list()).toMatchObject([
      { id: 'good', state: 'on' },
      { id: 'extra', state: 'on' },
      { id: 'good', state: 'off', reason: expect.stringMatching(/^the id is taken by .*good$/) },
    ]);
    expect(Reflect.has(globalThis, 'ranTheTwin')).toBe(false);
  });

  it('starts without the second folder when it is not there', async () => {
    const { host, lines } = await startHost(folderOf('good'), { pluginsDir: '/nowhere/at/all' });
    expect(host.list()).toHaveLength(1);
    expect(lines).toMatchObject([
      { level: 'warn', msg: 'plugins folder cannot be read', fields: { dir: '/nowhere/at/all' } },
    ]);
  });
});

describe('faults that nobody could catch', () => {
  const faulty = folderOf('faulty', {
    setup: `() => ({ send(delivery) {
      const { notification: { title } } = delivery;
      if (title === 'rejection') Promise.reject(new Error('late'));
      if (title === 'bare rejection') Promise.reject('text');
      if (title === 'timer') setTimeout(() => { throw new Error('timer'); }, 1);
      if (title === 'exit') process.exit(7);
      return accepted();
    } })`,
  });

  it.each([
    ['rejection', 'unhandledRejection'],
    ['bare rejection', 'unhandledRejection'],
    ['timer', 'uncaughtException'],
  ])('are taken when a plugin is to blame: %s', async (title, event) => {
    const { host, lines } = await startHost(faulty, { defaultProvider: { plugin: 'faulty', config: {} } });
    // The runner listens as well and would fail the test.
    const listeners = process.rawListeners(event);
    process.removeAllListeners(event);
    const taken = Promise.withResolvers<boolean>();
    process.once(event, (thrown) => taken.resolve(host.takeFault(thrown)));
    try {
      const [handle] = await host.providers(app);
      await handle?.send(delivery(title), { signal: AbortSignal.timeout(1000), attempt: 1 });
      expect(await taken.promise).toBe(true);
    } finally {
      for (const listener of listeners) process.on(event, listener as () => void);
    }
    expect(host.list()).toMatchObject([{ id: 'faulty', state: 'on', faults: 1 }]);
    expect(lines).toMatchObject([{ level: 'warn', msg: 'plugin fault', fields: { plugin: 'faulty', faults: 1 } }]);
  });

  it("are not taken when they are the server's own", async () => {
    const { host } = await startHost(faulty);
    expect(host.takeFault(new Error('ours'))).toBe(false);
    expect(host.takeFault(undefined)).toBe(false);
  });

  it('cannot reach the network past ctx.fetch by the global one, nor can it at import', async () => {
    const calls = folderOf('calls', {
      setup: `() => ({ send: async () => { await fetch('http://127.0.0.1:1/'); return accepted(); } })`,
    });
    const early = folderOf('early', { before: "await fetch('http://127.0.0.1:1/');" });
    const { host } = await startHost({ ...calls, ...early }, { defaultProvider: { plugin: 'calls', config: {} } });
    expect(host.list().find(({ id }) => id === 'early')).toMatchObject({
      state: 'off',
      reason: expect.stringContaining('must call ctx.fetch'),
    });
    const [handle] = await host.providers(app);
    const outcome = await handle?.send(delivery('x'), { signal: AbortSignal.timeout(1000), attempt: 1 });
    expect(outcome).toMatchObject({ outcome: 'retry', reason: expect.stringContaining('must call ctx.fetch') });
    // The server's own code is not kept from it.
    await expect(fetch('http://127.0.0.1:1/')).rejects.not.toThrow('ctx.fetch');
  });

  it('cannot end the process by process.exit', async () => {
    const { host } = await startHost(faulty, { defaultProvider: { plugin: 'faulty', config: {} } });
    const [handle] = await host.providers(app);
    const outcome = await handle?.send(delivery('exit'), { signal: AbortSignal.timeout(1000), attempt: 1 });
    expect(outcome).toMatchObject({ outcome: 'retry', reason: expect.stringContaining('process.exit') });
  });
});

it('the host leaves process.exit and the module loader as they were when it stops', async () => {
  const exit = process.exit;
  const { host } = await startHost(folderOf('good'));
  expect(process.exit).not.toBe(exit);
  await host.stop();
  await host.stop();
  expect(process.exit).toBe(exit);
  const root = await temporaryFolder({ 'late/index.mjs': "import 'zod';" });
  await expect(importByNode(`file://${root}/late/index.mjs`)).rejects.toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' });
  await setImmediate();
});

const app = asAppId('demo');

function delivery(title: string) {
  return {
    id: 'd',
    app: 'demo',
    userId: 'bob',
    device: { id: 'phone', type: 'mobile' as const, target: { token: 't' } },
    notification: {
      title,
      body: '',
      count: 1,
      collapseKey: 'k',
      priority: 'normal' as const,
      ttlSeconds: 60,
      data: {},
    },
  };
}
