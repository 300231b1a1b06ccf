// A new plugin's folder: its files, whose tests pass, and refusals, after which nothing is written.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runPluginNew, writeNewPlugin } from './plugin-new.ts';

const root = join(import.meta.dirname, '..');
let into: string;

beforeEach(async () => {
  into = await mkdtemp(join(tmpdir(), 'belfry-plugin-new-'));
  await symlink(join(root, 'node_modules'), join(into, 'node_modules'));
});

afterEach(async () => {
  await rm(into, { recursive: true });
});

test.each([
  { kind: 'notification-provider', id: 'my-sms', folder: 'notify-my-sms', displayName: 'My sms' },
  { kind: 'message-type', id: 'poll', folder: 'message-poll', displayName: 'Poll' },
])('writes a $kind of at most six files that names itself everywhere', async ({ kind, id, folder, displayName }) => {
  const result = await writeNewPlugin({ kind, id, into });

  expect(result).toMatchObject({ ok: true, folder: join(into, folder) });
  const files = await readdir(join(into, folder));
  expect(files.length).toBeLessThanOrEqual(6);
  const texts = await Promise.all(files.map((file) => readFile(join(into, folder, file), 'utf8')));
  expect(texts.join('\n')).not.toMatch(/template/i);
  expect(JSON.parse(texts[files.indexOf('package.json')] ?? '')).toMatchObject({
    name: `@belfry/plugin-${folder}`,
    belfry: { kind, id },
  });
  const module: unknown = await import(/* @vite-ignore */ pathToFileURL(join(into, folder, 'index.ts')).href);
  expect(module).toMatchObject({ default: { kind, id, displayName } });
});

test.each(['notification-provider', 'message-type'])(
  'writes a %s whose own tests pass',
  async (kind) => {
    const result = await writeNewPlugin({ kind, id: 'tried', into });
    if (!result.ok) throw new Error(result.reason);

    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const written = join(into, 'report.json');
    const args = ['run', '--root', result.folder, '--reporter=json', `--outputFile=${written}`];
    await promisify(execFile)(process.execPath, [vitest, ...args], { env: { PATH: process.env['PATH'] } });

    const report: unknown = JSON.parse(await readFile(written, 'utf8'));
    expect(report).toMatchObject({ success: true, numFailedTests: 0 });
    expect(Reflect.get(Object(report), 'numPassedTests')).toBeGreaterThan(8);
  },
  60_000,
);

test.each([
  { kind: 'provider', id: 'my-sms', reason: '"provider" is no kind of plugin: notification-provider or message-type' },
  {
    kind: 'message-type',
    id: '../poll',
    reason: 'the id "../poll" must be 1 to 40 lower-case letters, digits and hyphens, and begin with a letter',
  },
  {
    kind: 'message-type',
    id: 'Poll',
    reason: 'the id "Poll" must be 1 to 40 lower-case letters, digits and hyphens, and begin with a letter',
  },
])('refuses $kind $id and writes nothing', async ({ kind, id, reason }) => {
  expect(await writeNewPlugin({ kind, id, into })).toEqual({ ok: false, reason });
  expect(await readdir(into)).toEqual(['node_modules']);
});

test('leaves a folder that is there already as it is', async () => {
  await writeNewPlugin({ kind: 'message-type', id: 'poll', into });
  await rm(join(into, 'message-poll', 'README.md'));

  const again = await writeNewPlugin({ kind: 'message-type', id: 'poll', into });

  expect(again).toEqual({ ok: false, reason: `${join(into, 'message-poll')} is there already` });
  expect(await readdir(join(into, 'message-poll'))).not.toContain('README.md');
});

test('says on the command line what to do next, or how it is used', async () => {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);

  expect(await runPluginNew(['message-type', 'poll', '--into', into], say)).toBe(0);
  expect(said.join('\n')).toContain('npm install');
  expect(await runPluginNew(['message-type'], say)).toBe(64);
  expect(await runPluginNew(['message-type', 'poll', '--no-such-flag'], say)).toBe(64);
  expect(await runPluginNew(['message-type', 'poll', '--into', into], say)).toBe(64);
  expect(said.at(-1)).toContain('is there already');
});

test('the page about plugins shows the templates as they are', async () => {
  const page = await readFile(join(root, 'docs', 'plugins.md'), 'utf8');

  for (const file of ['_template/index.ts', '_template/index.test.ts', '_template-message/index.ts']) {
    expect(page).toContain(await readFile(join(root, 'plugins', file), 'utf8'));
  }
});
