// Notices a data file that went back, lost its end, or is another one than before: by a file beside it that
// says what was stored last. What then happens to the logs is log-life.ts; when it is asked, worker.ts.

import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { dataId } from './log-life.ts';
import { number, text } from './row.ts';

/** Padded to this, so that each writing takes the place of the one before it whole. */
const fileBytes = 2048;

interface Position {
  /** `dataId` of the data file. */
  data: string;
  /** The inode of the data file: a copy has another. */
  inode: string;
  /** The message that was stored last, as far as it is still there; null in an installation without any. */
  newest: NewestMessage | null;
}

interface NewestMessage {
  app: string;
  stream: string;
  seq: number;
  id: string;
}

export function positionFileOf(file: string): string {
  return `${file}.position`;
}

/**
 * Why the data file is not, or no longer, the one that this folder had; undefined when it is, or when nothing
 * is known of one before it.
 */
export function whyAnother(db: DatabaseSync, file: string): string | undefined {
  const position = readPosition(positionFileOf(file));
  const id = dataId(db);
  // Of before there were position files, or new.
  if (id === undefined) return position === undefined ? undefined : 'another data file was here before';
  if (position === undefined) return 'it came here without its position file';
  if (position.data !== id) return 'it is another data file than was here before, or an earlier state of it';
  if (position.newest !== null && !isThere(db, position.newest)) {
    const { app, stream, seq } = position.newest;
    return `it has lost what was stored last, message ${seq} of ${stream} of the app ${app}`;
  }
  return position.inode === inodeOf(file) ? undefined : 'it is a copy';
}

/**
 * Keeps the file up to date. Written after each commit and never flushed: it must not be ahead of the data
 * file, and outlives the process all the same. A power cut that takes its last moments away takes none of the
 * data file's.
 */
export class PositionFile {
  readonly #newest;
  readonly #descriptor: number;
  readonly #of: Pick<Position, 'data' | 'inode'>;
  #written = '';

  constructor(db: DatabaseSync, file: string) {
    // Rows are numbered in the order in which they came.
    this.#newest = db.prepare('SELECT app, stream, seq, id FROM messages ORDER BY rowid DESC LIMIT 1');
    this.#of = { data: dataId(db) ?? '', inode: inodeOf(file) };
    const path = positionFileOf(file);
    // Not emptied: a kill between that and the first writing would leave no position.
    closeSync(openSync(path, 'a', 0o600));
    this.#descriptor = openSync(path, 'r+');
    this.update();
  }

  update(): void {
    const row = this.#newest.get();
    const newest =
      row === undefined
        ? null
        : { app: text(row, 'app'), stream: text(row, 'stream'), seq: number(row, 'seq'), id: text(row, 'id') };
    const position = JSON.stringify({ ...this.#of, newest } satisfies Position);
    if (position === this.#written) return;
    try {
      const bytes = Buffer.alloc(fileBytes, ' ');
      bytes.write(position);
      writeSync(this.#descriptor, bytes, 0, fileBytes, 0);
      this.#written = position;
    } catch {
      // What was committed stays so. A position that is behind notices less, and says nothing wrong.
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Undefined when there is none, or none that can be read. */
function readPosition(path: string): Position | undefined {
  try {
    const { data, inode, newest } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Position>;
    if (typeof data !== 'string' || typeof inode !== 'string') return undefined;
    return { data, inode, newest: newest ?? null };
  } catch {
    return undefined;
  }
}

function isThere(db: DatabaseSync, { app, stream, seq, id }: NewestMessage): boolean {
  const found = db.prepare('SELECT 1 FROM messages WHERE app = ? AND stream = ? AND seq = ? AND id = ?');
  return found.get(app, stream, seq, id) !== undefined;
}

function inodeOf(file: string): string {
  return String(statSync(file, { bigint: true }).ino);
}
