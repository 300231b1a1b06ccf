// A server whose PLUGINS_DIR is full of plugins that are broken in every way there is, beside one that works:
// each is off or failed visibly, the rest runs.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folderOf, manifestOf } from '../../src/plugins/test/host.fixture.ts';
import { putConversation, say, untilJourney } from '../support/clinic.ts';
import { startEngine, type EngineUnderTest } from '../support/engine-under-test.ts';
import { freePort } from '../support/free-port.ts';
import { provisionFile } from '../support/provision.ts';
import { startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const provider = (id: string, setup: string): Record<string, string> => folderOf(id, { setup });
const entry = (id: string, text: string): Record<string, string> => ({
  [`${id}/package.json`]: manifestOf(id),
  [`${id}/index.js`]: text,
});

/** Off before anything is configured: the plugin's folder, and what the log says of it. */
const offAtImport: readonly [id: string, files: Record<string, string>, reason: RegExp][] = [
  ['throws', entry('throws', "throw new Error('boom')"), /^import: boom$/],
  ['rejects-import', entry('rejects-import', "await Promise.reject(new Error('late'))"), /^import: late$/],
  ['wrong-shape', entry('wrong-shape', 'export default { send() {} }'), /kind/],
  ['no-default', entry('no-default', 'export const plugin = {}'), /must be an object/],
  ['syntax', entry('syntax', 'export default {'), /^import: /],
  ['exits-import', entry('exits-import', 'process.exit(3)'), /called process\.exit/],
  ['calls-import', entry('calls-import', "await fetch('http://127.0.0.1:1/')"), /must call ctx\.fetch/],
  ['hangs-import', entry('hangs-import', 'await new Promise(() => {})'), /did not finish within 10000 ms/],
  ['no-manifest', { 'no-manifest/package.json': '{}' }, /^belfry: /],
  ['other-api', { 'other-api/package.json': manifestOf('other-api', { api: '^9.0.0' }) }, /does not admit/],
  [
    'outside',
    { 'outside/package.json': manifestOf('outside').replace('./index.js', '../good/index.js') },
    /^exports: /,
  ],
];

/** Off when it is configured: what `GET /providers` says. */
const offAtSetup: readonly [id: string, files: Record<string, string>, reason: RegExp][] = [
  ['throws-setup', provider('throws-setup', "() => { throw new Error('no') }"), /^setup: no$/],
  ['hangs-setup', provider('hangs-setup', '() => new Promise(() => {})'), /did not finish within 10000 ms/],
  ['exits-setup', provider('exits-setup', '() => process.exit(4)'), /called process\.exit/],
  ['odd-setup', provider('odd-setup', '() => 17'), /./],
  ['sendless', provider('sendless', '() => ({})'), /send/],
];

/** On, and failing whenever it is called: what the journey says of the attempt. */
const failing: readonly [id: string, files: Record<string, string>, detail: RegExp][] = [
  ['throws-send', provider('throws-send', "() => ({ send() { throw new Error('oops') } })"), /threw: oops/],
  ['never-answers', provider('never-answers', '() => ({ send: () => new Promise(() => {}) })'), /no answer in time/],
  ['exits-send', provider('exits-send', '() => ({ send() { process.exit(5) } })'), /called process\.exit/],
  [
    'calls-by-itself',
    provider('calls-by-itself', "() => ({ async send() { await fetch('http://127.0.0.1:1/'); return accepted(); } })"),
    /must call ctx\.fetch/,
  ],
  ['odd-outcome', provider('odd-outcome', "() => ({ send: () => ({ ok: 'yes' }) })"), /no outcome/],
];

/** Works, but throws where nobody catches: counted against the plugin, and the process lives. */
const faulty: readonly [id: string, files: Record<string, string>][] = [
  [
    'timer',
    provider(
      'timer',
      "() => ({ send() { setTimeout(() => { throw new Error('from a timer') }, 1); return accepted(); } })",
    ),
  ],
  [
    'unhandled',
    provider('unhandled', "() => ({ send() { Promise.reject(new Error('nobody looks')); return accepted(); } })"),
  ],
  [
    'early-timer',
    provider(
      'early-timer',
      "() => { setTimeout(() => { throw new Error('from set-up') }, 1); return { send: () => accepted() }; }",
    ),
  ],
];

/** Works, but throws at what its service reports. */
const deaf = folderOf('throws-receipt', {
  supports: '{ receipts: true }',
  setup: "() => ({ send: () => accepted('r-1'), parseReceipt() { throw new Error('no') } })",
});
const good = provider('good', "() => ({ send: () => accepted('good-1') })");
const configured = [...offAtSetup, ...failing, ...faulty].map(([id]) => id);

let folder: TemporaryFolder;
let server: ServerProcess;
let engine: EngineUnderTest;
beforeAll(async () => {
  engine = await startEngine();
  folder = createTemporaryFolder();
  const all = [...offAtImport, ...offAtSetup, ...failing, ...faulty].map(([, files]) => files);
  for (const [path, text] of Object.entries(Object.assign({}, good, deaf, ...all) as Record<string, string>)) {
    const file = join(folder.path, 'plugins', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const providers = [...configured, 'good', 'throws-receipt'].map((id) => ({ id, plugin: id, config: {} }));
  writeFileSync(
    join(folder.path, 'p.yaml'),
    provisionFile({
      settings: { waitMs: 0 },
      app: { providers: [...providers, { id: 'unborn', plugin: 'throws', config: {} }] },
    }),
  );
  const port = String(await freePort());
  const settings = { PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}`, LIMIT_PUSH_TIMEOUT_MS: '500' };
  const env = { PLUGINS_DIR: 'plugins', PROVISION_FILE: 'p.yaml', ...settings, ...engine.env };
  server = await startServerProcess({ folder: folder.path, env });
}, 120_000);
afterAll(async () => {
  server.kill('SIGTERM');
  const code = await server.exited;
  await engine.close();
  folder.remove();
  expect(code).toBe(0);
}, 60_000);

describe('a plugin that is broken', () => {
  test.each(offAtImport)('by %s is off, and the log says why, once', (id, _files, reason) => {
    const lines = server.lines.filter((line) => line.msg === 'plugin off' && line['plugin'] === id);
    expect(lines).toMatchObject([{ level: 'warn', reason: expect.stringMatching(reason) }]);
  });

  test('is only a warning with the path when the provision file names it, and the server starts', () => {
    expect(server.lines.filter(({ msg }) => msg === 'config problem')).toContainEqual(
      expect.objectContaining({
        path: `tenants[0].apps[0].providers[${configured.length + 2}].plugin`,
        reason: expect.stringContaining('boom'),
      }),
    );
  });

  test.each(offAtSetup)('by %s is off in the list of providers, with the reason', async (id, _files, reason) => {
    const { body } = await server.api('GET', '/providers');
    const providers = body['providers'] as { id: string; state: string; reason?: string }[];
    expect(providers.find((each) => each.id === id)).toMatchObject({
      state: 'off',
      reason: expect.stringMatching(reason),
    });
  });

  test('leaves the other plugins on, and messages go through', async () => {
    const { body } = await server.api('GET', '/providers');
    const providers = body['providers'] as { id: string; state: string }[];
    const on = providers.filter(({ state }) => state === 'on').map(({ id }) => id);
    const working = ['good', 'throws-receipt', ...failing.map(([id]) => id), ...faulty.map(([id]) => id)];
    expect(on.toSorted()).toEqual(working.toSorted());
  });
});

/** The first attempt to push a message to a device of this provider. */
async function firstAttempt(id: string): Promise<Record<string, unknown>> {
  const userId = `user-of-${id}`;
  await putConversation(server, `with-${id}`, ['doctor', userId]);
  const device = { userId, provider: id, target: { token: 't' }, deviceType: 'mobile' };
  expect((await server.api('POST', '/devices', device)).status).toBe(201);
  const { messageId } = await say(server, `with-${id}`, { from: 'doctor' });
  return await untilJourney(server, messageId, (journey) => {
    const recipient = journey.recipients.find((each) => each.userId === userId);
    return recipient?.push[0]?.attempts[0];
  });
}

describe('a provider that fails when it is called', () => {
  test.each(failing)('by %s is tried again, and the journey reports it', async (id, _files, detail) => {
    expect(await firstAttempt(id)).toMatchObject({ outcome: 'retry', answer: expect.stringMatching(detail) });
  });

  test.each(faulty)('by %s is reported in the log, and the process goes on', async (id) => {
    expect(await firstAttempt(id)).toMatchObject({ outcome: 'accepted' });
    for (;;) {
      const found = server.lines.find((line) => line.msg === 'plugin fault' && line['plugin'] === id);
      if (found !== undefined) break;
      // A request is a turn of the other process.
      await server.api('GET', '/providers');
    }
  });

  test('at what its service reports says so to the service, which then reports again', async () => {
    const { body } = await server.api('GET', '/providers');
    const providers = body['providers'] as { id: string; receiptUrl?: string }[];
    const receiptUrl = providers.find(({ id }) => id === 'throws-receipt')?.receiptUrl ?? '';
    expect((await fetch(receiptUrl, { method: 'POST', body: '{}' })).status).toBe(503);
  });

  test('hinders no provider beside it', async () => {
    expect(await firstAttempt('good')).toMatchObject({ outcome: 'accepted' });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(server.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
