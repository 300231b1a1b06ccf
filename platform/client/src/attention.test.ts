import { afterEach, expect, test } from 'vitest';
import { connectBelfry, startBelfry, type StartedBelfry } from '../test/support/started-belfry.ts';
import { createVirtualSurroundings, type VirtualSurroundings } from '../test/support/virtual-surroundings.ts';
import type { BelfryOptions } from './types.ts';

const running: StartedBelfry['belfry'][] = [];
afterEach(() => Promise.all(running.splice(0).map((belfry) => belfry.stop())));

async function connect(options?: Partial<BelfryOptions>, virtual?: VirtualSurroundings): Promise<StartedBelfry> {
  const started = await connectBelfry(options, virtual ? { virtual } : {});
  running.push(started.belfry);
  return started;
}

/** The attention that heartbeats reported after the first `before` ones. */
function reported({ virtual }: StartedBelfry, before = 0): unknown[] {
  const frames = virtual.socket().frames('heartbeat').slice(before);
  return frames.map(({ data }) => data['attended'] as unknown);
}

test('a window that has the focus when the page begins is attended, and connect says so', async () => {
  const { belfry, virtual } = await connect();
  expect(virtual.socket().frame('connect').data).toMatchObject({ visible: true, attended: true });
  expect(belfry.snapshot().attended).toBe(true);
});

test('a window that has not the focus is not attended before it is touched, and then says so at once', async () => {
  const virtual = createVirtualSurroundings();
  virtual.hasFocus = false;
  const started = await connect({}, virtual);
  expect(virtual.socket().frame('connect').data).toMatchObject({ visible: true, attended: false });
  expect(started.belfry.snapshot().attended).toBe(false);
  virtual.touch();
  expect(reported(started)).toEqual([true]);
  expect(started.belfry.snapshot().attended).toBe(true);
});

test('a window that nobody touches for a minute says at once that nobody is there, though it can be seen', async () => {
  const started = await connect();
  const { virtual, belfry } = started;
  await virtual.clock.advance(20_000);
  virtual.touch();
  await virtual.clock.advance(59_999);
  const before = virtual.socket().frames('heartbeat').length;
  expect(belfry.snapshot().attended).toBe(true);
  await virtual.clock.advance(1);
  expect(reported(started, before)).toEqual([false]);
  expect(virtual.socket().frame('heartbeat').data).toMatchObject({ visible: true });
  expect(belfry.snapshot().attended).toBe(false);
});

test('a window that is touched all the time sends nothing more for it', async () => {
  const started = await connect({}, undefined);
  for (let second = 0; second < 40; second += 1) {
    started.virtual.touch();
    await started.virtual.clock.advance(1000);
  }
  expect(reported(started)).toEqual([]);
});

test('hidden it is attended by nobody; shown again it is, where it was touched of late', async () => {
  const started = await connect();
  const { virtual, belfry } = started;
  virtual.setVisible(false);
  expect(belfry.snapshot().attended).toBe(false);
  virtual.touch();
  expect(belfry.snapshot().attended).toBe(false);
  virtual.setVisible(true);
  expect(belfry.snapshot().attended).toBe(true);
  expect(reported(started)).toEqual([false, true]);
});

test.each<[string, number | undefined, number | undefined, number]>([
  ['as the server says', undefined, 20_000, 20_000],
  ['as the application says, whatever the server does', 5000, 20_000, 5000],
  ['after a minute where nobody says anything', undefined, undefined, 60_000],
])('the time without input is %s', async (_name, attendedAfterMs, fromServer, expected) => {
  const virtual = createVirtualSurroundings();
  if (fromServer !== undefined) virtual.pages.client = { attendedAfterMs: fromServer };
  const { belfry } = await connect(attendedAfterMs === undefined ? {} : { attendedAfterMs }, virtual);
  virtual.touch();
  await virtual.clock.advance(expected - 1);
  expect(belfry.snapshot().attended).toBe(true);
  await virtual.clock.advance(60_000);
  expect(belfry.snapshot().attended).toBe(false);
});

test('with Infinity to be seen is enough, without any input', async () => {
  const virtual = createVirtualSurroundings();
  virtual.hasFocus = false;
  const { belfry } = await connect({ attendedAfterMs: Infinity }, virtual);
  expect(virtual.socket().frame('connect').data).toMatchObject({ attended: true });
  await virtual.clock.advance(3_600_000);
  expect(belfry.snapshot().attended).toBe(true);
  virtual.setVisible(false);
  expect(belfry.snapshot().attended).toBe(false);
});

test('a user who is known to be there is there until the opposite is said, and input counts after that', async () => {
  const { belfry, virtual } = await connect();
  belfry.attend(true);
  await virtual.clock.advance(3_600_000);
  expect(belfry.snapshot().attended).toBe(true);
  belfry.attend(false);
  expect(belfry.snapshot().attended).toBe(false);
  belfry.attend();
  expect(belfry.snapshot().attended).toBe(true);
  await virtual.clock.advance(60_000);
  expect(belfry.snapshot().attended).toBe(false);
});

test('the clock of the device, set back or forward, changes nothing', async () => {
  const { belfry, virtual } = await connect();
  virtual.clock.jump(-3_600_000);
  await virtual.clock.advance(59_999);
  virtual.clock.jump(7_200_000);
  expect(belfry.snapshot().attended).toBe(true);
  await virtual.clock.advance(1);
  expect(belfry.snapshot().attended).toBe(false);
});

test('attention is known without a connection too, and nothing is left after stop', async () => {
  const { belfry, virtual } = await startBelfry({}, createVirtualSurroundings({ page: '/login' }));
  expect(belfry.snapshot().attended).toBe(true);
  await virtual.clock.advance(60_000);
  expect(belfry.snapshot().attended).toBe(false);
  virtual.touch();
  await belfry.stop();
  expect([virtual.clock.pending(), virtual.listeners()]).toEqual([0, 0]);
});
