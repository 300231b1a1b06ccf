// Says which process has a port that this one cannot have, and what to do. Looks only; ends nothing.
import { readdir, readFile, readlink } from 'node:fs/promises';

export interface PortHolder {
  pid: number;
  /** Its command line, cut. */
  command: string;
}

const maxCommandLength = 100;

/** What is wrong with a port that is taken, and what to do, in one sentence for people. */
export async function describeTakenPort(port: number): Promise<string> {
  const holder = await findPortHolder(port);
  const another = `or take another port: PORT=${port + 1} npm start`;
  if (holder === undefined)
    return `another program has port ${port}: find it with \`${listCommand(port)}\`, ${another}`;
  const { pid, command } = holder;
  return `process ${pid} has port ${port} (${command}): stop it with \`kill ${pid}\`, ${another}`;
}

/** Undefined where it cannot be told: not on Linux, or the process is another user's. */
export async function findPortHolder(port: number): Promise<PortHolder | undefined> {
  if (process.platform !== 'linux') return undefined;
  const sockets = new Set(await listeningSockets(port));
  if (sockets.size === 0) return undefined;
  const names = await readdir('/proc').catch(() => []);
  for (const pid of names.filter((name) => /^\d+$/.test(name))) {
    if (await holdsOneOf(sockets, pid)) return { pid: Number(pid), command: await commandOf(pid) };
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

async function holdsOneOf(sockets: ReadonlySet<string>, pid: string): Promise<boolean> {
  // Another user's folder cannot be read, and a process may end in between.
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
  return targets.some((target) => sockets.has(target));
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
