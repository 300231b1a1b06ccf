import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inspectorFlag, openCollector } from './collector.ts';

/** Drops something in its main thread and in a worker; each says when it was collected. */
const program = `
  import { Worker, isMainThread } from 'node:worker_threads';
  const where = isMainThread ? 'main thread' : 'worker';
  globalThis.registry = new FinalizationRegistry(() => console.log('collected in the ' + where));
  globalThis.registry.register({});
  setInterval(() => undefined, 1000);
  if (isMainThread) new Worker(new URL(import.meta.url)).once('online', () => console.log('ready'));
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'belfry-collector-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('an object that nobody refers to is collected in every thread', async () => {
  const logFile = join(folder, 'log');
  const log = (): string => readFileSync(logFile, 'utf8');
  writeFileSync(join(folder, 'program.mjs'), program);
  const output = openSync(logFile, 'a');
  const child = spawn(process.execPath, [inspectorFlag, 'program.mjs'], {
    cwd: folder,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  try {
    await expect.poll(log).toContain('ready');
    expect(log()).not.toContain('collected');
    const collector = await openCollector({ name: 'belfry', logFile });
    await collector.collect();
    await expect.poll(log).toContain('collected in the main thread');
    await expect.poll(log).toContain('collected in the worker');
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
    await expect(collector.collect()).rejects.toThrow('gone');
  } finally {
    child.kill('SIGKILL');
  }
});

test('a server that has no inspector is named', async () => {
  const logFile = join(folder, 'log');
  writeFileSync(logFile, '');
  await expect(openCollector({ name: 'belfry', logFile })).rejects.toThrow(inspectorFlag);
});
