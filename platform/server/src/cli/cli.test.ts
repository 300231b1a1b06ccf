import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { compileCache } from '../../test/support/compile-cache.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../test/support/temporary-folder.ts';
import { createSystemClock } from '../drivers/clock.ts';
import { createSqliteStores, type SqliteStores } from '../drivers/stores/sqlite/create-sqlite-stores.ts';
import { asAppId } from '../ports/app-id.ts';
import { openSigningSecret } from '../tenancy/tokens/app-signing.ts';
import { createFirstStart } from '../tenancy/first-start.ts';
import { loadInstallationSecret } from '../tenancy/installation-secret.ts';

// Every command is a process that reads its TypeScript anew; on a busy machine that takes seconds.
vi.setConfig({ testTimeout: 60_000 });

const main = join(import.meta.dirname, 'main.ts');
const signingSecret = 'a-signing-secret-of-thirty-two-bytes-or-more';

let folder: TemporaryFolder;
let dataDir: string;
beforeEach(() => {
  folder = createTemporaryFolder();
  dataDir = join(folder.path, 'data');
});
afterEach(() => folder.remove());

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

async function node(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, args, {
    cwd: folder.path,
    env: { ...compileCache, PATH: '/usr/bin:/bin', DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code], out, err] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return { code, out, err };
}

const belfry = (args: string[], env?: Record<string, string>) => node([main, ...args], env);

function file(name: string, content: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return path;
}

/** A port that this process listens on. */
async function takePort(): Promise<{ port: number; free: () => Promise<void> }> {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, free: () => new Promise((resolve) => void server.close(() => resolve())) };
}

/** Starts a server, and resolves with what people saw when it has ended again. */
async function startForPeople(): Promise<string> {
  const env = { ...compileCache, PATH: '/usr/bin:/bin', DATA_DIR: dataDir, PORT: '0', LOG_FORMAT: 'pretty' };
  const child = spawn(process.execPath, [main, 'start'], { cwd: '/', env, stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let seen = '';
  child.stdout.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
    if (seen.includes('Ctrl-C')) child.kill('SIGTERM');
  });
  await once(child, 'close');
  return seen;
}

const provisionFile = (secret = signingSecret) =>
  file('p.yaml', `tenants: [{ id: clinic, apps: [{ key: demo, signingSecret: ${secret} }] }]`);

/** The data of a first start, with the stores still open as in a running server. */
async function firstStart(): Promise<{ stores: SqliteStores; secret: string }> {
  mkdirSync(dataDir);
  const stores = await createSqliteStores({ dataDir });
  const loaded = await loadInstallationSecret({ config: {}, dataDir, installation: stores.installation });
  if (!loaded.ok) throw new Error(loaded.problem.reason);
  await createFirstStart({ stores, vault: loaded.vault, clock: createSystemClock() });
  const record = await stores.tenancy.app('demo');
  const sealed = record?.signingSecrets[0];
  if (sealed === undefined) throw new Error('no signing secret');
  return { stores, secret: openSigningSecret('demo', sealed, loaded.vault) };
}

async function claimsOf(token: string, secret: string) {
  const { payload } = await jwtVerify(token.trim(), Buffer.from(secret), { audience: 'demo', algorithms: ['HS256'] });
  return payload;
}

describe('the command line', () => {
  test.each([[[]], [['start']], [['token']], [['doctor']], [['provision']], [['openapi']]])(
    'belfry %j --help explains itself',
    async (command) => {
      const { code, out } = await belfry([...command, '--help']);
      expect(code).toBe(0);
      expect(out).toContain(`Usage: belfry ${command.join(' ')}`.trim());
    },
  );

  test('ends with 78 and the mistake when it is wrong', async () => {
    expect(await belfry(['fly'])).toMatchObject({ code: 78, err: expect.stringContaining("unknown command 'fly'") });
    expect(await belfry(['token'])).toMatchObject({ code: 78, err: expect.stringContaining('--app') });
  });

  test('says its version', async () => {
    const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
    expect(await belfry(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  test('ends as always when nobody reads its output to the end', async () => {
    const child = spawn(process.execPath, [main, 'openapi'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    const [[code], err] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  test('both of its files can be run by name', () => {
    for (const path of [main, join(import.meta.dirname, 'belfry.mjs')]) accessSync(path, constants.X_OK);
  });

  test('on an old Node says which is needed', async () => {
    const old = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.19.0"})';
    const launcher = join(import.meta.dirname, 'belfry.mjs');
    const ended = await node(['--import', old, launcher, '--help']);
    expect(ended).toMatchObject({ code: 78, out: '', err: expect.stringContaining('needs Node 22.19 or later') });
    expect(await node([launcher, '--help'])).toMatchObject({ code: 0 });
  });
});

describe('start', () => {
  test('reports all of a wrong configuration, to people and to programs, and ends with 78', async () => {
    const env = { PORT: 'x', REDIS_URL: 'redis://r', WS_HEARTBEAT_INTERVAL: '0', LOG_FORMAT: 'json' };
    const { code, out, err } = await belfry(['start'], env);
    expect(code).toBe(78);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const variables = ['PORT', 'WS_HEARTBEAT_INTERVAL', 'MONGODB_URL'];
    expect(lines.map(({ level, msg, variable }) => [level, msg, variable])).toEqual(
      variables.map((variable) => ['warn', 'config problem', variable]),
    );
    for (const variable of variables) expect(err).toContain(`- ${variable}: `);
  });

  test.each(['json', 'pretty'])(
    'goes on when nobody reads its %s log any more, and drains as always',
    async (format) => {
      const env = { ...compileCache, PATH: '/usr/bin:/bin', DATA_DIR: dataDir, PORT: '0', LOG_FORMAT: format };
      const child = spawn(process.execPath, [main, 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      onTestFinished(() => void child.kill('SIGKILL'));
      const ended = once(child, 'exit');
      const err = text(child.stderr);
      // Leaving the loop destroys the pipe, as `head` does.
      for await (const chunk of child.stdout) if (String(chunk).includes('listening')) break;
      child.kill('SIGTERM');
      expect([await ended, await err]).toEqual([[0, null], '']);
    },
  );

  test('shows people a banner, with the key of the first start until its file is taken away', async () => {
    const { port, free } = await takePort();
    const refused = await belfry(['start'], { PORT: String(port), LOG_FORMAT: 'pretty' });
    await free();
    expect(refused).toMatchObject({
      code: 78,
      err: expect.stringContaining(`process ${process.pid} has port ${port}`),
    });

    // The start above made the key, and could not say so.
    const keyFile = join(dataDir, 'demo-api-key');
    const second = await startForPeople();
    for (const part of ['Belfry', 'playground  http://127.0.0.1:', `API key     ${keyFile}`])
      expect(second).toContain(part);
    expect(second).toContain(`DATA_DIR=${dataDir} npx belfry token --app demo --user alice`);
    rmSync(keyFile);
    const third = await startForPeople();
    expect(third).toContain('playground  http://127.0.0.1:');
    expect(third).not.toContain('API key');
  });

  test('takes what the command line says over the environment', async () => {
    const { code, err } = await belfry(['start', '--port', '99999'], { PORT: '0' });
    expect(code).toBe(78);
    expect(err).toContain('PORT: must be a whole number');
  });
});

describe('token', () => {
  test('signs with the secret of the provision file', async () => {
    const args = [
      'token',
      '--app',
      'demo',
      '--user',
      'alice',
      '--expires',
      '8h',
      '--name',
      'Alice',
      '--topic',
      'a',
      'b',
    ];
    const { code, out } = await belfry(args, { PROVISION_FILE: provisionFile() });
    expect(code).toBe(0);
    const { sub, name, topics, exp = 0, iat = 0 } = await claimsOf(out, signingSecret);
    expect({ sub, name, topics, life: Math.round((exp - iat) / 3600) }).toEqual({
      sub: 'alice',
      name: 'Alice',
      topics: ['a', 'b'],
      life: 8,
    });
  });

  test('signs with the secret of the data, while the server has it open and after', async () => {
    const { stores, secret } = await firstStart();
    const running = await belfry(['token', '--app', 'demo', '--user', 'alice']);
    await stores.close();
    const stopped = await belfry(['token', '--app', 'demo', '--user', 'bob']);
    expect([running.err, stopped.err]).toEqual(['', '']);
    expect([(await claimsOf(running.out, secret)).sub, (await claimsOf(stopped.out, secret)).sub]).toEqual([
      'alice',
      'bob',
    ]);
  });

  test.each([
    ['no data yet', ['--app', 'demo', '--user', 'alice'], {}, 'no data'],
    ['a visitor', ['--app', 'demo', '--user', 'visitor:1'], {}, '--user'],
    ['a life too long', ['--app', 'demo', '--user', 'a', '--expires', '25h'], {}, '--expires'],
    ['no time', ['--app', 'demo', '--user', 'a', '--expires', 'soon'], {}, '--expires'],
  ])('%s ends with 78', async (_, args, env, said) => {
    expect(await belfry(['token', ...args], env)).toMatchObject({
      code: 78,
      out: '',
      err: expect.stringContaining(said),
    });
  });

  test('says which apps there are, and when the secret is another', async () => {
    const { stores } = await firstStart();
    await stores.close();
    const unknown = await belfry(['token', '--app', 'dmeo', '--user', 'alice']);
    expect(unknown).toMatchObject({ code: 78, err: expect.stringContaining('there is: demo') });
    const wrong = await belfry(['token', '--app', 'demo', '--user', 'a'], { BELFRY_SECRET: 'not-the-right-one' });
    expect(wrong).toMatchObject({ code: 78, err: expect.stringContaining('BELFRY_SECRET is not the one') });
  });
});

describe('token --inspect', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  test('says of a good one which checks it passed, and shows no secret', async () => {
    const env = { PROVISION_FILE: provisionFile() };
    const { out: token } = await belfry(['token', '--app', 'demo', '--user', 'auth0|ann'], env);
    const { code, out } = await belfry(['token', '--app', 'demo', '--inspect', `Bearer ${token}`], env);
    expect(code).toBe(0);
    expect(out).toMatch(
      /ok +signature[^]*ok +sub +"auth0\|ann"[^]*ok +aud +"demo"[^]*The token is good until .* auth0\|ann/,
    );
    expect(out).not.toContain(signingSecret);
    expect(out).not.toContain(token.trim().split('.')[2]);
  });

  test('names every check that a bad one fails, and what decides', async () => {
    const claims = { sub: ' ann', aud: 'https://api.example.com', exp: 1, name: 7 };
    const token = `${part({ alg: 'HS256' })}.${part(claims)}.${'x'.repeat(43)}`;
    const { code, out } = await belfry(['token', '--app', 'demo', '--inspect', token], {
      PROVISION_FILE: provisionFile(),
    });
    expect(code).toBe(1);
    const failed = out.split('\n').filter((line) => /^(?:refused|left out)/.test(line));
    expect(failed.map((line) => line.slice(10, 19).trim())).toEqual(['signature', 'sub', 'aud', 'exp', 'optional']);
    expect(out).toContain("must be, or hold, the app's key demo");
    expect(out).toContain('The token is refused (wrong_signature)');
  });

  test('says so where the keys of an issuer cannot be fetched', async () => {
    const app = '{ key: demo, jwksUrl: "http://127.0.0.1:9/keys" }';
    const env = { PROVISION_FILE: file('j.yaml', `tenants: [{ id: clinic, apps: [${app}] }]`) };
    const token = `${part({ alg: 'RS256', kid: 'k' })}.${part({ sub: 'ann' })}.x`;
    const { code, out } = await belfry(['token', '--app', 'demo', '--inspect', token], env);
    expect([code, out]).toEqual([1, expect.stringMatching(/refused +key +the keys at .* could not be fetched/)]);
  });

  test('tells of a user who was signed out since', async () => {
    const { stores } = await firstStart();
    const { out: token } = await belfry(['token', '--app', 'demo', '--user', 'ann']);
    await stores.users.merge(asAppId('demo'), [{ userId: 'ann', signedOutAt: Date.now() }]);
    const ended = await belfry(['token', '--app', 'demo', '--inspect', token]);
    await stores.close();
    expect(ended).toMatchObject({ code: 1, out: expect.stringContaining('refused (signed_out)') });
  });
});

describe('provision --check', () => {
  test('0 for a file that is in order', async () => {
    expect(await belfry(['provision', '--check', provisionFile()])).toMatchObject({
      code: 0,
      out: expect.stringContaining('in order'),
    });
  });

  test.each([
    ['mistakes', 'tenants: [{ id: t, apps: [{ key: x, signingSecret: short }] }]', 'tenants[0].apps[0].signingSecret'],
    [
      'a provider without a plugin',
      `tenants: [{ id: t, apps: [{ key: x, signingSecret: ${signingSecret}, providers: [{ id: p, plugin: nowhere }] }] }]`,
      'tenants[0].apps[0].providers[0].plugin',
    ],
    [
      'a mapping that does not compile',
      `tenants: [{ id: t, apps: [{ key: x, signingSecret: ${signingSecret}, hooks: [{ id: h, secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, mapping: "{" }] }] }]`,
      'tenants[0].apps[0].hooks[0].mapping',
    ],
  ])('78 and the path for %s', async (_, content, path) => {
    const ended = await belfry(['provision', '--check', file('bad.yaml', content)]);
    expect(ended).toMatchObject({ code: 78, out: '', err: expect.stringContaining(`- ${path}: `) });
  });

  test('78 for a file that is not there', async () => {
    expect(await belfry(['provision', '--check', 'gone.yaml'])).toMatchObject({ code: 78 });
  });
});

describe('doctor', () => {
  test('finds nothing wrong with a folder that a server can be started in, or runs in', async () => {
    const fresh = await belfry(['doctor'], { PORT: '0' });
    expect(fresh).toMatchObject({ code: 0, out: expect.stringContaining('Nothing stands in the way') });
    const { stores } = await firstStart();
    const running = await belfry(['doctor'], { PORT: '0' });
    await stores.close();
    expect(running).toMatchObject({ code: 0, out: expect.stringContaining('opens what was sealed') });
  });

  test('names what is wrong, a line each, and what to do', async () => {
    const { stores } = await firstStart();
    await stores.close();
    const { port, free } = await takePort();
    const { code, out } = await belfry(['doctor'], {
      PORT: String(port),
      BELFRY_SECRET: 'not-the-right-one',
      NOTIFICATION_PROVIDER: 'pigeon',
      PROVISION_FILE: file('bad.yaml', 'tenants: [{ id: t, apps: [{ key: x }] }]'),
    });
    await free();
    expect(code).toBe(78);
    const problems = out.split('\n').filter((line) => line.startsWith('problem'));
    expect(problems.map((line) => line.slice(9, 24).trim())).toEqual(['secret', 'port', 'plugins', 'provision file']);
    for (const line of problems) expect(line).toContain(' -> ');
    expect(problems[1]).toContain(`process ${process.pid} has port ${port}`);
  });

  test('reports a wrong configuration variable by variable', async () => {
    const { code, out } = await belfry(['doctor'], { PORT: 'x', LOG_LEVEL: 'loud' });
    expect(code).toBe(78);
    expect(out).toMatch(/problem +configuration +PORT[^]*problem +configuration +LOG_LEVEL/);
  });

  test('a data file that is missing beside a secret is a problem', async () => {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'secret'), 'a secret of an installation');
    const { code, out } = await belfry(['doctor'], { PORT: '0' });
    expect([code, out]).toEqual([
      78,
      expect.stringMatching(/problem +store +the data file is missing.*belfry restore/),
    ]);
  });
});
