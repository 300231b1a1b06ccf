// A data file belongs to one process also when its lock file is deleted, and one that is missing beside what belongs to it is no new one.

import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createTemporaryFolder, type TemporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSqliteStores, type SqliteStores } from './create-sqlite-stores.ts';
import { lockFile, lockFileOf } from './database.ts';

let folder: TemporaryFolder;
let file: string;
let errors: { msg: string; [field: string]: unknown }[];
beforeEach(() => {
  folder = createTemporaryFolder();
  file = join(folder.path, 'belfry.db');
  errors = [];
});
afterEach(() => folder.remove());

async function open(lockEveryMs?: number): Promise<SqliteStores> {
  const log = { ...silentLog, error: (msg: string, fields?: object) => void errors.push({ msg, ...fields }) };
  const stores = await createSqliteStores({ file, log, ...(lockEveryMs === undefined ? {} : { lockEveryMs }) });
  onTestFinished(() => stores.close());
  return stores;
}

describe('a lock file that is deleted while the server runs', () => {
  test('is made anew, which is said, and keeps others out', async () => {
    const stores = await open(10);
    rmSync(lockFileOf(file));
    await vi.waitFor(() => expect(errors).toMatchObject([{ msg: 'lock', state: 'made_anew', file }]));
    expect(statSync(lockFileOf(file)).isFile()).toBe(true);
    await expect(createSqliteStores({ file })).rejects.toMatchObject({ reason: 'in_use' });
    await stores.installation.set('still', 'works');
  });

  test('keeps others out before that is noticed', async () => {
    const stores = await open();
    rmSync(lockFileOf(file));
    const refused = createSqliteStores({ file });
    await expect(refused).rejects.toMatchObject({ reason: 'in_use', message: expect.stringContaining('was deleted') });
    await stores.installation.set('still', 'works');
  });

  test('ends all writing when another process has one in its place', async () => {
    const stores = await open(10);
    rmSync(lockFileOf(file));
    const theirs: DatabaseSync = lockFile(file);
    onTestFinished(() => theirs.close());
    await vi.waitFor(() => expect(errors[0]).toMatchObject({ msg: 'lock', state: 'taken', file }), 10_000);
    expect(stores.state()).toBe('down');
    await expect(stores.installation.set('a', 'b')).rejects.toMatchObject({ code: 'unavailable' });
  });
});

test('a data file whose lock file is not there is opened where nobody has it', async () => {
  await (await open()).close();
  rmSync(lockFileOf(file));
  const stores = await open();
  expect(await stores.diagnostics()).toMatchObject({ journalMode: 'wal' });
});

describe('a data file that is missing', () => {
  const write = (path: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'x');
  };
  const options = () => ({ file, traces: [join(folder.path, 'secret'), join(folder.path, 'uploads')] });

  test.each<[string, () => void | Promise<void>, string]>([
    ['beside a secret', () => write(join(folder.path, 'secret')), 'secret'],
    ['beside uploads', () => write(join(folder.path, 'uploads', 'ab', 'file')), 'uploads'],
    ['beside its log', () => write(`${file}-wal`), 'belfry.db-wal'],
    [
      'and empty, beside its position',
      async () => {
        await (await open()).close();
        writeFileSync(file, '');
        rmSync(`${file}-wal`, { force: true });
      },
      'belfry.db.position',
    ],
  ])('%s is refused, with what to do', async (_name, make, named) => {
    await make();
    const refused = createSqliteStores(options());
    await expect(refused).rejects.toMatchObject({ reason: 'missing', message: expect.stringContaining(named) });
    await expect(refused).rejects.toThrow('belfry restore');
  });

  test('beside empty folders alone is new', async () => {
    mkdirSync(join(folder.path, 'uploads', 'lost+found'), { recursive: true });
    await (await createSqliteStores(options())).close();
  });
});
