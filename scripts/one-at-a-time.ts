// Lets one process at a time do something: whoever comes meanwhile waits. The process that has it is named in a file.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const lookEveryMs = 50;

/** `file` is there while `run` runs. One that was left by a process that is gone counts for nothing. */
export async function oneAtATime<T>(file: string, run: () => Promise<T>): Promise<T> {
  while (!(await isTaken(file))) await pause(lookEveryMs);
  try {
    return await run();
  } finally {
    await rm(file, { force: true });
  }
}

async function isTaken(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const holder = await readFile(file, 'utf8').catch(() => '');
  // Empty: it was made this moment.
  if (holder !== '' && !isRunning(Number(holder))) await rm(file, { force: true });
  return false;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
