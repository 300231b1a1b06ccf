// How much a server allocated on its JavaScript heaps, read from the lines that `--trace-gc` writes. Memory
// outside of the heaps, such as buffers, is not in it.
import { readFileSync, statSync } from 'node:fs';

/** `[pid:0xisolate] 1234 ms: Scavenge 15.2 (18.0) -> 10.1 (19.0) MB, ...` */
const collection =
  /\[\d+:(0x[0-9a-f]+)(?::\d+)?\].*? ms: [^\d\n]*?(\d+\.\d+) \(\d+\.\d+\) -> (\d+\.\d+) \(\d+\.\d+\) MB/g;

/**
 * Counts from now on; the function that it returns gives the bytes since then, or undefined when the server
 * reports no collection. Allocations after a heap's last collection are not known, nor those before its
 * first.
 */
export function bytesAllocated(logFile: string): () => number | undefined {
  const from = statSync(logFile).size;
  return () => {
    const text = readFileSync(logFile).subarray(from).toString('latin1');
    // Each thread has a heap of its own.
    const left = new Map<string, number>();
    let allocated: number | undefined;
    for (const [, isolate = '', before, after] of text.matchAll(collection)) {
      const known = left.get(isolate);
      if (known !== undefined) allocated = (allocated ?? 0) + Number(before) - known;
      left.set(isolate, Number(after));
    }
    return allocated === undefined ? undefined : allocated * 2 ** 20;
  };
}
