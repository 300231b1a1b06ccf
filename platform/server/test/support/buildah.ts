// Builds and runs images where no Docker engine is: Debian's buildah, over a base that debootstrap makes. Needs root.
// What must hold of an image is a test's.

import { execFileSync, spawn, type SpawnSyncReturns } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { repository } from './compose-file.ts';
import type { LogLine } from './whole-server.ts';

/** What an image says of itself. */
export interface ImageConfig {
  User: string;
  Env: string[];
  Entrypoint: string[];
  Cmd: string[];
  Labels: Record<string, string>;
  Volumes: Record<string, unknown>;
  ExposedPorts: Record<string, unknown>;
  Healthcheck: { Test: string[] };
  StopSignal: string;
}

export interface RunOptions {
  env: Record<string, string>;
  /** Folder or file of this machine, by its path inside. */
  volumes: Record<string, string>;
}

/** What of Debian's packages is left once they are installed. */
const leftovers = ['var/cache/apt/*', 'var/lib/apt/lists/*', 'var/log/*.log', 'usr/share/doc/*', 'usr/share/man/*'];

/** A place of its own for images, below a folder that is deleted afterwards. */
export class Buildah {
  readonly #storage: readonly string[];

  constructor(folder: string) {
    const driver = ['--storage-driver', 'vfs', '--root', join(folder, 'storage'), '--runroot', join(folder, 'run')];
    this.#storage = driver;
  }

  /** Debian 12 with Node and npm, as `node:24-bookworm-slim` has them. Resolves with its name. */
  makeBase(): string {
    const container = this.#do('from', 'scratch');
    const root = this.#do('mount', container);
    execFileSync('debootstrap', ['--variant=minbase', 'bookworm', root, debianMirror()], quiet);
    for (const path of leftovers.flatMap((pattern) => globSync(pattern, { cwd: root }))) {
      execFileSync('rm', ['-rf', join(root, path)]);
    }
    copyFileSync(
      join(repository, `node_modules/node-linux-${process.arch}/bin/node`),
      join(root, 'usr/local/bin/node'),
    );
    execFileSync('npm', ['install', '--global', '--prefix', join(root, 'usr/local'), 'npm@11'], quiet);
    // Where this machine reaches registries through a proxy with a certificate of its own.
    const certificates = process.env['NODE_EXTRA_CA_CERTS'];
    if (certificates !== undefined && certificates !== '') {
      mkdirSync(join(root, 'etc/ssl/certs'), { recursive: true });
      copyFileSync(certificates, join(root, 'etc/ssl/certs/machine.pem'));
      this.#do('config', '--env', 'NODE_EXTRA_CA_CERTS=/etc/ssl/certs/machine.pem', container);
    }
    this.#do('umount', container);
    this.#do('commit', '--rm', container, 'base');
    return 'localhost/base';
  }

  /** `context` is the folder that the Dockerfile copies from; `epochSeconds` the time of its files. */
  build(context: string, { base, epochSeconds }: { base: string; epochSeconds: number }): string {
    const given = [`NODE_IMAGE=${base}`, 'REVISION=tested', `SOURCE_DATE_EPOCH=${epochSeconds}`];
    const args = given.flatMap((each) => ['--build-arg', each]);
    this.#do(
      'build',
      '--isolation=chroot',
      '--format=docker',
      '--pull=never',
      ...args,
      '-f',
      join(context, 'deploy/Dockerfile'),
      '-t',
      'belfry',
      context,
    );
    return 'localhost/belfry';
  }

  config(image: string): ImageConfig {
    const text = this.#do('inspect', '--type', 'image', image);
    const { Docker } = JSON.parse(text) as { Docker: { config: ImageConfig } };
    return Docker.config;
  }

  container(image: string): string {
    return this.#do('from', '--pull=never', image);
  }

  /** Its files, as this machine sees them. */
  mount(container: string): string {
    return this.#do('mount', container);
  }

  /** Runs a command inside to its end; its user and environment are those of the image. */
  run(container: string, { env, volumes }: RunOptions, command: readonly string[]): string {
    return execFileSync('buildah', this.#runArgs(container, { env, volumes }, command), {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  }

  /** Starts one that goes on; `line` resolves with the first line of its log that has this message. */
  start(container: string, options: RunOptions, command: readonly string[]) {
    const child = spawn('buildah', this.#runArgs(container, options, command), {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: LogLine[] = [];
    const output = createInterface(child.stdout);
    output.on('line', (written) => void lines.push(JSON.parse(written) as LogLine));
    const exited = once(child, 'close').then(([code]) => code as number | null);
    const line = async (msg: string): Promise<LogLine> => {
      for (;;) {
        const found = lines.find((each) => each.msg === msg);
        if (found !== undefined) return found;
        const ended = await Promise.race([once(output, 'line').then(() => false), exited.then(() => true)]);
        if (ended) throw new Error(`ended before it said ${msg}`);
      }
    };
    return {
      lines,
      line,
      exited,
      /** To the first process inside, as Docker and Kubernetes do. */
      kill: (signal: NodeJS.Signals) => process.kill(commandBelow(child.pid ?? 0), signal),
      /** For a test that failed: nothing of it stays. */
      async abandon(): Promise<void> {
        if (child.exitCode !== null) return;
        process.kill(commandBelow(child.pid ?? 0), 'SIGKILL');
        await exited;
      },
    };
  }

  #runArgs(container: string, { env, volumes }: RunOptions, command: readonly string[]): string[] {
    return [
      ...this.#storage,
      ...['run', '--isolation=chroot'],
      ...Object.entries(volumes).flatMap(([inside, here]) => ['--volume', `${here}:${inside}`]),
      ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...[container, '--', ...command],
    ];
  }

  #do(command: string, ...args: readonly string[]): string {
    try {
      return execFileSync('buildah', [...this.#storage, command, ...args], { encoding: 'utf8', ...quiet }).trim();
    } catch (error) {
      const { stdout, stderr } = error as SpawnSyncReturns<string>;
      throw new Error(`buildah ${command}: ${stdout.slice(-4000)}\n${stderr.slice(-4000)}`, {
        cause: error,
      });
    }
  }
}

const quiet = { stdio: 'pipe', maxBuffer: 256 * 1024 * 1024 } as const;

/** The one that apt uses. */
function debianMirror(): string {
  const format = '$(REPO_URI) $(CODENAME)';
  const text = execFileSync('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'], {
    encoding: 'utf8',
  });
  return /^(\S+) bookworm$/m.exec(text)?.[1] ?? 'http://deb.debian.org/debian/';
}

/** The first descendant that is not buildah, which starts itself again, twice, before it starts the command. */
function commandBelow(pid: number): number {
  if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('buildah')) return pid;
  // Any thread may have started it.
  const children = globSync(`/proc/${pid}/task/*/children`).flatMap((path) => readFileSync(path, 'utf8').split(' '));
  const [child] = children.filter((each) => each !== '');
  if (child === undefined) throw new Error('nothing runs inside');
  return commandBelow(Number(child));
}
