// Knows which plugin's code is running, and so which plugin an error belongs to that nobody caught. Not a
// sandbox: a plugin runs with the server's rights.
import { AsyncLocalStorage } from 'node:async_hooks';
import { sep } from 'node:path';

export interface Inhabitant {
  id: string;
  /** With symbolic links resolved. */
  dir: string;
}

interface Stay {
  plugin: Inhabitant;
  /** Fields of the line `push` that the plugin wrote during this call: see plugin-log.ts. */
  said: Record<string, unknown> | undefined;
}

/**
 * Faults that can be told apart: an unhandled rejection, a throw in a timer, an event or a callback, that
 * plugin code started, as Node carries the async context into both process events; and anything whose stack
 * names a plugin's folder. Faults that cannot: a callback of a native library that keeps no context and
 * throws without a stack; an endless loop; `process.abort`, `process.kill`, `process.reallyExit`; exhausted
 * memory. Those take the process down. Nor can a socket that a plugin opens by itself, instead of by
 * `ctx.connect`, be kept from an address.
 */
export class Realm {
  readonly #stays = new AsyncLocalStorage<Stay | undefined>();
  readonly #inhabitants: Inhabitant[] = [];

  /** From here on an error whose stack names the plugin's folder is its own. */
  admit(plugin: Inhabitant): void {
    this.#inhabitants.push(plugin);
  }

  /**
   * Runs a plugin's code: whatever it starts (timers, promises, events) stays marked as its own. `said`
   * gathers what it logs of a push.
   */
  enter<T>(plugin: Inhabitant, run: () => T, said?: Record<string, unknown>): T {
    return this.#stays.run({ plugin, said }, run);
  }

  /** Runs the server's code that a plugin called, so that its later failures are not blamed on the plugin. */
  leave<T>(run: () => T): T {
    return this.#stays.run(undefined, run);
  }

  /** Of the call that is running: undefined outside of plugins. */
  said(): Record<string, unknown> | undefined {
    return this.#stays.getStore()?.said;
  }

  /**
   * The plugin whose error this is: by where it was thrown, or by its stack. Undefined when no plugin is
   * known to be to blame.
   */
  blame(thrown: unknown): Inhabitant | undefined {
    const stack = stackOf(thrown);
    return this.#stays.getStore()?.plugin ?? this.#inhabitants.find(({ dir }) => stack.includes(dir + sep));
  }

  /** From now on `process.exit` throws when a plugin calls it. Returns the undoing. */
  guardExit(): () => void {
    const exit = process.exit.bind(process);
    const before = Object.getOwnPropertyDescriptor(process, 'exit') ?? { value: exit };
    process.exit = (code) => {
      const culprit = this.blame(new Error('process.exit'));
      if (culprit !== undefined) throw new Error(`The plugin ${culprit.id} called process.exit`);
      return exit(code);
    };
    return () => void Object.defineProperty(process, 'exit', before);
  }

  /**
   * From now on the global `fetch` rejects when a plugin calls it: only `ctx.fetch` is guarded and bounded.
   * Returns the undoing.
   */
  guardFetch(): () => void {
    const before = globalThis.fetch;
    globalThis.fetch = (...given) => {
      const culprit = this.#stays.getStore()?.plugin;
      if (culprit === undefined) return before(...given);
      return Promise.reject(new Error(`The plugin ${culprit.id} called the global fetch; it must call ctx.fetch`));
    };
    return () => void (globalThis.fetch = before);
  }
}

/** A thrown value may itself throw when it is looked at. */
function stackOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? (thrown.stack ?? '') : '';
  } catch {
    return '';
  }
}
