// A queue as its contracts want it, and what each of them does with one.

import { randomUUID } from 'node:crypto';
import { onTestFinished, vi } from 'vitest';
import type { Queue } from '../../src/ports/queue.ts';

export interface QueueUnderTest {
  queue: Queue;
  /** Lets so much time pass for the queue: on its virtual clock, or by waiting. */
  pass(ms: number): Promise<void>;
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
  return vi.waitFor(check, { timeout: 5000, interval: 5 });
}
