// Waits until a server has finished its work. Work after the last delivery (storing acknowledgements, writing
// the journey) belongs to the load.
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMicrosOf } from './process-usage.ts';

/** Longer than anything that Belfry gathers before it writes it. */
const stretchMs = 500;
const mostStretches = 60;
/**
 * Of one core. A server that keeps connections alive is never quite still: pings to ten thousand clients of
 * Socket.IO take 4 %.
 */
const stillShare = 0.1;

/**
 * Resolves after half a second in which the process did next to nothing; rejects after half a minute without
 * one.
 */
export async function quiet(pid: number): Promise<void> {
  for (let stretch = 0; stretch < mostStretches; stretch += 1) {
    const before = cpuMicrosOf(pid);
    await sleep(stretchMs);
    if (cpuMicrosOf(pid) - before <= stretchMs * 1000 * stillShare) return;
  }
  throw new Error(`the server is still at work ${(mostStretches * stretchMs) / 1000} s after the load ended`);
}
