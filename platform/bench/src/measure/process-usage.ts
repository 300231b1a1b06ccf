// The usage of a process as Linux reports it: CPU of all its threads and children, resident memory, open
// files.
import { readdirSync, readFileSync } from 'node:fs';

/** `_SC_CLK_TCK`: 100 on every architecture that Node runs on. So the smallest step is 10 ms. */
const ticksPerSecond = 100;

/** Fields of /proc/<pid>/stat, counted behind the name. */
const field = { userTicks: 11, systemTicks: 12 } as const;

/**
 * User and system time since the start, µs. Ended children that it did not start as threads are not in it.
 */
export function cpuMicrosOf(pid: number): number {
  return microsIn(readFileSync(`/proc/${pid}/stat`, 'utf8')) + microsOfChildren(pid);
}

export function residentBytesOf(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(line) * 1024;
}

/** The most that it ever had. */
export function mostResidentBytesOf(pid: number): number {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(line) * 1024;
}

export function openFilesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** How many files a process started from here may open. */
export function openFilesLimit(): number {
  const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
}

function microsIn(stat: string): number {
  // The name stands in brackets and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[field.userTicks]) + Number(fields[field.systemTicks]);
  return (ticks * 1_000_000) / ticksPerSecond;
}

function microsOfChildren(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => {
    const stat = whileThere(() => readFileSync(`/proc/${child}/stat`, 'utf8'));
    return stat === undefined ? sum : sum + microsIn(stat) + microsOfChildren(child);
  }, 0);
}

function childrenOf(pid: number): number[] {
  const threads = whileThere(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  return threads
    .flatMap(
      (thread) => whileThere(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ')) ?? [],
    )
    .filter((child) => child !== '')
    .map(Number);
}

/** Undefined where the process or the thread has ended since it was listed. */
function whileThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return;
    throw error;
  }
}
