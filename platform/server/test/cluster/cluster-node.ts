// One node of a cluster as a process of its own, with a way of its own to Redis, to the store and from its clients.
// What is done to it when is faults.ts.

import { startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { TcpWay } from '../support/tcp-way.ts';
import type { LogLine } from '../support/whole-server.ts';

export interface ClusterNodeOptions {
  name: string;
  role: 'gateway' | 'worker';
  folder: string;
  /** Ports. */
  redis: number;
  mongo: number;
  env: Record<string, string>;
  onLine: (name: string, line: LogLine) => void;
}

export interface StartOptions {
  /** Another tree's; this one's when left out. */
  program?: string;
  env?: Record<string, string>;
}

/** A drain that is not over by then has hung. */
const drainPatienceMs = 40_000;

export class ClusterNode {
  readonly name: string;
  readonly role: 'gateway' | 'worker';
  readonly toRedis: TcpWay;
  readonly toStore: TcpWay;
  /** From the balancer's side; its port stays when the node is started anew. */
  readonly front: TcpWay;
  readonly #options: ClusterNodeOptions;
  /** Of the process that runs or ran last; undefined: this tree's. */
  program: string | undefined;
  #process: ServerProcess | undefined;

  private constructor(options: ClusterNodeOptions, ways: { toRedis: TcpWay; toStore: TcpWay; front: TcpWay }) {
    this.name = options.name;
    this.role = options.role;
    this.#options = options;
    this.toRedis = ways.toRedis;
    this.toStore = ways.toStore;
    this.front = ways.front;
  }

  static async create(options: ClusterNodeOptions): Promise<ClusterNode> {
    const [toRedis, toStore, front] = await Promise.all([
      TcpWay.open(options.redis),
      TcpWay.open(options.mongo),
      TcpWay.open(0),
    ]);
    return new ClusterNode(options, { toRedis, toStore, front });
  }

  get url(): string {
    return `http://127.0.0.1:${this.front.port}`;
  }

  get process(): ServerProcess {
    if (this.#process === undefined) throw new Error(`${this.name} is not running`);
    return this.#process;
  }

  async start({ program, env = {} }: StartOptions = {}): Promise<void> {
    const { name, role, folder, onLine } = this.#options;
    this.program = program;
    this.#process = await startServerProcess({
      folder,
      ...(program !== undefined && { args: [program, 'start'] }),
      env: {
        ...this.#options.env,
        ROLE: role,
        MONGODB_URL: `mongodb://127.0.0.1:${this.toStore.port}/?directConnection=true`,
        REDIS_URL: `redis://127.0.0.1:${this.toRedis.port}`,
        ...env,
      },
      onLine: (line) => onLine(name, line),
    });
    this.front.target = Number(new URL(this.#process.url).port);
  }

  /** kill -9; resolves when it is gone. */
  async kill(): Promise<void> {
    const ending = this.process;
    this.#process = undefined;
    ending.kill('SIGKILL');
    await ending.exited;
  }

  /** SIGTERM; resolves with the exit code, null when it had to be killed. */
  async drain(): Promise<number | null> {
    const ending = this.process;
    this.#process = undefined;
    ending.kill('SIGTERM');
    const hung = setTimeout(() => ending.kill('SIGKILL'), drainPatienceMs);
    const code = await ending.exited;
    clearTimeout(hung);
    return code;
  }

  async remove(): Promise<void> {
    const left = this.#process;
    left?.kill('SIGKILL');
    await left?.exited;
    await Promise.all([this.toRedis.close(), this.toStore.close(), this.front.close()]);
  }
}

/** Whether the operating system still has a process of this id. */
export function isAlive(pid: number | undefined): boolean {
  // Of one that is not ours.
  if (pid === undefined) return true;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** For choosing one of them. */
export function asList<T>(list: readonly T[]): readonly [T, ...T[]] {
  const [first, ...others] = list;
  if (first === undefined) throw new Error('the list is empty');
  return [first, ...others];
}
