// Finds the folders that claim to be plugins. Reads no manifest and runs no code.
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface PluginFolder {
  /** With symbolic links resolved, as the module loader will name it. */
  dir: string;
  /** The folder's own name, by which a plugin without a readable manifest is shown. */
  name: string;
}

export interface Discovery {
  folders: readonly PluginFolder[];
  /** Roots that can't be read, with the reason. */
  problems: readonly { dir: string; reason: string }[];
}

/**
 * The folders directly in `roots`, root by root, by name. Names beginning with `_` (templates) or `.` are
 * left out, and so is `node_modules`, which appears wherever somebody installs what a plugin needs.
 */
export async function discoverFolders(roots: readonly string[]): Promise<Discovery> {
  const folders: PluginFolder[] = [];
  const problems: { dir: string; reason: string }[] = [];
  for (const root of roots) {
    try {
      const names = (await readdir(root)).filter((name) => !/^[_.]|^node_modules$/.test(name)).toSorted();
      for (const name of names) {
        const dir = await folderAt(join(root, name));
        if (dir !== undefined) folders.push({ dir, name });
      }
    } catch (error) {
      problems.push({ dir: root, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { folders, problems };
}

/** Undefined for a file, and for a link that leads nowhere. */
async function folderAt(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isDirectory() ? await realpath(path) : undefined;
  } catch {
    return undefined;
  }
}
