import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTemporaryFolder, type TemporaryFolder } from '../../test/support/temporary-folder.ts';
import { createMemoryStores, type MemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import { isRightSecret, loadInstallationSecret, readSecretFile } from './installation-secret.ts';

let folder: TemporaryFolder;
let dataDir: string;
let stores: MemoryStores;

beforeEach(() => {
  folder = createTemporaryFolder();
  dataDir = join(folder.path, 'data');
  stores = createMemoryStores();
});
afterEach(() => folder.remove());

function load(config: { secret?: string; cluster?: object } = {}) {
  return loadInstallationSecret({ config, dataDir, installation: stores.installation });
}

test('the embedded engine makes a secret once, for its own user only, and finds it again', async () => {
  const first = await load();
  expect(first).toMatchObject({ ok: true, generated: true, warnings: [] });
  const file = join(dataDir, 'secret');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8').trim()).toHaveLength(43);
  const second = await load();
  expect(second).toMatchObject({ ok: true, generated: false });
  if (!first.ok || !second.ok) throw new Error('refused');
  expect(second.vault.open(first.vault.seal('x', 'c'), 'c')).toBe('x');
});

test('of two starts at the same moment both end with the same secret', async () => {
  const [first, second] = await Promise.all([load(), load()]);
  expect(first.ok && second.ok && first.secret === second.secret).toBe(true);
});

test('BELFRY_SECRET wins, and no file is made', async () => {
  expect(await load({ secret: 'given-given-given' })).toMatchObject({ ok: true, secret: 'given-given-given' });
  expect(await readSecretFile(dataDir)).toBeUndefined();
});

test('a wrong secret is noticed, whether it was given or lies in the file', async () => {
  await load();
  const given = await load({ secret: 'another-secret-altogether' });
  expect(given).toMatchObject({ ok: false, problem: { variable: 'BELFRY_SECRET' } });
  writeFileSync(join(dataDir, 'secret'), 'changed by hand\n');
  expect(await load()).toMatchObject({ ok: false, problem: { reason: expect.stringContaining(dataDir) } });
});

test('a lost secret is not replaced by a new one', async () => {
  await load();
  rmSync(join(dataDir, 'secret'));
  expect(await load()).toMatchObject({ ok: false, problem: { reason: expect.stringContaining('is not there') } });
  expect(await readSecretFile(dataDir)).toBeUndefined();
});

test('a cluster needs a secret that was given', async () => {
  expect(await load({ cluster: {} })).toMatchObject({
    ok: false,
    problem: { variable: 'BELFRY_SECRET' },
  });
});

test('a file that others may read is warned of', async () => {
  await load();
  chmodSync(join(dataDir, 'secret'), 0o644);
  expect(await load()).toMatchObject({ ok: true, warnings: [{ variable: 'DATA_DIR' }] });
});

test('a secret can be checked without changing anything', async () => {
  expect(await isRightSecret('x', stores.installation)).toBeUndefined();
  const loaded = await load();
  if (!loaded.ok) throw new Error('refused');
  expect(await isRightSecret(loaded.secret, stores.installation)).toBe(true);
  expect(await isRightSecret('x', stores.installation)).toBe(false);
});
