import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bytesAllocated } from './allocation.ts';

const megabyte = 2 ** 20;
let folder: string;
let log: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'belfry-'));
  log = join(folder, 'server.log');
  writeFileSync(log, '{"msg":"listening"}\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As Node 24 writes it. */
function collection(isolate: string, before: number, after: number): string {
  return `[42:${isolate}:0]     1034 ms: Scavenge ${before.toFixed(1)} (80.0) -> ${after.toFixed(1)} (82.0) MB, pooled: 0 MB, 1.2 / 0.0 ms  (average mu = 1.000) task; \n`;
}

test('the growth of a heap between collections was allocated, each thread by itself', () => {
  appendFileSync(log, collection('0xa', 90, 10));
  const allocated = bytesAllocated(log);
  appendFileSync(log, collection('0xa', 20, 10));
  appendFileSync(log, collection('0xb', 5, 2));
  appendFileSync(log, collection('0xa', 26, 12));
  appendFileSync(log, collection('0xb', 6, 2));
  expect(allocated()).toBe((16 + 4) * megabyte);
});

test('a server that reports no collection has no number', () => {
  expect(bytesAllocated(log)()).toBeUndefined();
});
