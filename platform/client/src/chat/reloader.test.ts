// Reading anew: one at a time, and one timer after a failure.
import { expect, test } from 'vitest';
import { createVirtualSurroundings } from '../../test/support/virtual-surroundings.ts';
import { CommandError } from '../command-error.ts';
import { createReloader } from './reloader.ts';

const lost = new CommandError({ code: 'connection_lost', message: 'lost', retry: 'same' });

test('a reading that fails is tried again after a while, once, also when it was asked for in the middle', async () => {
  const { clock, surroundings } = createVirtualSurroundings();
  let readings = 0;
  const reloader = createReloader({
    surroundings,
    read() {
      readings += 1;
      if (readings === 1) reloader.ask();
      return Promise.reject(lost);
    },
    failed: () => undefined,
  });
  reloader.ask();
  await clock.advance(0);
  expect(readings).toBe(2);
  expect(clock.pending()).toBe(1);

  await clock.advance(5000);
  expect(readings).toBe(3);
  reloader.pause();
  expect(clock.pending()).toBe(0);
});
