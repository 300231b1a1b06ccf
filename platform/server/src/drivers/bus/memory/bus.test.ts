// The memory driver keeps the contract of the bus, and its switches do what they say.

import { afterEach, expect, test, vi } from 'vitest';
import { busContract } from '../../../../test/contracts/bus.contract.ts';
import { newApp } from '../../../../test/support/samples.ts';
import { createVirtualClock } from '../../../../test/support/virtual-clock.ts';
import { createMemoryBusHub } from './create-memory-bus-hub.ts';

busContract('memory', async () => {
  const hub = createMemoryBusHub();
  return { connect: async (node) => hub.connect(node), dispose: async () => {} };
});

const clock = createVirtualClock();
const app = newApp();
const hub = createMemoryBusHub({ clock });
const [from, to] = [hub.connect('a'), hub.connect('b')];
let heard: unknown[] = [];
to.on('event', (_, body) => heard.push(body));
await to.follow(app);
const send = (body: unknown): Promise<void> => from.publish(app, { type: 'event', body });
afterEach(() => void (heard = []));

test('dropped messages are lost and the next are not', async () => {
  hub.dropNext(2);
  for (const body of [1, 2, 3]) await send(body);
  await vi.waitFor(() => expect(heard).toEqual([3]));
});

test('a dropped probe is not heard', async () => {
  hub.dropNext(1);
  const probe = from.probe(500);
  await clock.advance(500);
  expect(await probe).toBeUndefined();
});

test('a bus that is down refuses, says so, and works again when it is up', async () => {
  const states: string[] = [];
  from.onState((state) => states.push(state));
  hub.down();
  await expect(send(1)).rejects.toMatchObject({ code: 'unavailable' });
  expect(await from.probe(500)).toBeUndefined();
  expect(from.state()).toBe('down');
  hub.up();
  await send(2);
  await vi.waitFor(() => expect(heard).toEqual([2]));
  expect(states).toEqual(['down', 'up']);
});

test('one node that is cut off misses what the others hear', async () => {
  const third = hub.connect('c');
  const heardByThird: unknown[] = [];
  third.on('event', (_, body) => heardByThird.push(body));
  await third.follow(app);
  hub.down('b');
  await send(1);
  await vi.waitFor(() => expect(heardByThird).toEqual([1]));
  hub.up('b');
  expect(heard).toEqual([]);
  await third.close();
});

test('held messages arrive in order when they are released', async () => {
  hub.hold();
  for (const body of [1, 2]) await send(body);
  await clock.advance(10);
  expect(heard).toEqual([]);
  hub.release();
  await vi.waitFor(() => expect(heard).toEqual([1, 2]));
});
