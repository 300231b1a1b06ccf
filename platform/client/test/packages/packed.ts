// Fresh apps outside of the repository that have installed the SDK's tarball: a folder, its files, and programs
// run in it. What is tried in them stands in the tests.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright';
import { ensureBrowserBuild } from '../../../../scripts/browser-build.ts';

export const root = join(import.meta.dirname, '../../../..');
const tarball = join(root, 'platform/client/dist/belfry-client.tgz');
export const kitTarball = join(root, 'platform/client/dist/belfry-plugin-kit.tgz');
export const protocolTarball = join(root, 'platform/client/dist/belfry-protocol.tgz');
/** Installing and building on two busy cores. */
export const slowMs = 240_000;

export interface App {
  readonly folder: string;
  write(files: Readonly<Record<string, string>>): void;
  /** Resolves with what it printed; rejects with the same where it fails. */
  run(command: string, ...args: readonly string[]): Promise<string>;
  remove(): void;
}

/** An app with the SDK and these packages from the registry. */
export async function createApp(packages: Readonly<Record<string, string>> = {}): Promise<App> {
  await ensureBrowserBuild({ say: () => undefined });
  const folder = mkdtempSync(join(tmpdir(), 'belfry-app-'));
  const app: App = {
    folder,
    write(files) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    },
    run: (command, ...args) => run({ command, args, cwd: folder }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  try {
    // By a name of its own: npm keeps tarballs of one name and version.
    cpSync(tarball, join(folder, 'belfry-client.tgz'));
    const dependencies = { '@belfry/client': 'file:belfry-client.tgz', ...packages };
    app.write({ 'package.json': JSON.stringify({ name: 'app', private: true, type: 'module', dependencies }) });
    await app.run('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error');
  } catch (error) {
    app.remove();
    throw error;
  }
  return app;
}

/** How many sockets to the server the page has open, from now on. */
export function followSockets(page: Page, serverUrl: string): { open: () => number; made: () => number } {
  const address = serverUrl.replace(/^http/, 'ws');
  let [open, made] = [0, 0];
  page.on('websocket', (socket) => {
    if (!socket.url().startsWith(address)) return;
    open += 1;
    made += 1;
    socket.once('close', () => (open -= 1));
  });
  return { open: () => open, made: () => made };
}

function run({ command, args, cwd }: { command: string; args: readonly string[]; cwd: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, CI: 'true', NODE_ENV: undefined, VITEST: undefined, NODE_OPTIONS: undefined };
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      const text = Buffer.concat(output).toString();
      if (code === 0) resolve(text);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${text}`));
    });
  });
}
