// Tells failures of the disk or the file from failures of one statement. Not what is done about them:
// batch.ts and client.ts.

/** SQLITE_BUSY: somebody else holds a lock. */
export const busyCode = 5;

/** SQLITE_FULL: the disk, or the file's own bound, leaves no room. */
export const fullCode = 13;

/**
 * SQLite's primary result codes (sqlite.org/rescode.html) after which nothing can be stored for now: PERM,
 * BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB.
 */
const storageCodes = new Set([3, 5, 6, 7, 8, 10, 11, 13, 14, 15, 26]);

/** The primary result code of an error that node:sqlite threw; undefined for other errors. */
export function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

export function isStorageFailure(error: unknown): boolean {
  const code = primaryCode(error);
  return code !== undefined && storageCodes.has(code);
}
