// A Lua script from files, run by its digest: the server gets its text once. What a script does stands in the
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

  /** The functions of a file before the last are known in those after it. */
  constructor(...files: readonly URL[]) {
    this.#text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
    this.#digest = createHash('sha1').update(this.#text).digest('hex');
  }

  /**
   * A server that does not know the script, for it is new or has restarted, is sent its text. It has then done
   * nothing yet, so this runs the script once, but after commands that were sent meanwhile.
   */
  async run(connection: RedisConnection, call: ScriptCall): Promise<unknown> {
    try {
      return await connection.evalsha(this.#digest, call.keys.length, ...call.keys, ...call.args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await this.runInTurn(connection, call);
    }
  }

  /** Sends the text in any case, so that commands sent after this are done after it. */
  async runInTurn(connection: RedisConnection, { keys, args }: ScriptCall): Promise<unknown> {
    return connection.eval(this.#text, keys.length, ...keys, ...args);
  }
}
