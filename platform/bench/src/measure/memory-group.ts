// A group of processes with a bound of memory, as a container has one: a control group of Linux, version 2 or 1. V8
// sizes its heaps by it, so a process has to be in it before it starts.
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface GroupFiles {
  folder: string;
  limit: string;
  members: string;
}

let made = 0;

export interface MemoryGroup {
  /** The command that runs this one inside. */
  wrap(program: string, args: readonly string[]): readonly [program: string, args: readonly string[]];
  /** Once nothing runs in it. */
  remove(): void;
}

/** Undefined where this machine, or this user, may make none. */
export function createMemoryGroup(bytes: number): MemoryGroup | undefined {
  made += 1;
  const { folder, limit, members } = filesOf(`belfry-bench-${process.pid}-${made}`);
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, limit), String(bytes));
  } catch {
    if (existsSync(folder)) rmdirSync(folder);
    return undefined;
  }
  const script = `echo $$ > ${join(folder, members)} && exec "$@"`;
  return {
    wrap: (program, args) => ['/bin/sh', ['-c', script, 'sh', program, ...args]],
    remove: () => rmdirSync(folder),
  };
}

function filesOf(name: string): GroupFiles {
  const isOne = existsSync('/sys/fs/cgroup/memory');
  return isOne
    ? { folder: `/sys/fs/cgroup/memory/${name}`, limit: 'memory.limit_in_bytes', members: 'cgroup.procs' }
    : { folder: `/sys/fs/cgroup/${name}`, limit: 'memory.max', members: 'cgroup.procs' };
}
