// Fails a test file that leaves a socket, server, timer, worker or child process behind. Finding where it was
// made is vitest's --detectAsyncLeaks.
import { subscribe } from 'node:diagnostics_channel';
import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { afterAll, expect } from 'vitest';

// Resources that a test can forget to close. Pipes and message ports are left out: the runner's own channels
// are such.
const watched = new Set(['TCPServerWrap', 'TCPSocketWrap', 'UDPWrap', 'ProcessWrap', 'FSEventWrap', 'Timeout']);

// A handle that was told to close does so within a few turns of the event loop; a second is ample on a busy
// machine.
const closingMs = 1000;

interface Watch {
  /** Worker threads are not among the resources that Node lists, so they are recorded as they are made. */
  workers: Set<Worker>;
  /** The handles that a file may leave: those that were open when the process began with its first file. */
  allowed: Map<string, number>;
}

// This module is run for each file, and several files may share the process.
const ofProcess = Symbol.for('belfry: leak check');
const watch = (Reflect.get(globalThis, ofProcess) as Watch | undefined) ?? beginWatch();

// Registered first, so it runs last: after every afterAll of the file.
afterAll(async () => {
  const deadline = performance.now() + closingMs;
  while (leaked().length > 0 && performance.now() < deadline) await setImmediate();
  const left = leaked();
  // The next file of the process is not to blame for them.
  if (left.length > 0) watch.allowed = activeHandles(watch.workers);
  expect(
    left,
    'handles left open by this file; `npx vitest run --detectAsyncLeaks FILE` shows where they were made',
  ).toEqual([]);
});

function beginWatch(): Watch {
  const workers = new Set<Worker>();
  subscribe('worker_threads', (message) => {
    const { worker } = message as { worker: Worker };
    workers.add(worker);
    worker.once('exit', () => workers.delete(worker));
  });
  const begun = { workers, allowed: activeHandles(workers) };
  Reflect.set(globalThis, ofProcess, begun);
  return begun;
}

function leaked(): string[] {
  return [...activeHandles(watch.workers)]
    .map(([type, count]) => ({ type, extra: count - (watch.allowed.get(type) ?? 0) }))
    .filter(({ extra }) => extra > 0)
    .map(({ type, extra }) => `${extra} ${type}`);
}

function activeHandles(workers: ReadonlySet<Worker>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) {
    if (watched.has(type)) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  if (workers.size > 0) counts.set('Worker', workers.size);
  return counts;
}
