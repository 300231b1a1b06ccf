import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createTemporaryFolder } from '../../test/support/temporary-folder.ts';
import { loadParts } from '../compose/parts.ts';
import { createSqliteStores, type SqliteStores } from '../drivers/stores/sqlite/create-sqlite-stores.ts';
import { hashOfSecret } from '../accounts/secret-text.ts';
import { exitCodes } from './exit-codes.ts';
import { runProgram } from './program.ts';

// Each command opens the data anew, in a thread that reads its TypeScript; on a busy machine that takes seconds.
vi.setConfig({ testTimeout: 60_000 });

async function begin() {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder.remove());
  const dataDir = join(folder.path, 'data');
  vi.stubEnv('DATA_DIR', dataDir);
  onTestFinished(() => void vi.unstubAllEnvs());
  const open = async <T>(run: (stores: SqliteStores) => Promise<T>): Promise<T> => {
    const stores = await createSqliteStores({ dataDir });
    try {
      return await run(stores);
    } finally {
      await stores.close();
    }
  };
  const belfry = async (...args: string[]) => {
    const [out, err]: string[][] = [[], []];
    const write = (lines: string[] | undefined) => (text: string) => void lines?.push(text);
    const code = await runProgram(args, { parts: loadParts, out: write(out), err: write(err) });
    return { code, out: (out ?? []).join('\n'), err: (err ?? []).join('\n') };
  };
  const fill = () =>
    open((stores) => stores.tenancy.putTenant({ id: 'default', name: 'Default', managed: false, createdAt: 1 }));
  return { open, belfry, fill, dataDir };
}

const tokenIn = (text: string) => /\/console\/reset\/([\w-]{43})$/m.exec(text)?.[1] ?? '';

test('an account that the terminal makes gets its password by a link, is listed, and stands in the audit', async () => {
  const { open, belfry, fill } = await begin();
  await fill();
  expect((await belfry('admin', 'list')).out).toContain('There is no account yet');
  const added = await belfry('admin', 'add', 'Anna@clinic.example', '--name', 'Anna Li', '--operator');
  expect(added).toMatchObject({ code: exitCodes.done, err: '' });
  expect((await belfry('admin', 'list')).out).toBe('anna@clinic.example  "Anna Li"  owner of default, operator');
  await open(async ({ accountLinks, accounts, audit }) => {
    const account = await accounts.byEmail('anna@clinic.example');
    expect(await accountLinks.get(hashOfSecret(tokenIn(added.out)))).toMatchObject({
      kind: 'reset',
      account: account?.id,
    });
    const { items } = await audit.list('default', { limit: 9 });
    expect(items).toMatchObject([{ action: 'member.create', via: 'belfry', after: { role: 'owner' } }]);
  });
});

test('another link takes the place of the one before, and can take a lost second factor away', async () => {
  const { open, belfry, fill } = await begin();
  await fill();
  const first = await belfry('admin', 'add', 'anna@clinic.example', '--name', 'Anna');
  await open(async ({ accounts }) => {
    const account = await accounts.byEmail('anna@clinic.example');
    if (account === undefined) throw new Error('no account');
    const totp = { secret: 'x', confirmed: true, lastStep: 1 };
    await accounts.put({ ...account, totp, recoveryHashes: ['x'] }, account.version);
  });
  expect((await belfry('admin', 'list')).out).toContain('second factor');
  const second = await belfry('admin', 'reset-password', 'anna@clinic.example', '--remove-second-factor');
  expect((await belfry('admin', 'list')).out).not.toContain('second factor');
  await open(async ({ accountLinks }) => {
    expect(await accountLinks.get(hashOfSecret(tokenIn(first.out)))).toBeUndefined();
    expect(await accountLinks.get(hashOfSecret(tokenIn(second.out)))).toBeDefined();
  });
});

test('a code for the setup is made as long as there is no account', async () => {
  const { belfry, fill } = await begin();
  await fill();
  expect((await belfry('admin', 'setup-code')).out).toMatch(
    /^http:\/\/127\.0\.0\.1:8000\/console\/setup#code=[\w-]{19}$/,
  );
  // Of a container, which listens everywhere: nobody opens 0.0.0.0.
  vi.stubEnv('HOST', '0.0.0.0');
  expect((await belfry('admin', 'setup-code')).out).toContain('http://127.0.0.1:8000/console/');
  await belfry('admin', 'add', 'anna@clinic.example', '--name', 'Anna');
  expect(await belfry('admin', 'setup-code')).toMatchObject({ code: exitCodes.configuration, out: '' });
});

test('what cannot be done is said: no data, no such account, no such tenant, a server that runs', async () => {
  const { open, belfry, fill, dataDir } = await begin();
  const refused = async (text: string, ...args: string[]) => {
    const answer = await belfry('admin', ...args);
    expect(answer).toMatchObject({ code: exitCodes.configuration, out: '' });
    expect(answer.err).toContain(text);
  };
  await refused(`there is no data in ${dataDir}`, 'list');
  await fill();
  await refused('no account with the address x@y.z', 'reset-password', 'x@y.z');
  await refused('no tenant none', 'add', 'x@y.z', '--name', 'X', '--tenant', 'none');
  await refused('--role must be one of', 'add', 'x@y.z', '--name', 'X', '--role', 'king');
  await refused('is no e-mail address', 'add', 'x', '--name', 'X');
  await belfry('admin', 'add', 'x@y.z', '--name', 'X');
  await refused('already', 'add', 'X@y.z', '--name', 'X');
  await open(() => refused('another process', 'list'));
});

test('while another has the data the terminal says so, and what to do', async () => {
  const { open, belfry, fill } = await begin();
  await fill();
  const { code, err } = await open(() => belfry('admin', 'list'));
  expect([code, err]).toEqual([
    exitCodes.configuration,
    expect.stringMatching(/is in use by another process; stop that/),
  ]);
});
