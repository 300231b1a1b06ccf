// The workbench of a scenario: sizes, servers and generators that are ended after it, and progress messages.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContenderName, RunningServer, StartOptions } from './contenders/contender.ts';
import { startContender } from './contenders/start.ts';
import { startGenerator, type Generator } from './load/generator.ts';
import type { Options } from './options.ts';

export interface Bench {
  readonly options: Options;
  /** The full size, or the small one of `--quick`. */
  size<T>(full: T, quick: T): T;
  say(text: string): void;
  /** A folder of its own, empty. */
  folder(): string;
  start(name: ContenderName, options?: Partial<StartOptions>): Promise<RunningServer>;
  generator(): Generator;
  /** Stopped with the bench, after all servers. */
  keep<T extends Stoppable>(part: T): T;
}

interface Stoppable {
  stop(): Promise<void>;
}

export interface OpenBench extends Bench {
  /**
   * Stops everything that was started and removes the folders. Rejects when a server had ended by itself.
   * Idempotent.
   */
  close(): Promise<void>;
}

export function createBench(options: Options, say: (text: string) => void): OpenBench {
  const servers: RunningServer[] = [];
  const generators: Generator[] = [];
  const kept: Stoppable[] = [];
  const folders: string[] = [];
  let closing: Promise<void> | undefined;

  function folder(): string {
    const path = mkdtempSync(join(tmpdir(), 'belfry-bench-'));
    folders.push(path);
    return path;
  }

  return {
    options,
    size: (full, quick) => (options.quick ? quick : full),
    say,
    folder,
    async start(name, { env = {}, folder: given, nodeFlags: own = [], engines, group } = {}) {
      if (closing !== undefined) throw new Error('the run was stopped');
      const path = given ?? folder();
      const nodeFlags = [
        ...own,
        ...(options.cpuProf ? ['--cpu-prof', `--cpu-prof-dir=${join(profileFolder, name)}`] : []),
        ...(options.alloc ? ['--trace-gc'] : []),
      ];
      const server = await startContender(name, {
        ...{ folder: path, nodeFlags, env },
        ...(engines === undefined ? {} : { engines }),
        ...(group === undefined ? {} : { group }),
      });
      servers.push(server);
      return server;
    },
    generator() {
      const generator = startGenerator();
      generators.push(generator);
      return generator;
    },
    keep(part) {
      kept.push(part);
      return part;
    },
    close: () => (closing ??= close()),
  };

  async function close(): Promise<void> {
    // The clients first: a server that drains waits for them.
    await Promise.all(generators.map((generator) => generator.stop()));
    const ended = await Promise.allSettled(servers.map((server) => server.stop()));
    await Promise.all(kept.map((part) => part.stop()));
    if (options.cpuProf) say(`CPU profiles are in ${profileFolder}`);
    for (const path of folders) rmSync(path, { recursive: true, force: true });
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
  }
}

/** Profiles are kept, as the run was made for them. */
const profileFolder = join(import.meta.dirname, '../../../bench-results/profiles');
