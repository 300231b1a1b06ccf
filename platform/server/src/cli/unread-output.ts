// Keeps a process up when nobody reads its output any more: `npm start | head`, or a terminal that was closed.
// The log does so by itself (pino); this is for the two streams of Node.

/** A pipe without a reader; a terminal that is gone. */
const nobodyReads: ReadonlySet<unknown> = new Set(['EPIPE', 'EIO']);

/** What is written from then on is lost, as the reader wanted. Any other error is thrown. */
export function allowUnreadOutput(streams: readonly NodeJS.EventEmitter[] = [process.stdout, process.stderr]): void {
  for (const stream of streams) {
    stream.on('error', (error: Error) => {
      if (!('code' in error && nobodyReads.has(error.code))) throw error;
    });
  }
}
