// Everything is looked at in time, with one timer.
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { Sweep } from './sweep.ts';

describe('Sweep', () => {
  it('looks when it was asked to, at least every 5 s, and no more after undefined', async () => {
    const clock = createVirtualClock();
    const sweep = new Sweep(clock);
    sweep.start();
    const looks: number[] = [];
    const answers = [600, Infinity, undefined];
    sweep.add({ check: () => (looks.push(clock.monotonic()), answers[looks.length - 1]) }, 1000);
    await clock.advance(60_000);
    expect(looks).toEqual([1000, 1750, 6750]);
    expect(clock.pending()).toBe(1);
    sweep.stop();
    expect(clock.pending()).toBe(0);
  });

  it('looks at many of the same moment in that moment', async () => {
    const clock = createVirtualClock();
    const sweep = new Sweep(clock);
    sweep.start();
    let looks = 0;
    for (let n = 0; n < 1000; n += 1) sweep.add({ check: () => void (looks += 1) }, 500);
    await clock.advance(500);
    expect(looks).toBe(1000);
    sweep.stop();
  });
});
