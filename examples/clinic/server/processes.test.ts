// Clinics can run at once, and nothing of one is left when whatever started it ends by force.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openDataFolder, usualPort } from './data-folder.ts';

// A server of its own starts; on a busy machine that takes seconds.
vi.setConfig({ testTimeout: 60_000 });

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function run(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('its output is a pipe');
  const [line] = await once(createInterface(stdout), 'line');
  return String(line);
}

test('Belfry ends when the clinic that started it is killed', async () => {
  const dataFolder = temporaryFolder();
  const provisionFile = join(import.meta.dirname, '../provision.yaml');
  const clinic = run(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { startBelfry } from ${JSON.stringify(join(import.meta.dirname, 'belfry-process.ts'))};
     const options = ${JSON.stringify({ port: 0, dataFolder, provisionFile })};
     const { url } = await startBelfry({ ...options, onLine: ({ msg, node }) => msg === 'listening' && console.log(node) });`,
  ]);
  // The host, the process, and what makes the name new.
  const pid = Number(/(\d+)-[0-9a-f]+$/.exec(await firstLine(clinic))?.[1]);
  expect(isRunning(pid)).toBe(true);
  clinic.kill('SIGKILL');
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 30_000, interval: 50 });
});

test('a process hears that the shell that started it was killed', async () => {
  const script = `import { onParentGone } from ${JSON.stringify(join(import.meta.dirname, 'parent-gone.ts'))};
    onParentGone(() => { console.log('gone'); process.exit(); });
    setInterval(() => undefined, 1000);
    console.log('watching');`;
  // `wait` keeps the shell from becoming the process itself.
  const shell = run('sh', ['-c', '"$0" --input-type=module --eval "$1" & wait', process.execPath, script]);
  if (shell.stdout === null) throw new Error('its output is a pipe');
  shell.stdout.once('data', () => shell.kill('SIGKILL'));
  // Ends with the last process that holds the pipe.
  expect(await text(shell.stdout)).toBe('watching\ngone\n');
});

test('clinics on different ports have different data, and that of any free port is new', () => {
  const parent = temporaryFolder();
  expect(openDataFolder(usualPort, parent)).toBe(parent);
  expect(openDataFolder(6000, parent)).toBe(join(parent, 'port-6000'));
  const [one, other] = [openDataFolder(0), openDataFolder(0)];
  onTestFinished(() => [one, other].forEach((folder) => rmSync(folder, { recursive: true })));
  expect(one).not.toBe(other);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
