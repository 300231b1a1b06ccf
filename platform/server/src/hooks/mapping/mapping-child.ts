// One mapping process as the server sees it: started, asked one thing at a time, killed when it does not
// answer. Which question goes to which: mapper.ts.

import { fork, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { maxRuns } from './realm.ts';
import type { MappingLimits, Question, Reply } from './wire.ts';

export interface MappingChild {
  /**
   * Rejects when the process ended before it answered; it is then of no more use. Not to be called again
   * before it resolved or rejected.
   */
  ask(question: Question): Promise<Exclude<Reply, { ready: true }>>;
  readonly alive: boolean;
  /** Resolves when it is gone. */
  kill(): Promise<void>;
}

const program = fileURLToPath(new URL('./mapping-process.ts', import.meta.url));
const library = fileURLToPath(import.meta.resolve('jsonata'));

/**
 * The process itself takes about 40 MiB; what a mapping makes is garbage a moment later. Beyond it the
 * process aborts, and with it nothing else.
 */
const heapMiB = 64;
/** Starting takes a tenth of a second on an idle machine. */
const startMs = 15_000;
/** The realm ends a run by itself; a process that is this much later hangs in one uninterruptible step. */
const graceMs = 2000;

/**
 * A process, not a thread: one allocation that does not fit makes V8 abort the process it happens in, and a
 * thread's heap limit does not keep that from being the server. It gets no environment, and may read its code
 * but no other file, start nothing and write nothing.
 */
export async function startMappingChild(limits: MappingLimits): Promise<MappingChild> {
  const readable = [dirname(program), dirname(library), ...packageFiles(program), ...packageFiles(library)];
  const child = fork(program, [library, JSON.stringify(limits)], {
    env: {},
    execArgv: [
      `--max-old-space-size=${heapMiB}`,
      '--max-semi-space-size=4',
      '--permission',
      ...readable.map((path) => `--allow-fs-read=${path}`),
    ],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  yieldToServer(child);
  child.unref();
  child.channel?.unref();
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    // It never came to be.
    child.once('error', () => resolve());
  });
  let alive = true;
  void gone.then(() => (alive = false));

  const first = await nextReply(child, startMs);
  if (!('ready' in first)) throw new Error('the mapping process began with something else');
  return {
    async ask(question) {
      const answered = nextReply(child, maxRuns * limits.runMs + graceMs);
      child.send(question);
      const reply = await answered;
      if ('ready' in reply) throw new Error('the mapping process answered with something else');
      return reply;
    },
    get alive() {
      return alive;
    },
    async kill() {
      child.kill('SIGKILL');
      // This process, which waits for its end, must not be gone before it.
      if (alive) child.ref();
      await gone;
    },
  };
}

/**
 * A mapping that never ends takes no time from the server, where there are fewer processors than processes.
 */
function yieldToServer({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, 10);
  } catch {
    // It ended already, or the system does not let us: then it has the priority of all.
  }
}

/**
 * Rejects, and kills the process, when nothing came in time; rejects when the process ended. Keeps the event
 * loop alive while it waits.
 */
function nextReply(child: ChildProcess, withinMs: number): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const finish = (run: () => void): void => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onEnd).off('error', onEnd);
      run();
    };
    const onMessage = (reply: unknown): void => finish(() => resolve(reply as Reply));
    const onEnd = (how?: unknown): void =>
      finish(() =>
        reject(new Error(`the mapping process ended (${how instanceof Error ? how.message : String(how)})`)),
      );
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      onEnd('no answer in time');
    }, withinMs);
    child.once('message', onMessage).once('exit', onEnd).once('error', onEnd);
  });
}

/** Where Node looks whether a file is a module: every package.json above it. */
function packageFiles(file: string): string[] {
  const files: string[] = [];
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    files.push(join(folder, 'package.json'));
  }
  return files;
}
