// Uploads as files in a folder of this machine. What they are, and who may have them, is the uploads
// capability's.

import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { BelfryError } from '@belfry/protocol';
import type { AppId } from '../../../ports/app-id.ts';
import type { BlobDriver } from '../../../ports/blobs.ts';

/** Not the name of an app: those have no dot. */
const arrivingFolder = '.arriving';

interface DiskOptions {
  dir: string;
  othersMs?: number;
}

/**
 * `dir/<app>/<two digits>/<id>`; the digits keep folders small. What arrives is written beside them and
 * renamed when it is whole and on disk. Arriving files that a killed process left are deleted here. Other
 * processes may use the folder at the same time where `othersMs` says how long a file of theirs may be left
 * unwritten; 0, which is the default: there are none.
 */
export async function createDiskBlobs({ dir, othersMs = 0 }: DiskOptions): Promise<BlobDriver> {
  const arriving = join(dir, arrivingFolder);
  const known = new Set<string>();
  await orUnavailable(async () => {
    await mkdir(arriving, { recursive: true, mode: 0o700 });
    await removeLeft(arriving, othersMs);
  });

  return {
    async put(app, id, content) {
      const { folder, file } = placeOf(app, id);
      const part = join(arriving, `${id}.${randomUUID()}`);
      try {
        const bytes = await writeFile(part, content);
        await orUnavailable(async () => {
          await makeFolder(app, folder);
          await rename(part, file);
          await flush(folder);
        });
        return { bytes };
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
    },

    async open(app, id, range) {
      const { file } = placeOf(app, id);
      const handle = await orUnavailable(() => ifThere(open(file, 'r')));
      if (handle === undefined) return undefined;
      return handle.createReadStream(range === undefined ? {} : { start: range.from, end: range.to });
    },

    async remove(app, id) {
      const { file } = placeOf(app, id);
      return await orUnavailable(async () => (await ifThere(rm(file).then(() => true))) ?? false);
    },

    async close() {
      // Nothing is kept open between calls.
    },
  };

  function placeOf(app: AppId, id: string): { folder: string; file: string } {
    // Both are checked long before they come here; a path is made of nothing that is not.
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(app) || !/^[0-9a-f-]{36}$/.test(id)) throw new TypeError('not a blob of an app');
    const folder = join(dir, app, id.slice(-2));
    return { folder, file: join(folder, id) };
  }

  /** A new folder is an entry of the one above it, which has to be flushed as well. */
  async function makeFolder(app: AppId, folder: string): Promise<void> {
    if (known.has(folder)) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await flush(join(dir, app));
    await flush(dir);
    known.add(folder);
  }
}

async function removeLeft(arriving: string, othersMs: number): Promise<void> {
  for (const name of await readdir(arriving)) {
    const part = join(arriving, name);
    const found = othersMs === 0 ? undefined : await ifThere(stat(part));
    if (found !== undefined && Date.now() - found.mtimeMs < othersMs) continue;
    await rm(part, { recursive: true, force: true });
  }
}

/** An error of the content passes as it is; one of the disk is `unavailable`. */
async function writeFile(file: string, content: AsyncIterable<Uint8Array>): Promise<number> {
  const handle = await orUnavailable(() => open(file, 'wx', 0o600));
  let bytes = 0;
  try {
    for await (const chunk of content) {
      // Goes on where the last one ended.
      await orUnavailable(() => handle.writeFile(chunk));
      bytes += chunk.byteLength;
    }
    await orUnavailable(() => handle.sync());
    return bytes;
  } finally {
    await handle.close();
  }
}

async function flush(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } finally {
    await handle?.close();
  }
}

async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function orUnavailable<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw new BelfryError('unavailable', { message: 'The folder of uploads cannot be used.', cause });
  }
}
