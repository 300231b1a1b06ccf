// Plays a page of the docs: saves its files, types its commands into one shell, in order, against a server of
// its own. What a page says is read by doc-page.ts.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { startWholeServer } from '../support/whole-server.ts';
import { looseCommands, readPage, type PageCommands } from './doc-page.ts';
import { isPrinted } from './shown-answer.ts';

const repository = join(import.meta.dirname, '../../../..');
const command = join(import.meta.dirname, '../../src/cli/main.ts');

export interface Played {
  /** The exit code of the shell: 0 when no command failed. */
  code: number | null;
  /** Status and URL of each request that was not answered as the page says. */
  wrong: readonly string[];
  /** The answers that the page shows and that none of its commands got. */
  unseen: readonly string[];
  requests: number;
  output: string;
}

export interface Page {
  /** Relative to the repository. */
  page: string;
  markdown: string;
}

/** Every page that a reader may be sent to. */
export function allPages(): Page[] {
  const found = globSync(['README.md', 'docs/**/*.md', '{examples,plugins}/*/README.md'], { cwd: repository });
  return found.sort().map((page) => ({ page, markdown: readFileSync(join(repository, page), 'utf8') }));
}

/** Pages with a program to save in the language. */
export function pagesWith(language: string): Page[] {
  return allPages().filter(({ markdown }) => readPage(markdown).some(({ languages }) => languages.includes(language)));
}

interface PlayOptions {
  /** Sections with files in other languages than these are left out. */
  languages: readonly string[];
}

/** The page's server is stopped, and its folder deleted, when the test ends. */
export async function playPage(markdown: string, { languages }: PlayOptions): Promise<Played> {
  const loose = looseCommands(markdown);
  if (loose.length > 0) throw new Error(`not in a block of sh: ${loose.join('; ')}`);
  const sections = readPage(markdown).filter(
    (section) => section.languages.length === 0 || section.languages.some((each) => languages.includes(each)),
  );
  const folder = createTemporaryFolder();
  onTestFinished(folder.remove);
  const files = sections.flatMap(({ steps }) => steps.flatMap((step) => ('file' in step ? [step.file] : [])));
  const save = (change: (text: string) => string): void => {
    for (const { name, text: content } of files) writeFileSync(join(folder.path, name), change(content));
  };
  save((content) => content);
  const provisioned = files.find(({ text: content }) => content.startsWith('tenants:'))?.name;
  const server = await startWholeServer({
    env: {
      DATA_DIR: join(folder.path, 'data'),
      // A blank one is not set: the page's server makes what a first start makes.
      PROVISION_FILE: provisioned === undefined ? '' : join(folder.path, provisioned),
    },
  });
  onTestFinished(() => server.stop());
  const blocks = sections.flatMap(({ steps }) => steps.flatMap((step) => ('commands' in step ? [step.commands] : [])));
  const addresses = { server: new URL(server.url).host, own: `127.0.0.1:${String(await freePort())}` };
  const readdress = (content: string): string =>
    content.replaceAll(/127\.0\.0\.1:800[01]/g, addresses.server).replaceAll('127.0.0.1:3000', addresses.own);
  save(readdress);
  return await typeInto(folder.path, {
    blocks: blocks
      .filter(({ notRun }) => notRun === undefined)
      .map((block) => ({ ...block, text: readdress(block.text), answers: block.answers.map(readdress) })),
    ownPort: addresses.own.split(':')[1] ?? '',
  });
}

interface Typing {
  blocks: readonly PageCommands[];
  /** For a program of the page that listens. */
  ownPort: string;
}

async function typeInto(folder: string, { blocks, ownPort }: Typing): Promise<Played> {
  const bin = standIns(folder);
  const statuses = join(folder, 'statuses');
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', scriptOf(blocks)], {
    cwd: folder,
    env: {
      ...process.env,
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      STATUSES: statuses,
      PORT: ownPort,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const killAll = (): void => {
    try {
      process.kill(-(shell.pid ?? 0), 'SIGKILL');
    } catch {
      // All of it has ended by itself.
    }
  };
  onTestFinished(killAll);
  const output = Promise.all([text(shell.stdout), text(shell.stderr)]);
  const exited: unknown[] = await once(shell, 'exit');
  killAll();
  const elsewhere = globSync(`${statuses}.open-*`).map((file) => readFileSync(file, 'utf8'));
  const printed = [...(await output), ...elsewhere].join('\n');
  const shown = blocks.flatMap(({ answers }) => answers);
  return {
    code: typeof exited[0] === 'number' ? exited[0] : null,
    ...compare(blocks, existsSync(statuses) ? readFileSync(statuses, 'utf8') : ''),
    unseen: shown.filter((answer) => !isPrinted(answer, printed)),
    output: printed,
  };
}

/**
 * Each block is announced in the list of statuses, so that a request is known by its block. What stays open has a
 * subshell, as its reader has another terminal. Where it shows an answer, the next block is typed when something came.
 */
function scriptOf(blocks: readonly PageCommands[]): string {
  return blocks
    .map(({ text: typed, staysOpen, afterSeconds, answers }, index) => {
      const announced = `sleep ${String(afterSeconds)}\necho block ${String(index)} >>"$STATUSES"\n`;
      if (!staysOpen) return announced + typed;
      const opened = `"$STATUSES.open-${String(index)}"`;
      const wait = answers.length === 0 ? '' : `until [ -s ${opened} ]; do sleep 0.1; done\n`;
      return `${announced}(\n${typed}\n) >${opened} &\n${wait}`;
    })
    .join('\n');
}

function compare(blocks: readonly PageCommands[], statuses: string): Pick<Played, 'wrong' | 'requests'> {
  const perBlock = statuses.split(/^block (?=\d+$)/m).slice(1);
  const answered = perBlock.map((each) => each.trim().split('\n'));
  const wrong = answered.flatMap(([index = '', ...lines]) => {
    const refused = lines.filter((line) => !/^2\d\d /.test(line));
    const promised = blocks[Number(index)]?.refusals ?? [];
    const isAsPromised = refused.map((line) => line.slice(0, 3)).join() === promised.join();
    return isAsPromised ? [] : [`answered ${refused.join(', ') || 'well'}; the page says ${promised.join() || '2xx'}`];
  });
  return { wrong, requests: answered.reduce((sum, lines) => sum + lines.length - 1, 0) };
}

/** Commands that a reader has, made for this folder: `curl` that keeps the status, `npx`, `npm`, `node`. */
function standIns(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(join(repository, 'docs'), join(folder, 'docs'));
  const programs = {
    // Waits for a program that has just been started, and ends each answer with a line's end.
    curl: `PATH="\${PATH#*:}" curl --retry 200 --retry-connrefused --retry-delay 1 --max-time 60 "$@" \\
  -w '\\n%{stderr}%{http_code} %{method} %{url_effective}\\n' 2>"$STATUSES.one"
code=$?; tail -n 1 "$STATUSES.one" >>"$STATUSES"; exit $code`,
    npx: `case "$1" in
  belfry) shift; exec "${process.execPath}" "${command}" "$@" ;;
  node) shift; exec "${process.execPath}" "$@" ;;
esac
echo "there is no npx $1 here" >&2; exit 1`,
    // The server of the page runs already.
    npm: `[ "$1" = start ] && exit 0; echo "there is no npm $1 here" >&2; exit 1`,
    node: `exec "${process.execPath}" "$@"`,
  };
  for (const [name, lines] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/usr/bin/env bash\n${lines}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}
