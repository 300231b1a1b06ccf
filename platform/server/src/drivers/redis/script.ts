// A Lua script from a file, run by its digest: the server gets its text once. What a script does stands in the
// header of its file.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RedisConnection } from './connect.ts';

export interface ScriptCall {
  /** In a Redis Cluster all of one slot. */
  keys: readonly string[];
  args: readonly (string | number)[];
}

export class Script {
  readonly #text: string;
  readonly #digest: string;

  constructor(file: URL) {
    this.#text = readFileSync(file, 'utf8');
    this.#digest = createHash('sha1').update(this.#text).digest('hex');
  }

  /**
   * A server that does not know the script, for it is new or has restarted, is sent its text. It has then done
   * nothing yet, so this runs the script once.
   */
  async run(connection: RedisConnection, { keys, args }: ScriptCall): Promise<unknown> {
    try {
      return await connection.evalsha(this.#digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await connection.eval(this.#text, keys.length, ...keys, ...args);
    }
  }
}
