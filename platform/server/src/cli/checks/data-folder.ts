// Whether DATA_DIR can be written and has room.
import { mkdtemp, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Check } from './check.ts';

const mib = 1024 * 1024;
/** Below this the data file's next growth may fail. */
const tooLittleBytes = 100 * mib;
const littleBytes = 1024 * mib;

export async function checkDataFolder(dataDir: string): Promise<Check[]> {
  const name = 'data folder';
  const folder = await nearestFolder(dataDir);
  try {
    await rmdir(await mkdtemp(join(folder, '.belfry-doctor-')));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const advice = 'let the user that runs the server write there, or set DATA_DIR';
    return [{ name, state: 'problem', detail: `${folder} can't be written: ${reason}`, advice }];
  }
  const detail = folder === dataDir ? `${dataDir} can be written` : `${dataDir} is not there yet and can be made`;
  return [{ name, state: 'ok', detail }, await room(folder)];
}

/** The folder itself, or where it would be made. */
async function nearestFolder(path: string): Promise<string> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  return isThere || dirname(path) === path ? path : nearestFolder(dirname(path));
}

async function room(folder: string): Promise<Check> {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  const detail = `${Math.floor(freeBytes / mib)} MiB free`;
  const name = 'disk space';
  if (freeBytes < tooLittleBytes) return { name, state: 'problem', detail, advice: 'make room, or set DATA_DIR' };
  if (freeBytes < littleBytes) return { name, state: 'warning', detail, advice: 'make room soon' };
  return { name, state: 'ok', detail };
}
