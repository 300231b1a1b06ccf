// Holds the lock of the data file and looks whether its file is still there: without it a second process would
// take the data for free. Taking the lock itself is database.ts.

import { existsSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { lockFile, lockFileOf } from './database.ts';
import { StoreOpenError } from './open-error.ts';

export type LockNews = { state: 'made_anew' | 'taken'; message: string };

export class LockWatch {
  /** Whether the lock file was there already, so that the lock says that nobody else has the data file. */
  readonly wasThere: boolean;
  readonly #file: string;
  #lock: DatabaseSync;
  #inode: string | undefined;

  /** Throws `StoreOpenError`. */
  constructor(file: string) {
    this.wasThere = existsSync(lockFileOf(file));
    this.#file = file;
    this.#lock = lockFile(file);
    this.#inode = inodeOf(lockFileOf(file));
  }

  /** Undefined when all is as it was. */
  look(): LockNews | undefined {
    const path = lockFileOf(this.#file);
    if (inodeOf(path) === this.#inode) return undefined;
    try {
      const anew = lockFile(this.#file);
      this.#lock.close();
      this.#lock = anew;
      this.#inode = inodeOf(path);
      return { state: 'made_anew', message: `${path} was deleted while the server runs; it was made anew` };
    } catch (error) {
      if (!(error instanceof StoreOpenError)) throw error;
      const message = `${path} was deleted while the server runs, and ${error.message}; stop one of the two`;
      return { state: 'taken', message };
    }
  }

  close(): void {
    this.#lock.close();
  }
}

function inodeOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : String(found.ino);
}
