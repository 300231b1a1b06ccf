// `npm run dev`: the server, started anew when a file of it changes, and beside it the console with hot reload,
// which hands the calls of the server on to it. What is built for `npm start` is built here too.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const vite = join(root, 'node_modules/vite/bin/vite.js');
const port = process.env['PORT'] ?? '8000';

const server = run(
  [
    '--max-semi-space-size=32',
    '--watch',
    '--watch-preserve-output',
    'scripts/start.ts',
    'start',
    ...process.argv.slice(2),
  ],
  root,
);
const children = [server];
if (existsSync(vite) && process.env['CONSOLE'] !== 'off') {
  console.log('the console with hot reload: http://localhost:5173/console/');
  const address = process.env['BELFRY_SERVER'] ?? `http://127.0.0.1:${port}`;
  children.push(run([vite, '--logLevel=warn', '--port=5173'], join(root, 'console'), { BELFRY_SERVER: address }));
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
  });
}
await once(server, 'close');
for (const child of children) child.kill();
process.exitCode = server.exitCode ?? 1;

function run(args: readonly string[], cwd: string, variables: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, args, { cwd, stdio: 'inherit', env: { ...process.env, ...variables } });
}
