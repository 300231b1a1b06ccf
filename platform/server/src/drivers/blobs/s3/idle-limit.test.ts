// A body that is read with a limit ends when its sender is silent, and only then.

import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test, vi } from 'vitest';
import { createVirtualClock } from '../../../../test/support/virtual-clock.ts';
import { withIdleLimit } from './idle-limit.ts';

const idleMs = 1000;

function start() {
  const clock = createVirtualClock();
  const body = new PassThrough();
  return { clock, body, out: withIdleLimit(body, { clock, idleMs }) };
}

test('a sender that pauses for less than the limit, and often, is read to the end', async () => {
  const { clock, body, out } = start();
  const read = buffer(out);
  for (let piece = 0; piece < 5; piece += 1) {
    body.write('x');
    await clock.advance(idleMs - 1);
  }
  body.end();
  expect(String(await read)).toBe('xxxxx');
  expect(clock.pending()).toBe(0);
});

test('a silent sender ends the reading, and is let go', async () => {
  const { clock, body, out } = start();
  body.write('x');
  const read = expect(buffer(out)).rejects.toThrow('did not finish within 1000 ms');
  await clock.advance(idleMs);
  await read;
  expect([body.destroyed, clock.pending()]).toEqual([true, 0]);
});

test.each([
  ['more is to come', 40],
  ['all has come', 1],
])('a reader who takes nothing for longer than the limit gets all of it later, when %s', async (_name, pieces) => {
  const { clock, body, out } = start();
  const content = Buffer.alloc(pieces * 65_536, 'x');
  Readable.from(
    Array.from({ length: pieces }, (_, index) => content.subarray(index * 65_536, (index + 1) * 65_536)),
  ).pipe(body);
  await vi.waitFor(() => expect(out.readableLength).toBeGreaterThan(0));
  await clock.advance(10 * idleMs);
  expect((await buffer(out)).equals(content)).toBe(true);
  expect(clock.pending()).toBe(0);
});

test('a reader who goes lets the sender go', async () => {
  const { clock, body, out } = start();
  out.destroy();
  await vi.waitFor(() => expect(body.destroyed).toBe(true));
  expect(clock.pending()).toBe(0);
});

test('an error of the sender is the error of the reading', async () => {
  const { clock, body, out } = start();
  const read = expect(buffer(out)).rejects.toThrow('torn');
  body.destroy(new Error('torn'));
  await read;
  expect(clock.pending()).toBe(0);
});
