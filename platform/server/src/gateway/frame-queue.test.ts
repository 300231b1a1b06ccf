// The order of one client's frames, and when its socket is not read.
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameQueue } from './frame-queue.ts';

function setUp() {
  const running: { frame: number; accepted: () => void; done: () => void }[] = [];
  const started: number[] = [];
  const calls: string[] = [];
  const queue = new FrameQueue<number>({
    async runFrame(frame, accepted) {
      started.push(frame);
      const { promise, resolve } = Promise.withResolvers<undefined>();
      running.push({ frame, accepted, done: () => resolve(undefined) });
      await promise;
    },
    frameQueueFull: () => void calls.push('full'),
    frameQueueHasRoom: () => void calls.push('room'),
  });
  return { queue, running, started, calls };
}

describe('FrameQueue', () => {
  it('starts frames in order, however they are accepted and done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 60 }), async (steps) => {
        const { queue, running, started } = setUp();
        for (let frame = 0; frame < 20; frame += 1) queue.push(frame);
        const unaccepted = (): number => started.length - accepted.size;
        const accepted = new Set<number>();
        for (const [pick, isDone] of steps) {
          const one = running[pick % running.length];
          if (one === undefined) break;
          if (isDone) {
            running.splice(running.indexOf(one), 1);
            one.done();
          } else one.accepted();
          accepted.add(one.frame);
          await turn();
          expect(unaccepted()).toBeLessThanOrEqual(1);
        }
        expect(started).toEqual(Array.from({ length: started.length }, (_, frame) => frame));
      }),
      { numRuns: 50 },
    );
  });

  it('says once that it is full and once that there is room, and is idle in the end', async () => {
    const { queue, running, started, calls } = setUp();
    for (let frame = 0; frame < 100; frame += 1) queue.push(frame);
    expect(calls).toEqual(['full']);
    let isIdle = false;
    const idle = queue.idle().then(() => (isIdle = true));
    while (running.length > 0) {
      expect(isIdle).toBe(false);
      running.shift()?.done();
      await turn();
    }
    await idle;
    expect([started.length, calls]).toEqual([100, ['full', 'room']]);
    await queue.idle();
  });

  it('forgets what waits when it is cleared', async () => {
    const { queue, running, started } = setUp();
    for (let frame = 0; frame < 5; frame += 1) queue.push(frame);
    queue.clear();
    running[0]?.done();
    await queue.idle();
    expect(started).toEqual([0]);
  });
});
