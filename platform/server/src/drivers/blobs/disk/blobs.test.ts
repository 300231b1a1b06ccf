// The disk driver keeps the contract of blobs, and what only a folder can be asked.

import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blobsContract } from '../../../../test/contracts/blobs.contract.ts';
import { newApp } from '../../../../test/support/samples.ts';
import { createTemporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { asAppId } from '../../../ports/app-id.ts';
import { createDiskBlobs } from './create-disk-blobs.ts';

const filesIn = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(dir, name)).isFile());

blobsContract('disk', async () => {
  const folder = createTemporaryFolder();
  const blobs = await createDiskBlobs({ dir: join(folder.path, 'uploads') });
  return {
    blobs,
    count: async () => filesIn(folder.path).length,
    async dispose() {
      await blobs.close();
      folder.remove();
    },
  };
});

async function* text(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content);
}

test('a file that a killed process left half-way is deleted at the next start, and nothing else', async () => {
  const folder = createTemporaryFolder();
  const [app, id] = [newApp(), randomUUID()];
  const first = await createDiskBlobs({ dir: folder.path });
  await first.put(app, id, text('whole'));
  mkdirSync(join(folder.path, '.arriving'), { recursive: true });
  writeFileSync(join(folder.path, '.arriving', `${randomUUID()}.x`), 'half');
  await createDiskBlobs({ dir: folder.path });
  expect(filesIn(folder.path)).toEqual([join(app, id.slice(-2), id)]);
  folder.remove();
});

test('a file that arrives at another process is left alone at the start of one beside it', async () => {
  const folder = createTemporaryFolder();
  const [app, id] = [newApp(), randomUUID()];
  const first = await createDiskBlobs({ dir: folder.path, othersMs: 60_000 });
  const arriving = join(folder.path, '.arriving');
  const left = join(arriving, `${randomUUID()}.x`);
  await first.put(
    app,
    id,
    (async function* () {
      yield* text('be');
      writeFileSync(left, 'half');
      utimesSync(left, new Date(Date.now() - 120_000), new Date(Date.now() - 120_000));
      await createDiskBlobs({ dir: folder.path, othersMs: 60_000 });
      yield* text('gun');
    })(),
  );
  expect(filesIn(folder.path)).toEqual([join(app, id.slice(-2), id)]);
  folder.remove();
});

test('files are for this user of the machine alone', async () => {
  const folder = createTemporaryFolder();
  const [app, id] = [newApp(), randomUUID()];
  const blobs = await createDiskBlobs({ dir: join(folder.path, 'uploads') });
  await blobs.put(app, id, text('x'));
  expect(statSync(join(folder.path, 'uploads', app, id.slice(-2), id)).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder.path, 'uploads', app)).mode & 0o777).toBe(0o700);
  folder.remove();
});

test.each(['../../../etc/passwd', '', 'a'.repeat(37), `${randomUUID()}/x`])('makes no path of %j', async (id) => {
  const folder = createTemporaryFolder();
  const blobs = await createDiskBlobs({ dir: folder.path });
  await expect(blobs.put(newApp(), id, text('x'))).rejects.toThrow('not a blob of an app');
  await expect(blobs.open(asAppId('..'), randomUUID())).rejects.toThrow('not a blob of an app');
  expect(filesIn(folder.path)).toEqual([]);
  folder.remove();
});

test('a disk that fails is unavailable', async () => {
  const folder = createTemporaryFolder();
  const blobs = await createDiskBlobs({ dir: join(folder.path, 'uploads') });
  folder.remove();
  await expect(blobs.put(newApp(), randomUUID(), text('x'))).rejects.toMatchObject({ code: 'unavailable' });
});
