// Builds the packages that browsers load (SDK, playground, console) when their sources have changed; takes a few
// milliseconds when they have not. How each is built is in its package.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { oneAtATime } from './one-at-a-time.ts';
import { precompress } from './precompress.ts';

const root = dirname(import.meta.dirname);

interface BrowserPackage {
  /** The name in messages. */
  name: string;
  folder: string;
  /** A file without which the package is not there (yet, or taken out). */
  needs: string;
  /** The sources of the result, relative to the root of the repository. */
  sources: readonly string[];
  /** Packages that only developers and builders have installed. */
  tools: readonly string[];
  /** Arguments for node; the folder to write into comes last. */
  command: readonly string[];
  /** The same, for what is made beside the files that browsers load. */
  packageCommands?: readonly (readonly string[])[];
}

const sdkSources = [
  'package-lock.json',
  'platform/client/{*.ts,tsconfig*.json,README.md,LICENSE}',
  'scripts/npm-packages/*.ts',
  ...sourcesOf('client', 'protocol'),
];

const sdk: BrowserPackage = {
  name: 'the browser SDK',
  folder: 'platform/client',
  needs: 'bundle.ts',
  sources: [
    ...sdkSources,
    'platform/{plugin-kit,protocol}/{*.ts,*.json,README.md,LICENSE}',
    'platform/protocol/suite/**',
    ...sourcesOf('plugin-kit'),
  ],
  tools: ['rolldown', 'typescript', 'tar'],
  command: ['bundle.ts'],
  packageCommands: [['npm-package.ts'], ['../plugin-kit/npm-package.ts'], ['../protocol/npm-package.ts']],
};

const packages: readonly BrowserPackage[] = [
  sdk,
  {
    name: 'the playground',
    folder: 'platform/playground',
    needs: 'vite.config.ts',
    sources: [
      ...sdkSources,
      'platform/playground/{*.ts,*.js,*.html}',
      'platform/playground/public/**',
      ...sourcesOf('playground'),
    ],
    tools: ['vite', '@sveltejs/vite-plugin-svelte'],
    command: [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel=warn', '--emptyOutDir', '--outDir'],
  },
  {
    name: 'the console',
    folder: 'console',
    needs: 'vite.config.ts',
    sources: [
      ...sdkSources,
      ...sourcesOf('playground'),
      'console/{*.ts,*.json,project.inlang/*.json}',
      'console/{messages,src,static}/**',
    ],
    tools: ['vite', '@sveltejs/kit', '@inlang/paraglide-js'],
    command: ['build.ts'],
  },
];

/** The examples are built when they are started or tested in a browser, not by every `npm start`. */
const examples: readonly BrowserPackage[] = [
  {
    name: 'the clinic',
    folder: 'examples/clinic',
    needs: 'vite.config.ts',
    sources: [
      ...sdkSources,
      'examples/clinic/{package.json,vite.config.ts,index.html}',
      'examples/clinic/{public,src}/**',
    ],
    tools: ['vite', '@vitejs/plugin-react'],
    command: [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel=warn', '--emptyOutDir', '--outDir'],
  },
];

const installing = 'docs/operations.md, "Installing for production"';

interface BuildOptions {
  say?: (line: string) => void;
  /** The examples too. */
  withExamples?: boolean;
}

/**
 * Resolves when everything is as new as its sources; prints one line for each package that it builds. Throws
 * with the builder's output, and when something is not built and cannot be. What was built is used as it is
 * where the tools to build it anew are not installed.
 */
export async function ensureBrowserBuild({
  say = console.log,
  withExamples = false,
}: BuildOptions = {}): Promise<void> {
  const known = new Map<string, Buffer>();
  const wanted = (withExamples ? [...packages, ...examples] : packages)
    .filter(({ folder, needs }) => existsSync(join(root, folder, needs)))
    .map((each) => ({ each, digest: digestOf(each.sources, known) }))
    .filter(({ each, digest }) => digest !== builtFrom(each));
  const buildAll = async (those: typeof wanted): Promise<void> => {
    const ends = await Promise.allSettled(those.map(({ each, digest }) => buildOnce(each, { digest, say })));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  };
  // The others load what it is built to, and are built at once: a builder is mostly busy with one core.
  await buildAll(wanted.filter(({ each }) => each === sdk));
  await buildAll(wanted.filter(({ each }) => each !== sdk));
}

/** Unless somebody else has built it meanwhile. */
async function buildOnce(
  one: BrowserPackage,
  { digest, say }: { digest: string; say: (line: string) => void },
): Promise<void> {
  const { name, folder } = one;
  if (!hasTools(one)) {
    if (builtFrom(one) !== undefined) return;
    throw new Error(`${name} is not built, and what builds it is not installed (${installing})`);
  }
  // Tools keep what lies between in folders of their own, and two builds would mix theirs there.
  await oneAtATime(join(root, folder, 'dist.lock'), async () => {
    if (digest === builtFrom(one)) return;
    const startedAt = performance.now();
    await build(one, digest);
    say(`built ${name} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  });
}

function hasTools({ folder, tools }: BrowserPackage): boolean {
  return tools.every((tool) => [join(root, folder), root].some((at) => existsSync(join(at, 'node_modules', tool))));
}

function sourcesOf(...names: string[]): string[] {
  return names.flatMap((name) => [`platform/${name}/package.json`, `platform/${name}/src/**`]);
}

/** `known`: files that were read already, by path; the packages share most of their sources. */
function digestOf(patterns: readonly string[], known: Map<string, Buffer>): string {
  const hash = createHash('sha256');
  const paths = globSync(patterns, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/[.]test[.]tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.sort()) {
    const content = known.get(path) ?? createHash('sha256').update(readFileSync(path)).digest();
    known.set(path, content);
    hash.update(`${path.slice(root.length)}\0`).update(content);
  }
  return hash.digest('hex');
}

const stamp = '.built-from';

function builtFrom({ folder }: BrowserPackage): string | undefined {
  try {
    return readFileSync(join(root, folder, 'dist', stamp), 'utf8');
  } catch {
    return undefined;
  }
}

/** Builds into a folder of its own that then replaces the old one: readers see whole files. */
async function build(one: BrowserPackage, digest: string): Promise<void> {
  const { folder, command, packageCommands = [] } = one;
  const dist = join(root, folder, 'dist');
  const fresh = join(root, folder, `dist.${process.pid}.new`);
  const old = join(root, folder, `dist.${process.pid}.old`);
  try {
    await run([...command, fresh], join(root, folder));
    await precompress(fresh);
    await Promise.all(packageCommands.map((each) => run([...each, fresh], join(root, folder))));
    await writeFile(join(fresh, stamp), digest);
    await rename(dist, old).catch(unless('ENOENT'));
    await rename(fresh, dist).catch(unless('ENOTEMPTY', 'EEXIST'));
  } finally {
    for (const left of [fresh, old]) rmSync(left, { recursive: true, force: true });
  }
}

function unless(...codes: string[]): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof Error && 'code' in error && codes.includes(String(error.code)))) throw error;
  };
}

/** In a process of its own, so that a started server has no bundler in its memory. */
function run(args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // Tests have another NODE_ENV, and a build of theirs would be one for developers.
    const env = { ...process.env, NODE_ENV: 'production' };
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`the build of ${cwd} failed:\n${Buffer.concat(output).toString().trimEnd()}`));
    });
  });
}
