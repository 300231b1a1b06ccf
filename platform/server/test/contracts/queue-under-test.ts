// A queue as its contracts want it, and what each of them does with one.

import { randomUUID } from 'node:crypto';
import { onTestFinished, vi } from 'vitest';
import type { Queue } from '../../src/ports/queue.ts';

export interface QueueUnderTest {
  queue: Queue;
  /** Lets so much time pass for the queue: on its virtual clock, or by waiting. */
  pass(ms: number): Promise<void>;
  /** Ms on a clock that goes on with `pass` alone, or by itself where that waits. */
  now(): number;
  /** Moves the wall clock alone; only of queues in virtual time. */
  jump?(ms: number): void;
  /** Ends the queue as kill -9 does, and opens another on what is kept. */
  kill(): Promise<Queue>;
  dispose(): Promise<void>;
}

/** One that ends with the test, and a name that no other test has. */
export async function startQueue(create: () => Promise<QueueUnderTest>): Promise<QueueUnderTest & { name: string }> {
  const made = await create();
  onTestFinished(() => made.dispose());
  return { ...made, name: `q-${randomUUID()}` };
}

/** Waits for what happens by itself, without time having to pass. */
export function soon(check: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 5 });
}

/**
 * What waits so many ms does so by the clock of its queue, which may be another program's: whole
 * milliseconds, and some more where the two clocks differ. Only the least is compared: a machine that has
 * much to do is late.
 */
export function leastMs(delayMs: number): number {
  return delayMs * 0.98 - 5;
}
