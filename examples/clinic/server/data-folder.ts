// Where a clinic keeps its data: a folder for each port, so that several can run at once.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const usualPort = 5180;

/** Makes it. That of port 0, which is any free one, is new each time and goes when the process ends. */
export function openDataFolder(port: number, parent = join(import.meta.dirname, '../data')): string {
  if (port === 0) {
    const folder = mkdtempSync(join(tmpdir(), 'belfry-clinic-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }
  const folder = port === usualPort ? parent : join(parent, `port-${port}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}
