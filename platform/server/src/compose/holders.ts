// Says which process has a port or a data file that this one cannot have, and what to do. Looks only; ends
// nothing.
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';

interface Holder {
  pid: number;
  /** Its command line, cut. */
  command: string;
}

const maxCommandLength = 100;

/** What is wrong with a port that is taken, and what to do, in one sentence for people. */
export async function describeTakenPort(port: number, variable = 'PORT'): Promise<string> {
  const holder = await findPortHolder(port);
  const another = `or take another port: ${variable}=${port + 1} npm start`;
  if (holder === undefined)
    return `another program has port ${port}: find it with \`${listCommand(port)}\`, ${another}`;
  const { pid, command } = holder;
  return `process ${pid} has port ${port} (${command}): stop it with \`kill ${pid}\`, ${another}`;
}

/** Which process has a data file, and how to end it. */
export async function describeTakenFile(lockFile: string): Promise<string> {
  const holder = await findFileHolder(lockFile);
  if (holder === undefined) return 'stop that process';
  return `it is process ${holder.pid} (${holder.command}): stop it with \`kill ${holder.pid}\``;
}

/** The process that listens on it. Undefined where it cannot be told: not on Linux, or it is another user's. */
export async function findPortHolder(port: number): Promise<Holder | undefined> {
  if (process.platform !== 'linux') return undefined;
  return await findHolder(await listeningSockets(port));
}

/** The same of a file: another process that has it open. */
async function findFileHolder(file: string): Promise<Holder | undefined> {
  if (process.platform !== 'linux') return undefined;
  const paths = await realpath(file).then(
    (path) => [path],
    () => [],
  );
  return await findHolder(paths, { otherThan: process.pid });
}

/** `targets`: what links below /proc/<pid>/fd show. */
async function findHolder(
  targets: readonly string[],
  { otherThan }: { otherThan?: number } = {},
): Promise<Holder | undefined> {
  if (targets.length === 0) return undefined;
  const names = await readdir('/proc').catch(() => []);
  for (const name of names.filter((each) => /^\d+$/.test(each) && Number(each) !== otherThan)) {
    if (await holdsOneOf(new Set(targets), name)) return { pid: Number(name), command: await commandOf(name) };
  }
  return undefined;
}

/** As links below /proc name them. */
async function listeningSockets(port: number): Promise<string[]> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return tables.flatMap((table) =>
    table.split('\n').flatMap((line) => {
      // proc(5): the number of the row, the local address, the remote one, the state, ..., the inode.
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const isListening = state === '0A' && local.endsWith(`:${wanted}`);
      return isListening ? [`socket:[${inode}]`] : [];
    }),
  );
}

async function holdsOneOf(wanted: ReadonlySet<string>, pid: string): Promise<boolean> {
  // Another user's folder cannot be read, and a process may end in between.
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const open = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
  return open.some((target) => wanted.has(target));
}

async function commandOf(pid: string): Promise<string> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  // Of a foreign process: nothing in it may move the cursor of whoever reads this.
  const text = line.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return text.length > maxCommandLength ? `${text.slice(0, maxCommandLength)}...` : text;
}

function listCommand(port: number): string {
  if (process.platform === 'win32') return `netstat -ano | findstr :${port}`;
  return process.platform === 'linux' ? `ss -ltnp 'sport = :${port}'` : `lsof -nP -iTCP:${port} -sTCP:LISTEN`;
}
